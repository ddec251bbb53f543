/** Settings of the fixes: as merged, as later kernels have them, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const merged = switched(fixes, (kind) => kind !== 'correction')

/** What about 7.0 has of the corrections. */
const corrected = {
  'dst-converted-first': true,
  'busy-retried': true,
  'migration-serialized': true,
  'copy-waits': true,
  'unbind-spares-tlb': true,
}

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: '6.15: all locks and checks, no correction', constants: merged },
  {
    name: 'as-7.0',
    summary: 'about 7.0: what was open upstream when it was read is open',
    constants: { ...merged, ...corrected },
  },
  ...withoutEach(fixes, fixed),
]
