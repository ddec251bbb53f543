/** The way back to system memory: a CPU or the device faults on device memory. */
import { Cover, Ghost, If, IfSome, Local, no, procedure, Step, type Id } from 'hmmcheck'
import { mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { erase_under_lock } from './fixes.ts'
import { migrate_vma_finalize, migrate_vma_pages, migrate_vma_setup } from './migrate.ts'
import { inherited_page } from './nouveau-fixes.ts'
import { invalidate_mirror_of_page, lock_mirror_of_page, unlock_mirror_of_page } from './parent.ts'
import { contents, eachProcess } from './processes.ts'
import {
  alloc_page,
  driver,
  drop_entry,
  folio_trylock,
  for_each_address,
  has_free_page,
  migrate_entry,
  Range,
  Sub,
} from './state.ts'

/** A page of system memory, and the copy into it; or there is none, and dst stays empty. */
const alloc_and_copy = (mirror: Id<'Sub'>, va: Id<'Va'>): void => {
  const dst = migrate_entry(va).dst
  Step('alloc_page_vma(); lock_page()', () =>
    If(has_free_page(), () => {
      const page = alloc_page()
      folio_trylock(page)
      dst.set(page)
    }),
  )
  If(dst.isSome, () => {
    If(erase_under_lock, () => If(inherited_page, lock_mirror_of_page).Else(() => mutex_lock(driver.at(mirror).mutex)))
    If(inherited_page, invalidate_mirror_of_page).Else(() => Step('xa_erase()', () => drop_entry(mirror, va)))
    Step('copy_highpage()', () =>
      IfSome(migrate_entry(va).src, (src) =>
        IfSome(dst, (page) => {
          taken_away(va, src)
          Ghost(() => {
            Cover(newest_value.reached)
            contents.copy(page, src)
          })
        }),
      ),
    )
    If(erase_under_lock, () =>
      If(inherited_page, unlock_mirror_of_page).Else(() => mutex_unlock(driver.at(mirror).mutex)),
    )
  })
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
      migrate_vma_setup[process](range, 'device', todo, mirror)
      for_each_address(todo, (one) => alloc_and_copy(mirror, one))
      migrate_vma_pages[process](todo, no, mirror)
      migrate_vma_finalize(todo)
    },
    { source: '6.1 lib/test_hmm.c dmirror_devmem_fault; 6.12 nouveau_dmem.c nouveau_dmem_migrate_to_ram' },
  ),
)
