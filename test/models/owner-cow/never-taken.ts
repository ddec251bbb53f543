/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^handle_pte_fault\(\): the entry has the right$/,
    scenarios: ['sva'],
    why: 'each change of the entry takes from the device what it has cached: what it cannot write, the entry forbids',
  },
  { label: /^hmm_range_fault\(\) = -EFAULT$/, why: "`fixed` faults another device's page in" },
  {
    label: /^handle_mm_fault\(\): somebody was faster$/,
    scenarios: ['nouveau-alone', 'no-fork'],
    why: 'without a CPU of the parent nobody else faults; without a fork the device faults at once',
  },
  {
    label: /^(do_wp_page\(\)|do_swap_page\(\): migrate_to_ram\(\)|hmm_range_fault\(\): hmm_vma_fault\(\))$/,
    scenarios: ['no-fork'],
    why: 'without a fork every entry allows to write, and the walk reports it as it is',
  },
]
