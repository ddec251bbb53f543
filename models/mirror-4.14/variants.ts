/**
 * Settings of the fixes: as merged, as later releases had it, fixed, fixed but for one, and drivers that get it
 * wrong.
 */
import { switched, withoutEach, type Variant } from 'hmmcheck'
import { fixes } from './fixes.ts'

type Constants = Variant['constants']

/** A driver that does as it should; what only 5.3 has, and the checks of special entries: see mirror-4.20. */
const rest: Constants = {
  'vma-check': true,
  'pte-special-check': true,
  'pfn-values-check': true,
  'mmput-unlocked': true,
  'bind-unwinds': true,
  'stable-check': true,
  'callback-does': 'its-work',
  'unregister-twice': false,
  'range-done-after-error': false,
  'free-by-srcu': false,
  'hmm-mmgrab': false,
  'unbind-flushes': false,
}

const all = (has: (kind: string) => boolean): Constants => ({
  ...switched(fixes, has),
  ...rest,
})
const fixed = all(() => true)
const merged = all((kind) => kind !== 'correction')
const of417 = { ...merged, 'release-callback': true, 'unregister-unhooks': true, 'unregister-guard': true }
const backport = { ...of417, 'publish-before-callback': true, 'unhook-before-unpublish': true }

/** Up to 4.19 nothing says that a device has no entry inside a bracket: it is told at the end. */
const atEnd = { notClaimed: ['P-INV', 'P-WP'] }

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: 'as merged in 4.14: all locks and checks, no correction', constants: merged, ...atEnd },
  {
    name: 'v4.17',
    summary: 'as in 4.17: the last mirror takes the notifier with it, and there is a release callback',
    constants: of417,
    ...atEnd,
  },
  {
    name: 'v4.18-backport',
    summary: 'as in stable kernels of October 2018: 4.18 with the order of registration and teardown of 4.20',
    constants: backport,
    ...atEnd,
  },

  ...withoutEach(fixes, fixed),

  {
    name: 'any-mirror-clears-mm',
    summary: 'fixed but for the count of references, and any hmm_mirror_unregister clears hmm->mm (B-62)',
    constants: { ...fixed, 'hmm-kref': false, 'last-clears-mm': false },
  },
  {
    name: 'release-unlinks-uncounted',
    summary: 'fixed but for the count of references, and hmm_release takes the mirrors out (B-89)',
    constants: { ...fixed, 'hmm-kref': false, 'release-before-unlink': false },
  },
  {
    name: 'register-overwrites',
    summary: 'fixed, but each registration makes a struct hmm and overwrites mm->hmm (B-67)',
    constants: { ...fixed, 'present-check': false, 'loser-check': false },
  },
  {
    name: 'driver-ignores-range-done',
    summary:
      'as merged, and the driver commits what hmm_vma_get_pfns gave it, whatever hmm_vma_range_done answers (B-88 b)',
    constants: { ...merged, 'range-done-check': false },
    ...atEnd,
  },
  {
    name: 'range-done-after-error',
    summary: 'fixed, but the driver calls hmm_vma_range_done after hmm_vma_fault has failed (B-88 a)',
    constants: { ...fixed, 'range-done-after-error': true },
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
    summary: "as merged, and the driver's callback waits for work of its own that reclaims memory (B-83)",
    constants: { ...merged, 'callback-does': 'wait-for-reclaim' },
    ...atEnd,
  },
  {
    name: 'callback-waits-fixed',
    summary: "fixed, and the driver's callback waits for work of its own that reclaims memory",
    constants: { ...fixed, 'callback-does': 'wait-for-reclaim' },
  },
  {
    name: 'loser-unregisters',
    summary:
      "as merged, but a second registration makes a struct hmm too, and loses; and the driver's callback takes " +
      'mmap_sem (B-80)',
    constants: { ...merged, 'present-check': false, 'callback-does': 'take-mmap-sem' },
    ...atEnd,
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
]
