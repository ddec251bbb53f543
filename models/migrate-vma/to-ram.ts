/**
 * The way back: a CPU faults on device memory, and its owner migrates it to system memory; or the driver evicts what
 * it has.
 */
import {
  and,
  Bool,
  Choose,
  Cover,
  current,
  Ghost,
  Idle,
  If,
  IfIs,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  no,
  not,
  oneOf,
  or,
  procedure,
  ref,
  Source,
  Step,
  thread,
  yes,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { invalidate_range_start_own } from './brackets.ts'
import { remove_migration_ptes, unlock_and_put } from './finalize.ts'
import { api, collect_bracket, failed_copy_clears_dst, page_lock_fix } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import { migrate_vma_pages } from './pages.ts'
import {
  mapped_after_collect,
  migrate_device_unmap,
  migrate_vma_collect_pmd,
  migrate_vma_prepare,
  Todo,
} from './setup.ts'
import { alloc_page, child, contents, get_page, has_free_page, migrate_vma, mm, trylock_page } from './state.ts'

/** vm_fault_t: what a fault is answered with. Whoever gets 0 tries its access again. */
export const VmFault = oneOf('0', 'VM_FAULT_SIGBUS', 'VM_FAULT_OOM', 'VM_FAULT_SIGSEGV').as('ret')

/** A page of system memory, and the copy into it. Or there is none, or the copy fails: dst stays empty. */
const alloc_and_copy_to_ram = procedure(
  'alloc_and_copy_to_ram',
  [Va, ref(VmFault)],
  (va, ret) => {
    const args = migrate_vma.at(current).at(va)
    Step('alloc_page_vma(); the device copies', () => {
      ret.set('VM_FAULT_SIGBUS')
      If(has_free_page(), () => {
        const copied = Choose('copied', Bool)
        If(or(copied, not(failed_copy_clears_dst)), () => {
          const dpage = alloc_page()
          trylock_page(dpage)
          Ghost(() => {
            IfSome(args.src, (page) => {
              Cover(newest_value.reached, isSomeAnd(args.src, contents.is_newest))
              If(copied, () => contents.copy(dpage, page)).Else(() => contents.spoil(dpage, va))
            })
          })
          args.dst.set(dpage)
          If(copied, () => ret.set('0'))
        })
      })
    })
  },
  { source: '6.1 drivers/gpu/drm/nouveau/nouveau_dmem.c nouveau_dmem_fault_copy_one' },
)

/** Moves to system memory the page that is ready to be copied. */
const copy_and_finalize = (va: Id<'Va'>, ret: PlaceOf<typeof VmFault>): void => {
  alloc_and_copy_to_ram(va, ret)
  migrate_vma_pages(va, no)
  remove_migration_ptes(va)
  unlock_and_put(va)
}

/**
 * dev_pagemap_ops.migrate_to_ram (up to 5.3 page_fault, and hmm_devmem_ops.fault). SIGBUS if the copy fails; if it
 * has lost a race, 0.
 */
export const migrate_to_ram = procedure(
  'migrate_to_ram',
  [Va, ref(VmFault)],
  (va, ret) => {
    const todo = Local('todo', Todo, Todo.empty)
    Step('migrate_vma_collect(): mmu_notifier_invalidate_range_start(MMU_NOTIFY_MIGRATE)', () =>
      invalidate_range_start_own(va, collect_bracket),
    )
    migrate_vma_collect_pmd(va, 'device', todo)
    If(and(api.eq('callbacks'), todo.has(va)), () => migrate_vma_prepare(va, todo))
    If(todo.has(va), () => migrate_device_unmap(va, todo, mapped_after_collect))
    If(todo.has(va), () => copy_and_finalize(va, ret))
  },
  { source: '6.1 drivers/gpu/drm/nouveau/nouveau_dmem.c nouveau_dmem_migrate_to_ram' },
)

/**
 * migrate_device_range(): a page of device memory, found by its number, with no mmap_sem: it may be mapped anywhere,
 * by then.
 */
export const evict_page = procedure(
  'evict_page',
  [],
  () => {
    const va = Local('va', Va)
    const ret = Local('ret', VmFault, '0')
    const todo = Local('todo', Todo, Todo.empty)
    Step('get_page_unless_zero(); trylock_page()', () => {
      const at = Choose('at', Va, (one) =>
        or(mm.pte.at(one).is('device_private'), child.pte.at(one).is('device_private')),
      )
      returned_unlocked()
      va.set(at)
      const args = migrate_vma.at(current).at(va)
      const isolate = (page: Id<'Page'>): void => {
        const grab = (): void => {
          get_page(page)
          args.src.set(page)
          args.migrate.set(true)
          args.locked.set(true)
          todo.add(va)
        }
        If(page_lock_fix, () => {
          const taken = trylock_page(page)
          If(taken, grab)
        }).Else(grab)
      }
      IfIs(mm.pte.at(va), 'device_private', ({ page }) => isolate(page)).Else(() =>
        IfIs(child.pte.at(va), 'device_private', ({ page }) => isolate(page)),
      )
    })
    If(todo.has(va), () => migrate_device_unmap(va, todo, yes))
    If(todo.has(va), () => copy_and_finalize(va, ret))
  },
  { source: '6.1 mm/migrate_device.c migrate_device_range' },
)

export const evict = thread('evict', () => {
  Loop(() => {
    Idle()
    Source('a driver', () => evict_page())
  })
})
