/** Where `fixed` holds, every transition was taken somewhere, but for one. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^default of (orig_)?pte$/,
    why: 'migration entries and swap entries are not modelled here: no entry is of a kind without an arm',
  },
]
