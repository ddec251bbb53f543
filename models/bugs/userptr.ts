/** Bugs of GPU drivers in what they make of user memory. */
import { findingsIn, found, type Bug } from './bug.ts'

const inUserptr = findingsIn('userptr')

export const userptrBugs: readonly Bug[] = [
  {
    id: 'B-45',
    title: 'xe userptr: folio lock taken under the notifier lock',
    versions: '6.14',
    commit: '2577b202458c (6.15)',
    known: 'report',
    fix: 'lock no folio under the notifier lock',
    place: found(inUserptr('without-no-folio-lock', 'xe-reclaim', 'lock-deadlock', 'no-folio-lock')),
  },
  {
    id: 'B-46',
    title: 'i915 userptr: page lock in `put_pages` called from the notifier',
    versions: '5.3-rc',
    commit: 'cb6d7c7dc7ff, reverted by 505a8ec7e11a',
    known: 'report',
    fix: 'trylock, or defer',
    place: found(
      inUserptr(
        'without-put-pages-trylocks',
        'i915-reclaim',
        'misuse: folio_lock() by the thread that holds it',
        'put-pages-trylocks',
      ),
    ),
  },
  {
    id: 'B-49',
    title: 'amdgpu userptr validated without the protocol at submission',
    versions: 'up to 6.0',
    commit: '4458da0bb09d (6.1)',
    known: 'report',
    fix: 'keep the range and its sequence up to the submission',
    place: found(inUserptr('without-range-per-submission', 'amdgpu-two', 'P-NOUAF', 'range-per-submission')),
  },
  {
    id: 'G6-30',
    title: 'amdgpu: a job that does not list a buffer of user memory reaches its freed pages',
    versions: '6.12',
    known: 'reading',
    fix: 'clear the entries of the GPU in the callback, and write them after the last check',
    note: 'The callback waits for the jobs that list the buffer and leaves the entries alone. A job of the same address space that does not list it, a queue of user mode, or a process that has inherited the file is not waited for.',
    place: found(
      inUserptr('as-6.12', 'amdgpu-unlisted', 'P-NOUAF', 'callback-zaps', 'entries-after-check'),
      inUserptr('without-callback-zaps', 'amdgpu-unlisted', 'P-NOUAF', 'callback-zaps'),
    ),
  },
  {
    id: 'G6-31',
    title: 'amdgpu: a submission that fails leaves entries for freed pages',
    versions: '6.12',
    known: 'reading',
    fix: 'write the entries of the GPU when the pages were found valid',
    note: 'Two lists and one buffer make it worse: D-19.',
    place: found(inUserptr('without-entries-after-check', 'amdgpu-unlisted', 'P-NOUAF', 'entries-after-check')),
  },
  {
    id: 'G6-36',
    title: 'KFD: a restore that finds no mapping binds the freed pages of a userptr buffer, and resumes the queues',
    versions: '6.1 to 6.12; closed in about 6.18',
    known: 'reading',
    fix: 'forget the old pages when the walk has failed',
    note: 'Nobody else need take part: an unmapping, the restore that follows, an access of a queue.',
    place: found(
      inUserptr('as-6.12', 'kfd', 'P-NOUAF', 'failed-pages-cleared'),
      inUserptr('as-6.1', 'kfd', 'P-NOUAF', 'failed-pages-cleared'),
      inUserptr('without-failed-pages-cleared', 'kfd', 'P-NOUAF', 'failed-pages-cleared'),
    ),
  },
  {
    id: 'G6-80',
    title: "i915: a job goes on with pinned pages that are not the process's any more",
    versions: '6.12',
    known: 'reading',
    fix: 'wait for the jobs in the callback, as 6.1 does',
    note: 'By design: the pages are pinned, so nothing freed is used (P-NOUAF holds).',
    place: found(inUserptr('as-6.12', 'i915', 'P-INV', 'i915-waits')),
  },
  {
    id: 'D-19',
    title: 'amdgpu: a late submission puts freed pages back, and the next one does not notice',
    versions: '6.1 to 6.12, by their text',
    known: 'checker',
    fix: 'compare the pages under the reservation lock',
    note: 'Open upstream as far as was read; no public report was found, and nobody has run it on a kernel.',
    place: found(
      inUserptr('as-6.12', 'amdgpu-two', 'P-NOUAF', 'compares-reserved'),
      inUserptr('as-6.1', 'amdgpu-two', 'P-NOUAF', 'compares-reserved'),
      inUserptr('without-compares-reserved', 'amdgpu-two', 'P-NOUAF', 'compares-reserved'),
    ),
  },
]
