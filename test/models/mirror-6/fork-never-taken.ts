/** Steps that are never taken in the scenarios with fork() where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const forkReasons: readonly Reason[] = [
  {
    label: /^mm = get_task_mm\(current\)$/,
    scenarios: ['fork', 'fork-device', 'fork-migrate', 'nouveau-fork'],
    why: 'the child uses no file of the device there',
  },
  {
    label: /^spin_lock\(ptl\): if \(pte_none/,
    inside: /:do_anonymous_page/,
    scenarios: ['fork-device', 'nouveau-fork'],
    why: 'nobody takes memory away, so that nothing is touched for the first time',
  },
  {
    label: /./,
    inside:
      /:(do_swap_page|migration_entry_wait|dmirror_migrate_to_device)\b|\/1[.]or-0\/1[.]else.*:dmirror_range_fault\/3\/9\/10/,
    scenarios: ['nouveau-child-binds'],
    why: 'the call of the child is refused, so that nothing moves',
  },
  {
    label: /./,
    inside: /:wp_page_copy\/3/,
    scenarios: ['fork-migrate'],
    why: 'there is one page of system memory, so that no copy of it can be made',
  },
]
