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
  type Id,
} from 'hmmcheck'
import { driver_migrate_to_device, with_driver_lock } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { map_by_fault } from './fixes.ts'
import { bind_checks_mm, migration_locks_mmap } from './fork-fixes.ts'
import { binds_current, maps_only_moved } from './nouveau-fixes.ts'
import { migration } from './migrate.ts'
import { contents, eachProcess, reading_mm } from './processes.ts'
import {
  choose_range,
  device_memory,
  DeviceEntry,
  driver,
  entry_of,
  migrate_entry,
  Range,
  Sub,
  zone_device_data,
} from './state.ts'

/**
 * dmirror_migrate_finalize_and_map(), nouveau_pfns_map(): the device gets what was moved, before the page table has it.
 * The second does not ask again what was moved.
 */
const map_destination = (mirror: Id<'Sub'>, va: Id<'Va'>): void => {
  Step('xa_store(): BACKING_PAGE(dst)', () =>
    If(or(migration.parent.is_moved(va), not(maps_only_moved)), () =>
      IfSome(migrate_entry(va).dst, (page) =>
        entry_of(mirror, va).set(DeviceEntry.present({ page, write: migrate_entry(va).write })),
      ),
    ),
  )
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
        driver_migrate_to_device(migration[process], {
          range,
          todo,
          owner: mirror,
          device_memory,
          init: (page) => zone_device_data.at(page).set(mirror),
          copy: (page, src, va) => {
            taken_away(va, src)
            Ghost(() => {
              Cover(newest_value.reached)
              contents.copy(page, src)
            })
          },
          under_lock: (body) => with_driver_lock({ lock: driver.at(mirror).mutex }, body),
          map: (va) => map_destination(mirror, va),
          maps: not(map_by_fault),
        })
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
