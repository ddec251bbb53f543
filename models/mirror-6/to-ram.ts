/** The way back to system memory: a CPU or the device faults on device memory. */
import { Cover, Ghost, If, IfSome, Local, no, procedure, Step, type Id } from 'hmmcheck'
import { mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { erase_under_lock } from './fixes.ts'
import { migrate_entry, migrate_vma_finalize, migrate_vma_pages, migrate_vma_setup } from './migrate.ts'
import {
  alloc_page,
  contents,
  driver,
  drop_entry,
  folio_trylock,
  for_each_address,
  has_free_page,
  Range,
} from './state.ts'

/** A page of system memory, and the copy into it; or there is none, and dst stays empty. */
const alloc_and_copy = (va: Id<'Va'>): void => {
  const dst = migrate_entry(va).dst
  Step('alloc_page_vma(); lock_page()', () =>
    If(has_free_page(), () => {
      const page = alloc_page()
      folio_trylock(page)
      dst.set(page)
    }),
  )
  If(dst.isSome, () => {
    If(erase_under_lock, () => mutex_lock(driver.mutex))
    Step('xa_erase()', () => drop_entry(va))
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
    If(erase_under_lock, () => mutex_unlock(driver.mutex))
  })
}

/** dev_pagemap_ops.migrate_to_ram */
export const dmirror_devmem_fault = procedure(
  'dmirror_devmem_fault',
  [Va],
  (va) => {
    const range = Local('fault_range', Range, Range.empty)
    const todo = Local('todo', Range, Range.empty)
    range.clear()
    range.add(va)
    migrate_vma_setup(range, 'device', todo)
    for_each_address(todo, alloc_and_copy)
    migrate_vma_pages(todo, no)
    migrate_vma_finalize(todo)
  },
  { source: '6.1 lib/test_hmm.c dmirror_devmem_fault; 6.12 nouveau_dmem.c nouveau_dmem_migrate_to_ram' },
)
