/** Corrections that came after 4.20, in the words of those that brought them. */
import { fix } from 'hmmcheck'

export const count_open_brackets = fix('count-open-brackets', {
  kind: 'correction',
  source: 'a3e0d41c2b1f (5.2), B-02',
  summary: 'hmm->notifiers counts open brackets; a range that is listed while it is not 0 is invalid from the start',
})
export const release_before_unlink = fix('release-before-unlink', {
  kind: 'correction',
  source: 'mail "mm/hmm: Fix error flows / hold mirrors_sem in hmm_release" (5.3), found in mirror-2017 for brackets',
  summary:
    'hmm_release calls a driver while its mirror is still in the list; as it came, it takes the mirror out first',
})
export const last_clears_mm = fix('last-clears-mm', {
  kind: 'correction',
  source: 'B-62, by reading of 4.17 mm/hmm.c',
  summary: 'hmm->mm is cleared by the last mirror only; as it came, by any',
})
export const hmm_kref = fix('hmm-kref', {
  kind: 'correction',
  source: '704f3f2cf63c (5.2), B-89',
  summary:
    'struct hmm is counted: each mirror and each range has a reference; as it was, it goes with the last mirror ' +
    'in the list',
})
export const retry_only_nonblocking = fix('retry-only-nonblocking', {
  kind: 'correction',
  source: 'mail "mm/hmm: Only set FAULT_FLAG_ALLOW_RETRY for non-blocking" (5.3), B-64',
  summary: 'hmm_vma_fault drops mmap_sem only if `block` is false',
})
export const again_means_dropped = fix('again-means-dropped', {
  kind: 'correction',
  source: 'hmm.h of 4.20 and mm/hmm.c of 5.2, B-64',
  summary: 'hmm_vma_fault says -EAGAIN when it has dropped mmap_sem, as documented; as it was, -EBUSY',
})
export const fault_checks_vma = fix('fault-checks-vma', {
  kind: 'correction',
  source: 'mail "mm/hmm: hmm_range_fault() infinite loop" (5.4), B-10',
  summary: 'hmm_vma_fault refuses to fault for writing where the vma does not let it; as it was, it faults for ever',
})
