/** The driver moves memory of the process to its device, as somebody asks it to. */
import {
  and,
  Await,
  Choose,
  Cover,
  Ghost,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  not,
  or,
  procedure,
  Step,
  thread,
  yes,
  type Id,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { map_by_fault } from './fixes.ts'
import { bind_checks_mm, migration_locks_mmap } from './fork-fixes.ts'
import { binds_current, maps_only_moved } from './nouveau-fixes.ts'
import { is_moved, migrate_vma_finalize, migrate_vma_pages, migrate_vma_setup } from './migrate.ts'
import { contents, eachProcess, reading_mm } from './processes.ts'
import {
  choose_range,
  device_memory,
  DeviceEntry,
  driver,
  entry_of,
  folio_trylock,
  for_each_address,
  migrate_entry,
  Range,
  Sub,
  zone_device_data,
} from './state.ts'

/** A page of device memory, and the copy into it; or there is none, and dst stays empty. */
const alloc_and_copy = (mirror: Id<'Sub'>, va: Id<'Va'>): void => {
  Step('zone_device_page_init(); copy_highpage()', () =>
    If(device_memory.has_free_page(), () => {
      const page = device_memory.alloc_page()
      zone_device_data.at(page).set(mirror)
      folio_trylock(page)
      IfSome(migrate_entry(va).src, (src) => {
        taken_away(va, src)
        Ghost(() => {
          Cover(newest_value.reached)
          contents.copy(page, src)
        })
      })
      migrate_entry(va).dst.set(page)
    }),
  )
}

/**
 * dmirror_migrate_finalize_and_map(), nouveau_pfns_map(): the device gets what was moved, before the page table has it.
 * The second does not ask again what was moved.
 */
const map_destination = (mirror: Id<'Sub'>, range: ReturnType<typeof Local<typeof Range>>): void => {
  mutex_lock(driver.at(mirror).mutex)
  for_each_address(range, (va) =>
    Step('xa_store(): BACKING_PAGE(dst)', () =>
      If(or(is_moved(va), not(maps_only_moved)), () =>
        IfSome(migrate_entry(va).dst, (page) =>
          entry_of(mirror, va).set(DeviceEntry.present({ page, write: migrate_entry(va).write })),
        ),
      ),
    ),
  )
  mutex_unlock(driver.at(mirror).mutex)
}

const dmirror_migrate_to_device = eachProcess((process) =>
  procedure(
    'dmirror_migrate_to_device',
    [],
    () => {
      const range = Local('range', Range, Range.empty)
      const todo = Local('todo', Range, Range.empty)
      const mirror = Local('dmirror', Sub)
      Step('ioctl(HMM_DMIRROR_MIGRATE_TO_DEV)', () => {
        const its = Choose('its', Sub)
        mirror.set(its)
        choose_range(range)
      })
      const moves = (): void => {
        migrate_vma_setup[process](range, 'system', todo, mirror)
        for_each_address(todo, (va) => alloc_and_copy(mirror, va))
        migrate_vma_pages[process](todo, yes, mirror)
        If(and(not(map_by_fault), not(todo.isEmpty)), () => map_destination(mirror, todo))
        migrate_vma_finalize(todo)
      }
      // Of the mmap_lock of the child, the thread that calls is the only user.
      if (process === 'child') moves()
      else reading_mm(migration_locks_mmap, moves)
    },
    { source: '6.1 lib/test_hmm.c dmirror_migrate_to_device; 6.12 nouveau_dmem.c nouveau_dmem_migrate_vma' },
  ),
)

/**
 * nouveau_svmm_bind() by the child: it moves memory of the process that calls, and the mirror is the one of the file,
 * which was inherited. In lib/test_hmm.c both are of the mirror.
 */
export const nouveau_svmm_bind = procedure(
  'nouveau_svmm_bind',
  [],
  () => {
    Step('mm = get_task_mm(current)', () => Await(binds_current))
    If(and(binds_current, not(bind_checks_mm)), () => dmirror_migrate_to_device.child())
  },
  { source: '6.12 nouveau_svm.c nouveau_svmm_bind' },
)

export const migrate = thread('migrate', () => {
  Loop(() => {
    Idle()
    dmirror_migrate_to_device.parent()
  })
})
