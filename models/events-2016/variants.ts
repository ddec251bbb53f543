/** Settings of the fixes: as posted, fixed, and fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const posted = switched(fixes, (kind) => kind !== 'correction')

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-posted',
    summary: 'the series of 2015 and 2016 as it was posted: all locks and checks, no correction',
    constants: posted,
  },
  ...withoutEach(fixes, fixed),
  {
    name: 'second-faulter',
    summary: 'fixed, but two CPUs may fault on one device entry, and each forgets what it finds (B-69)',
    constants: { ...fixed, 'back-listed': false, 'forget-only-own': false },
  },
  {
    name: 'destroy-in-callback',
    summary: 'fixed, but hmm_mirror_unregister does not wait for callbacks, and hmm_destroy takes mmap_sem (B-74)',
    constants: { ...fixed, 'destroy-unlocked': false, 'synchronize-srcu': false },
  },
  {
    name: 'driver-drops-reference',
    summary: 'fixed, but a driver drops its reference by hmm_mirror_unref(), and hmm_destroy takes mmap_sem (B-74)',
    constants: { ...fixed, 'destroy-unlocked': false, 'driver-unregisters': false },
  },
  {
    name: 'unlisted-first',
    summary:
      'fixed, but a mirror is taken out of the list before its driver is stopped, and goes on filling entries (B-16)',
    constants: { ...fixed, 'release-before-unlist': false, 'fill-checks-dead': false },
  },
]
