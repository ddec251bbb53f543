/** Steps that are never taken in the scenarios of nouveau where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

/** What the thread that exits does itself, in no procedure. */
const by_exit = '^\\d+[.]then/'
const in_device = ['nouveau-to-ram', 'nouveau-child', 'nouveau-evict']

export const nouveauReasons: readonly Reason[] = [
  {
    label: /./,
    inside: /:dmirror_range_fault.*:handle_mm_fault/,
    scenarios: in_device,
    why: 'the walk reports what is in the memory of its own device, and waits for what is moved',
  },
  {
    label: /^failed = !flag$/,
    inside: /:dmirror_range_fault/,
    scenarios: in_device,
    why: 'as the walk asks for no fault',
  },
  {
    label: /^spin_lock\(ptl\): if \(pte_none/,
    inside: /:do_anonymous_page/,
    scenarios: in_device,
    why: 'nobody takes memory away, so that nothing is touched for the first time',
  },
  {
    label: /^else of if \(all has va\)$/,
    scenarios: ['nouveau-evict'],
    why: 'an eviction is about all addresses',
  },
  {
    label: /./,
    inside: new RegExp(`${by_exit}.*(:dmirror_interval_invalidate|:nouveau_svmm_invalidate_range_start)`),
    scenarios: ['nouveau-exit'],
    why: 'the tree is empty, as a fault holds mm_users, and the list was emptied: nobody is called any more',
  },
  {
    label: /^(if \(classic_list has (sub|svmm)\)|if \(flag\))$/,
    inside: new RegExp(by_exit),
    scenarios: ['nouveau-exit'],
    why: 'for the same reason',
  },
  {
    label: /^else of if \(classic_list has (sub|svmm)\)$/,
    inside: /:zap_page_range/,
    scenarios: ['nouveau-exit'],
    why: 'the process does not exit while a thread of it calls madvise()',
  },
]
