/** Settings of the fixes: as merged, fixed, 6.12, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-merged',
    summary: 'all locks and checks, no correction',
    constants: switched(fixes, (kind) => kind !== 'correction'),
  },
  {
    name: 'as-6.12',
    summary: '6.9 to 6.12: a cache may have an address that no memslot covers',
    constants: { ...fixed, 'seq-without-slot': false },
  },
  ...withoutEach(fixes, fixed),
]
