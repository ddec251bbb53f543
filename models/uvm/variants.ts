/** Settings of the fixes: as shipped, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const shipped = switched(fixes, (kind) => kind !== 'correction')

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-595.45.04',
    summary: '595.45.04 of March 2026: all locks and checks, no correction',
    constants: shipped,
  },
  ...withoutEach(fixes, fixed),
]
