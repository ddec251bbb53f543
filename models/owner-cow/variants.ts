/** Settings of the fixes: as merged, as they are, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const merged = switched(fixes, (kind) => kind !== 'correction')

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections and checks', constants: fixed },
  { name: 'as-merged', summary: '5.8 to 5.19: all checks, no correction', constants: merged },
  {
    name: 'as-7.0',
    summary: "6.0 to 7.0: what is open is that the driver's own page is reported whatever was asked",
    constants: { ...merged, 'foreign-pages-fault': true, 'flush-invalidates': true },
  },
  ...withoutEach(fixes, fixed),
]
