/** A driver migrates the process's memory to its device: setup, copy by the device's engine, pages, finalize. */
import {
  and,
  Await,
  Bool,
  Choose,
  Cover,
  current,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  not,
  or,
  procedure,
  Source,
  Step,
  threadPer,
  yes,
} from 'hmmcheck'
import { Device, DevicePte, down_read, up_read, Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { invalidate_range_start_own } from './brackets.ts'
import { remove_migration_ptes, unlock_and_put } from './finalize.ts'
import { api, collect_bracket, device_map, map_by_fault, migrate_mmap_sem } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import { migrate_vma_pages } from './pages.ts'
import {
  mapped_after_collect,
  migrate_device_unmap,
  migrate_vma_collect_pmd,
  migrate_vma_prepare,
  Todo,
} from './setup.ts'
import {
  contents,
  device_memory,
  driver,
  migrate_vma,
  Migrator,
  mm,
  open_brackets,
  sequence_moved,
  trylock_page,
} from './state.ts'

/** mmu_interval_read_begin(): waits while a bracket is open, and samples the sequence. */
const mmu_interval_read_begin = () =>
  Step('mmu_interval_read_begin()', () => {
    Await(every(Va, (va) => open_brackets.at(va).isEmpty))
    sequence_moved.remove(current)
  })

/**
 * A page of device memory, and the copy into it: by the device, while no CPU looks. Or there is none, or the copy
 * fails, and dst stays empty.
 */
const alloc_and_copy = procedure(
  'alloc_and_copy',
  [Va],
  (va) => {
    const args = migrate_vma.at(current).at(va)
    Step('zone_device_page_init(); the device copies', () => {
      If(device_memory.has_free_page(), () => {
        const copied = Choose('copied', Bool)
        If(copied, () => {
          const dpage = device_memory.alloc_page()
          trylock_page(dpage)
          Ghost(() => {
            IfSome(args.src, (page) => {
              Cover(newest_value.reached, isSomeAnd(args.src, contents.is_newest))
              contents.copy(dpage, page)
            })
          })
          args.dst.set(dpage)
        })
      })
    })
  },
  { source: 'drivers/gpu/drm/nouveau/nouveau_dmem.c nouveau_dmem_migrate_copy_one' },
)

/** The driver maps what it has copied and may write, before the page table has it. */
const map_destination = procedure(
  'map_destination',
  [Va],
  (va) => {
    const args = migrate_vma.at(current).at(va)
    Step('mutex_lock(&driver->update): driver->pte[va] = dst', () => {
      const unchanged = or(
        device_map.eq('unchecked'),
        and(not(sequence_moved.has(current)), open_brackets.at(va).isEmpty),
      )
      If(and(args.migrate, args.write, unchanged), () => {
        IfSome(args.dst, (page) =>
          ForEach(Device, (device) => driver.at(device).pte.at(va).set(DevicePte.present({ page }))),
        )
      })
    })
  },
  { source: '6.1 lib/test_hmm.c dmirror_migrate_finalize_and_map' },
)

export const migrate_to_device = procedure(
  'migrate_to_device',
  [],
  () => {
    const todo = Local('todo', Todo)
    Step('the driver wants the range in device memory', () => {
      returned_unlocked()
      todo.clear()
    })
    If(and(not(map_by_fault), device_map.eq('rechecked')), mmu_interval_read_begin)
    If(migrate_mmap_sem, () => down_read(mm.mmap_sem))

    Step('migrate_vma_collect(): mmu_notifier_invalidate_range_start(MMU_NOTIFY_MIGRATE)', () =>
      ForEach(Va, (va) => invalidate_range_start_own(va, collect_bracket)),
    )
    ForEach(Va, (va) => migrate_vma_collect_pmd(va, 'system', todo))
    If(api.eq('callbacks'), () => ForEach(Va, (va) => If(todo.has(va), () => migrate_vma_prepare(va, todo))))
    ForEach(Va, (va) => If(todo.has(va), () => migrate_device_unmap(va, todo, mapped_after_collect)))
    If(and(not(map_by_fault), device_map.eq('rechecked-late')), mmu_interval_read_begin)

    ForEach(Va, (va) => If(todo.has(va), () => alloc_and_copy(va)))
    ForEach(Va, (va) => If(todo.has(va), () => migrate_vma_pages(va, yes)))
    If(not(map_by_fault), () => ForEach(Va, (va) => If(todo.has(va), () => map_destination(va))))
    ForEach(Va, (va) => {
      If(todo.has(va), () => {
        remove_migration_ptes(va)
        unlock_and_put(va)
      })
    })
    Step('mmap_read_unlock(mm)', () => {
      todo.clear()
      If(migrate_mmap_sem, () => up_read(mm.mmap_sem))
    })
  },
  { source: '6.1 drivers: migrate_vma_setup(), migrate_vma_pages(), migrate_vma_finalize(); 4.14: migrate_vma()' },
)

export const migrate = threadPer(Migrator, 'migrate', () => {
  Loop(() => {
    Idle()
    Source('a driver', () => migrate_to_device())
  })
})
