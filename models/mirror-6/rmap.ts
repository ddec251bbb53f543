/** The reverse map: who moves a page takes it from every process that has it. */
import { If, Local, procedure, Step } from 'hmmcheck'
import { try_to_migrate_one, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './bracket.ts'
import { rmap_invalidates } from './fork-fixes.ts'
import { eachProcess, of_whom, pte_of } from './processes.ts'
import { migrate_entry, page_remove_rmap, put_page, Range } from './state.ts'

/** The entry becomes a migration entry, in a bracket that no owner is told of: MMU_NOTIFY_CLEAR. */
export const try_to_migrate = eachProcess((process) =>
  procedure(
    'try_to_migrate',
    [Va],
    (va) => {
      const pte = pte_of(process, va)
      const change = (): void => {
        Step(`try_to_migrate_one()${of_whom(process)}: spin_lock(ptl): set_pte_at(migration entry)`, () =>
          try_to_migrate_one({ entry: migrate_entry, page_remove_rmap, put_page }, pte, va),
        )
      }
      // The mm of the child has no notifier.
      if (process === 'child') return change()
      If(rmap_invalidates, () => {
        const range = Local('rmap_range', Range, Range.empty)
        range.clear()
        range.add(va)
        invalidate_range_start(range)
      })
      change()
      If(rmap_invalidates, () => invalidate_range_end())
    },
    { source: '6.12 mm/rmap.c try_to_migrate_one' },
  ),
)
