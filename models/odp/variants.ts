/** Settings of the fixes: as merged, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const merged = switched(fixes, (kind) => kind !== 'correction')
const open = { 'private-array': false, 'unmap-without-key': false }

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-merged',
    summary: 'all locks and checks, no correction: the faults of 5.0 to 6.16 at once, as no kernel had them',
    constants: merged,
  },
  {
    name: 'as-6.12',
    summary: '6.1.192 and 6.12.117: what is open is the shared pfn_list, and pages that a revoked key leaves mapped',
    constants: { ...fixed, ...open },
  },
  {
    name: 'as-6.16',
    summary: 'about 6.16: the same, and npages counts a page again whenever an entry of the device is written',
    constants: { ...fixed, ...open, 'counts-once': false },
  },
  ...withoutEach(fixes, fixed),
]
