/** Checks of the merged mirror, which both of its models have. */
import { fix } from 'hmmcheck'

const merged = '4.14 mm/hmm.c'
const pattern = "hmm.h of 4.20, the driver's side"
const core = 'mm/ of 4.14'

export const range_done_check = fix('range-done-check', {
  kind: 'check',
  source: 'hmm.h of 4.20; B-88 (b)',
  summary: 'what hmm_vma_range_done answers is looked at',
})
export const end_invalidates_ranges = fix('end-invalidates-ranges', {
  kind: 'check',
  source: merged,
  summary: 'invalidate_range_end makes the ranges invalid too, as it does up to 5.1',
})
export const present_check = fix('present-check', {
  kind: 'check',
  source: merged,
  summary: 'hmm_register first looks whether there is a struct hmm',
})
export const loser_check = fix('loser-check', {
  kind: 'check',
  source: merged,
  summary: 'hmm_register looks once more before it sets mm->hmm',
})
export const pte_none_check = fix('pte-none-check', {
  kind: 'check',
  source: core,
  summary: 'a fault tests once more that the entry is none before it sets it',
})
export const bound_check = fix('bound-check', {
  kind: 'check',
  source: pattern,
  summary: "a driver's fault handler tests that the device is still bound, before the snapshot",
})
export const bound_recheck = fix('bound-recheck', {
  kind: 'check',
  source: pattern,
  summary: 'and once more, under its lock, before the installation',
})
export const unbind_clears = fix('unbind-clears', {
  kind: 'check',
  source: pattern,
  summary: 'a driver clears the device page table when it unbinds',
})
export const rmap_brackets = fix('rmap-brackets', {
  kind: 'check',
  source: '369ea8242c0f (4.14), B-08',
  summary: 'the reverse map announces a change before it, in a bracket; up to 4.13, by invalidate_page after it',
})
export const core_releases_first = fix('core-releases-first', {
  kind: 'check',
  source: '3ad3d901bbcf (3.6), B-16 (a)',
  summary: 'exit calls release of a notifier while it is still in the list; up to 3.5, it took it out first',
})
export const unhook_twice = fix('unhook-twice', {
  kind: 'check',
  source: 'd34883d4e35c (3.10), B-16 (b)',
  summary: 'a notifier may be taken out of the list by exit and by its unregistration: hlist_del_init_rcu()',
})
