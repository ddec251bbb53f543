/** Settings of the fixes: as merged, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const merged = switched(fixes, (kind) => kind !== 'correction')

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: '5.5: all locks and checks, no correction', constants: merged },
  {
    name: 'as-7.0',
    summary: '6.4 to 7.0: what is open is that a bracket that the classic list refuses stays counted',
    constants: { ...fixed, 'refused-list-ends': false },
  },
  ...withoutEach(fixes, fixed),
]
