/** Settings of the fixes: as posted, fixed, fixed but for one, and drivers that get it wrong. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

type Constants = Variant['constants']

/** A driver that does as it should. */
const sane: Constants = { 'callback-does': 'its-work', 'unregister-twice': false, 'retry-by': 'range-valid' }

const all = (has: (kind: string) => boolean): Constants => ({
  ...switched(fixes, has),
  ...sane,
})
const fixed = all(() => true)
const posted = all((kind) => kind !== 'correction')

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-posted',
    summary: 'patch 03/15 of June 2017 with the snapshot of 04/15: all locks and checks, no correction',
    constants: posted,
    // Nothing in the patch says that a device has no entry inside a bracket: it is told at the end.
    notClaimed: ['P-INV'],
  },

  ...withoutEach(fixes, fixed),

  {
    name: 'driver-reads-sequence',
    summary: 'fixed, but the driver compares hmm->sequence with a sample of it in place of hmm_vma_range_done (B-81)',
    constants: { ...fixed, 'retry-by': 'sequence' },
  },
  {
    name: 'callback-unregisters',
    summary: 'fixed, but the driver calls hmm_mirror_unregister from its callback (B-82)',
    constants: { ...fixed, 'callback-does': 'unregister' },
  },
  {
    name: 'callback-registers',
    summary: 'fixed, but the driver calls hmm_mirror_register from its callback (B-82)',
    constants: { ...fixed, 'callback-does': 'register' },
  },
  {
    name: 'callback-waits',
    summary: "as posted, and the driver's callback waits for work of its own that reclaims memory (B-83)",
    constants: { ...posted, 'callback-does': 'wait-for-reclaim' },
    notClaimed: ['P-INV'],
  },
  {
    name: 'callback-waits-fixed',
    summary: "fixed, and the driver's callback waits for work of its own that reclaims memory",
    constants: { ...fixed, 'callback-does': 'wait-for-reclaim' },
  },
  {
    name: 'loser-unregisters',
    summary:
      "as posted, but a second registration makes a struct hmm too, and loses; and the driver's callback takes " +
      'mmap_sem (B-80)',
    constants: { ...posted, 'present-check': false, 'callback-does': 'take-mmap-sem' },
    notClaimed: ['P-INV'],
  },
  {
    name: 'unregister-twice',
    summary: 'fixed but for the guard, and the driver calls hmm_mirror_unregister twice (B-84)',
    constants: { ...fixed, 'unregister-guard': false, 'unregister-twice': true },
  },
  {
    name: 'unregister-twice-guarded',
    summary: 'fixed, and the driver calls hmm_mirror_unregister twice',
    constants: { ...fixed, 'unregister-twice': true },
  },
  {
    name: 'register-unlocked',
    summary: 'as posted, and hmm_mirror_register is called without mmap_sem: two struct hmm (B-80)',
    constants: { ...posted, 'register-mmap-sem': false },
    notClaimed: ['P-INV'],
  },
]
