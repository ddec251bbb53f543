/** Settings of the fixes: as merged, as corrected, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const merged = switched(fixes, (kind) => kind !== 'correction')

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: '5.2: all locks and checks, no correction', constants: merged },
  {
    name: 'as-5.3',
    summary: '5.3 and 5.4: a start that fails is taken out of the count, and says so',
    constants: { ...merged, 'uncount-on-failure': true, 'refusal-is-returned': true },
  },
  ...withoutEach(fixes, fixed),
]
