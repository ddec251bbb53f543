/** The way back to system memory: a CPU or the device faults on device memory. */
import { Cover, Ghost, If, Local, procedure, Step, type Id } from 'hmmcheck'
import { driver_migrate_to_ram, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { erase_under_lock } from './fixes.ts'
import { migration } from './migrate.ts'
import { inherited_page } from './nouveau-fixes.ts'
import { invalidate_mirror_of_page, lock_mirror_of_page, unlock_mirror_of_page } from './parent.ts'
import { contents, eachProcess } from './processes.ts'
import { driver, drop_entry, Range, Sub, system_memory } from './state.ts'

/** Under the lock of the mirror that the page names, where there is one. */
const under_lock = (mirror: Id<'Sub'>, body: () => void): void => {
  If(erase_under_lock, () => If(inherited_page, lock_mirror_of_page).Else(() => mutex_lock(driver.at(mirror).mutex)))
  body()
  If(erase_under_lock, () =>
    If(inherited_page, unlock_mirror_of_page).Else(() => mutex_unlock(driver.at(mirror).mutex)),
  )
}

/** dev_pagemap_ops.migrate_to_ram: `dmirror` is the mirror that has moved the page to the device. */
export const dmirror_devmem_fault = eachProcess((process) =>
  procedure(
    'dmirror_devmem_fault',
    [Va, Sub.as('dmirror')],
    (va, mirror) => {
      const range = Local('fault_range', Range, Range.empty)
      const todo = Local('todo', Range, Range.empty)
      range.clear()
      range.add(va)
      driver_migrate_to_ram(migration[process], {
        range,
        todo,
        owner: mirror,
        system_memory,
        under_lock: (body) => under_lock(mirror, body),
        erase: (one) => {
          If(inherited_page, invalidate_mirror_of_page).Else(() => Step('xa_erase()', () => drop_entry(mirror, one)))
        },
        copy: (page, src, at) => {
          taken_away(at, src)
          Ghost(() => {
            Cover(newest_value.reached)
            contents.copy(page, src)
          })
        },
      })
    },
    { source: '6.1 lib/test_hmm.c dmirror_devmem_fault; 6.12 nouveau_dmem.c nouveau_dmem_migrate_to_ram' },
  ),
)
