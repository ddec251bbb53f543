/** Corrections, locks and checks of mirror-4.20 alone. */
import { fix } from 'hmmcheck'

const header = 'hmm.h of 4.20'

export const free_by_srcu = fix('free-by-srcu', {
  kind: 'correction',
  source: '6d7c3cde93c1 (5.2), B-04',
  summary:
    'a method uses the struct hmm that its notifier is in, which is freed when the methods that run have ' +
    'returned; as merged, mm->hmm, and at once',
})
export const hmm_mmgrab = fix('hmm-mmgrab', {
  kind: 'correction',
  source: 'mail "mm/hmm: Hold a mmgrab from hmm to mm" (5.3), B-17b',
  summary: 'struct hmm has a reference of mm_count, up to its end',
})
export const trylock_nonblocking = fix('trylock-nonblocking', {
  kind: 'correction',
  source: '5.2 mm/hmm.c hmm_invalidate_range_start, B-61 (b)',
  summary: 'where range_start must not sleep it only tries to take mirrors_sem',
})
export const uncount_on_failure = fix('uncount-on-failure', {
  kind: 'correction',
  source: '5a136b4ae327 (5.3), B-05',
  summary: 'a range_start that fails takes its bracket out of the count: no range_end follows',
})
export const collapse_brackets = fix('collapse-brackets', {
  kind: 'correction',
  source: 'f268f6cf875f (6.1), CVE-2022-48991, E-02',
  summary: "khugepaged takes the page table of a file's mapping away in a bracket; up to 6.0, it tells no notifier",
})
export const unbind_flushes = fix('unbind-flushes', {
  kind: 'lock',
  source: `${header}, the driver's side: "after hmm_mirror_unregister() ... das can be freed"`,
  summary: 'a driver that unbinds waits for its fault handler',
})
export const refusal_is_returned = fix('refusal-is-returned', {
  kind: 'check',
  source: `${header}: "-EAGAIN if update.blockable false and callback need to block"; B-05, the other path`,
  summary: 'range_start fails if a mirror has refused',
})
export const bind_unwinds = fix('bind-unwinds', {
  kind: 'check',
  source: '34861bdc0c01, CVE-2026-23432, E-18: mshv did not, in 6.19',
  summary: 'a driver that fails to bind unregisters its mirror before it frees it',
})
export const mmput_unlocked = fix('mmput-unlocked', {
  kind: 'check',
  source: '85eaeb5058f0 (6.0), E-04; mmput_async() there',
  summary: "the driver's fault handler drops its reference of mm_users when it has given back its lock",
})
export const reaper_brackets = fix('reaper-brackets', {
  kind: 'check',
  source: '4d4bbd8526a8 (4.14), E-01; 93065ac753e4 (4.19)',
  summary: 'the OOM reaper unmaps in a bracket that does not block; up to 4.13, it tells no notifier',
})
export const stable_check = fix('stable-check', {
  kind: 'check',
  source: '6b31d5955cb2 (4.14), E-20',
  summary: 'a fault brings nothing in once the OOM reaper takes memory away',
})
export const bracket_outside_ptl = fix('bracket-outside-ptl', {
  kind: 'check',
  source: 'mail "mm/thp: fix call to mmu_notifier in set_pmd_migration_entry() v2" (4.19), E-03',
  summary: 'a bracket is opened before the page table lock is taken',
})
export const callback_trylock = fix('callback-trylock', {
  kind: 'check',
  source: `${header}: update.blockable; B-61 (a)`,
  summary: "a driver's callback that must not sleep only tries to take the driver's lock",
})
export const vma_check = fix('vma-check', {
  kind: 'check',
  source: `${header}: "Trying to fault inside an invalid vma will result in -EINVAL"`,
  summary: 'hugetlb, VM_SPECIAL and DAX vmas are refused before a range is listed',
})
export const pte_special_check = fix('pte-special-check', {
  kind: 'check',
  source: `${header}: HMM_PFN_SPECIAL`,
  summary: 'the walk tells a special entry from one that leads to a page',
})
export const pfn_values_check = fix('pfn-values-check', {
  kind: 'check',
  source: `${header}: hmm_pfn_to_page()`,
  summary: 'the driver compares with the special values before it looks at the valid flag',
})
