/** Corrections that came between 4.14 and 4.20: mirror-4.14 lacks them, and mirror-4.20 has them as checks. */
import { fix } from 'hmmcheck'

export const invalidate_at_start = fix('invalidate-at-start', {
  kind: 'correction',
  source: 'ec131b2d7fa6 (4.20), B-01',
  summary:
    'ranges become invalid and mirrors are called in invalidate_range_start; up to 4.19, in invalidate_range_end',
})
export const release_callback = fix('release-callback', {
  kind: 'correction',
  source: 'mail "HMM should have a callback before MM is destroyed" (4.17), B-78',
  summary: "the notifier has a release method, through which drivers stop before the process's pages are freed",
})
export const publish_before_callback = fix('publish-before-callback', {
  kind: 'correction',
  source: 'mail "fix race between hmm_mirror_unregister() and mmu_notifier callback" (4.20), B-79',
  summary: 'mm->hmm is set before the notifier is registered; up to 4.19, after it',
})
export const unregister_unhooks = fix('unregister-unhooks', {
  kind: 'correction',
  source: 'mail "mm/hmm: unregister mmu_notifier when last HMM client quit" (4.17), B-17',
  summary:
    'the last hmm_mirror_unregister takes the notifier away and frees struct hmm; up to 4.16, both stay for ever',
})
export const unhook_before_unpublish = fix('unhook-before-unpublish', {
  kind: 'correction',
  source: 'mail "fix race between hmm_mirror_unregister() and mmu_notifier callback" (4.20), B-03',
  summary: 'the notifier is taken away before mm->hmm is cleared; in 4.17, after it',
})
export const unregister_guard = fix('unregister-guard', {
  kind: 'correction',
  source: '4.17 mm/hmm.c hmm_mirror_unregister, B-84',
  summary: 'hmm_mirror_unregister of a mirror that is not registered does nothing',
})
