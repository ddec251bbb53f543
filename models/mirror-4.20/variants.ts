/** Settings of the fixes: as merged in 4.20, fixed, fixed but for one, and drivers that get it wrong. */
import { switched, withoutEach, type Variant } from 'hmmcheck'
import { fixes } from './fixes.ts'

type Constants = Variant['constants']

/** A driver that does as it should; and what takes the place of `free-by-srcu` and `unbind-flushes` in mirror-4.14. */
const rest: Constants = {
  'callback-does': 'its-work',
  'unregister-twice': false,
  'range-done-after-error': false,
  'device-spinlock': true,
  'unregister-waits': false,
  'unregister-mmap-sem': false,
}

const all = (has: (kind: string) => boolean): Constants => ({
  ...switched(fixes, has),
  ...rest,
})
const fixed = all(() => true)
const merged = all((kind) => kind !== 'correction')
const uncounted = { ...fixed, 'hmm-kref': false }

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: 'as merged in 4.20: all locks and checks, no correction', constants: merged },

  ...withoutEach(fixes, fixed),

  {
    name: 'any-mirror-clears-mm',
    summary: 'fixed but for the count of references, and any hmm_mirror_unregister clears hmm->mm (B-62)',
    constants: { ...uncounted, 'last-clears-mm': false },
  },
  {
    name: 'release-unlinks-uncounted',
    summary: 'fixed but for the count of references, and hmm_release takes the mirrors out (B-89)',
    constants: { ...uncounted, 'release-before-unlink': false },
  },
  {
    name: 'unbind-does-not-wait',
    summary:
      'fixed, but ranges hold no reference of struct hmm, and a driver that unbinds does not wait for its fault ' +
      'handler',
    constants: { ...uncounted, 'unbind-flushes': false },
  },
  {
    name: 'special-unchecked',
    summary: 'fixed, but neither bad vmas are refused nor special entries told apart',
    constants: { ...fixed, 'vma-check': false, 'pte-special-check': false },
  },
  {
    name: 'special-unread',
    summary: 'fixed, but bad vmas are not refused, and the driver does not look for special values',
    constants: { ...fixed, 'vma-check': false, 'pfn-values-check': false },
  },
  {
    name: 'range-done-after-error',
    summary: 'fixed, but the driver calls hmm_vma_range_done after hmm_vma_fault has failed (B-88 a)',
    constants: { ...fixed, 'range-done-after-error': true },
  },
  {
    name: 'callback-without-memory',
    summary: "fixed, but the driver's callback may find no memory, and returns as if it had cleared its table (E-05)",
    constants: { ...fixed, 'callback-does': 'give-up' },
  },
  {
    name: 'callback-mmput',
    summary: "fixed, but the driver's callback takes a reference of mm_users and drops it again (E-06)",
    constants: { ...fixed, 'callback-does': 'mmput' },
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
    summary: "fixed, but the driver's callback waits for work of its own that reclaims memory (B-83)",
    constants: { ...fixed, 'callback-does': 'wait-for-reclaim' },
  },
  {
    name: 'unbind-holds-mmap-sem',
    summary:
      'fixed, but the driver holds mmap_sem in write mode as it unbinds, and so as it waits for its fault handler',
    constants: { ...fixed, 'unregister-mmap-sem': true },
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
