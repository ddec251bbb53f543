/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^rwsem_(down_read_failed|read_granted)\(&mirrors_sem\)$/,
    scenarios: ['fault', 'compat', 'special'],
    why: 'nobody registers a mirror',
  },
  {
    label: /^else of if \(over\)$/,
    scenarios: ['fault', 'compat', 'oom', 'exit', 'exit-lock'],
    why: 'every entry is present, so that the walk is over at once',
  },
  { label: /^else of if \(registered\)$/, scenarios: ['fault', 'compat', 'oom', 'special'], why: 'nobody exits' },
  {
    label:
      /^(hmm_range_wait_until_valid\(\) = false|list_del_init|atomic_dec_and_test|exit_mmap\(mm\), in this|if \(!done\)|else of if \(valid\))/,
    scenarios: ['exit', 'exit-lock'],
    why: 'there is no bracket: a range is valid from its registration on, and nobody waits or begins again',
  },
]
