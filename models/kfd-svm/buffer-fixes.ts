/** What the driver has or lacks around the references of a range's buffer (struct svm_range_bo). */
import { fix } from 'hmmcheck'

const svm = '6.12 kfd_svm.c'

// Corrections that have yet to come.
export const unlink_holds_buffer = fix('unlink-holds-buffer', {
  kind: 'correction',
  source: 'G6-27, by reading: open in 6.12',
  summary:
    'a range leaves the list of its buffer with a reference to it, or waits until its release has let the range go',
})

// Locks.
export const free_lock = fix('free-lock', {
  kind: 'lock',
  source: '709c34826161 (6.7), E-22',
  summary: 'prange->lock while it is looked whether the range has given its reference back',
})

// Checks.
export const put_once = fix('put-once', {
  kind: 'check',
  source: '709c34826161 (6.7), E-22',
  summary: 'a range gives the reference to its buffer back once',
})
export const release_async = fix('release-async', {
  kind: 'check',
  source: `${svm} svm_range_bo_unref_async, of December 2021 (E-28)`,
  summary: 'the last page of a buffer that is freed leaves the release of the buffer to a work item',
})
export const evict_work_counts = fix('evict-work-counts', {
  kind: 'check',
  source: '47bf0f83fc86 (6.8), E-26',
  summary: 'who queues the eviction of a buffer takes a reference for it',
})
export const release_cancels = fix('release-cancels', {
  kind: 'check',
  source: '6.7 kfd_svm.c svm_range_bo_release; gone with 47bf0f83fc86, which makes it needless',
  summary: 'the release waits for the eviction of the buffer, or takes it off its queue, where it has no reference',
})
export const page_counts = fix('page-counts', {
  kind: 'check',
  source: '6.12 kfd_migrate.c svm_migrate_get_vram_page',
  summary: 'each page of a buffer has a reference to it',
})

// What a scenario has.
/** The pages of the ranges are in one buffer, which is counted. */
export const has_buffer = fix('has-buffer')
/** A child has the pages, too. */
export const has_child = fix('has-child')
