/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = "mmu_notifier.h of 6.1, and each driver's text in 6.12: its own rules, with the corrections"
const scenarios = [
  'kfd',
  'kfd-two',
  'amdgpu',
  'amdgpu-two',
  'amdgpu-unlisted',
  'xe',
  'xe-two',
  'xe-unbind',
  'xe-reclaim',
  'i915',
  'i915-reclaim',
  'i915-mutex',
  'hfi1',
]

const used = ['P-INV', 'P-NOUAF']
const stuck = ['recoverable', 'deadlock', 'lock-deadlock']
const failed_restore = 'G6-36: the buffer is bound with the pages that were freed, and the queues run again'
const late_submission =
  'found here, beside G6-31: a late submission puts its old pages back between the comparison and the reservation of another, which finds its own number valid'
const design = 'G6-30: a job that does not list the buffer is not waited for, and the entries stay'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  violated('as-merged', 'kfd', ['P-NOUAF'], failed_restore),
  violated('as-merged', 'amdgpu-two', ['P-NOUAF'], 'B-49; G6-31'),
  violated('as-merged', 'xe-reclaim', stuck, 'B-45'),
  violated('as-merged', 'i915-reclaim', ['misuse: folio_lock() by the thread that holds it'], 'B-46'),

  violated('as-6.1', 'kfd', ['P-NOUAF'], failed_restore),
  violated('as-6.1', 'amdgpu-two', ['P-NOUAF'], late_submission),
  holds('fixed-6.1', 'kfd', 'G6-36: earlier texts set pages[0] to NULL; the atomic counts need no lock'),
  holds('fixed-6.1', 'kfd-two', 'G6-36, as with one buffer'),

  violated('as-6.12', 'kfd', ['P-NOUAF'], failed_restore),
  violated('as-6.12', 'kfd-two', ['P-NOUAF'], failed_restore),
  holds(
    'as-6.12',
    'amdgpu',
    '4.4 of today: sound for listed buffers, as long as nobody else has a submission under way',
  ),
  violated('as-6.12', 'amdgpu-two', ['P-NOUAF'], late_submission),
  holds('6.12-compares', 'amdgpu-two', 'found here: the one change that closes it'),
  violated('as-6.12', 'amdgpu-unlisted', ['P-NOUAF'], design),
  holds('as-6.12', 'xe', '4.6 of today'),
  holds('as-6.12', 'xe-reclaim', '6.12 has the correction of B-45'),
  violated('as-6.12', 'i915', ['P-INV'], 'G6-80: the job uses the old page, which is pinned: no use after free'),

  // Without one correction.
  violated('without-insert-checks-mm', 'hfi1', ['P-INV'], 'E-36'),
  violated('without-callback-trylocks', 'i915-mutex', ['recoverable', 'deadlock'], 'B-47'),
  violated('without-failed-pages-cleared', 'kfd', ['P-NOUAF'], 'G6-36'),
  violated('without-range-per-submission', 'amdgpu-two', ['P-NOUAF'], 'B-49'),
  holds('without-range-per-submission', 'amdgpu', 'B-49: nobody else has walked'),
  violated('without-compares-reserved', 'amdgpu-two', ['P-NOUAF'], late_submission),
  holds('without-compares-reserved', 'amdgpu', 'nobody else puts pages back'),
  violated('without-callback-zaps', 'amdgpu-unlisted', ['P-NOUAF'], design),
  holds('without-callback-zaps', 'amdgpu-two', 'G6-30: a job that lists the buffer is waited for'),
  violated(
    'without-entries-after-check',
    'amdgpu-unlisted',
    ['P-NOUAF'],
    'G6-31: a submission that fails leaves entries for its old pages',
  ),
  holds('without-entries-after-check', 'amdgpu-two', 'G6-31: the next submission that lists the buffer compares'),
  violated('without-no-folio-lock', 'xe-reclaim', stuck, 'B-45'),
  violated('without-put-pages-trylocks', 'i915-reclaim', ['misuse: folio_lock() by the thread that holds it'], 'B-46'),

  // Without one lock.
  violated(
    'without-callback-lock',
    'kfd',
    used,
    '4.4: an invalidation counts behind the last check of a restore, and stops nothing',
  ),
  violated(
    'without-callback-lock',
    'amdgpu',
    used,
    '4.4: between the last check of a submission and its fence, whom nobody waits for',
  ),
  violated('without-callback-lock', 'xe', used, '4.6: between the last look at the lists and the fence'),
  violated('without-submit-lock', 'amdgpu', used, '4.4: between the last check and the fence'),
  violated('without-submit-lock', 'xe', used, '4.6: between the last look at the lists and the fence'),
  violated(
    'without-resv-lock',
    'amdgpu-two',
    ['P-NOUAF'],
    '4.4: another submission puts its old pages back behind the comparison',
  ),
  violated('without-update-lock', 'kfd', used, '4.4: an invalidation between the comparison and the 0 is forgotten'),
  violated('without-resume-lock', 'kfd', used, '4.4: an invalidation behind the last check does not stop the queues'),
  holds(
    'without-populate-lock',
    'xe',
    'redundant here: what was invalidated is on the list, and the submission asks the list under the lock; in the kernel the lock also keeps the DMA mapping',
  ),

  // Without one check.
  violated('without-callback-sets-seq', 'kfd', used, 'A.6.4: the restore reads behind the callback, before the change'),
  violated('without-callback-sets-seq', 'amdgpu', used, 'A.6.4: a callback behind the walk is not seen'),
  violated(
    'without-callback-sets-seq',
    'xe',
    used,
    '4.6: the walk does not wait for the bracket, and the list is empty',
  ),
  violated('without-callback-sets-seq', 'i915', ['P-INV'], 'A.6.4; the page is pinned'),
  violated('without-callback-waits', 'kfd', used, '4.4: stopping the queues is the zap'),
  holds(
    'without-callback-waits',
    'amdgpu',
    'G6-30: what the callback clears no job can use; in a kernel without that correction the wait is the zap',
  ),
  violated('without-callback-waits', 'xe', used, '4.6: waiting for the jobs is the zap'),
  violated('without-i915-waits', 'i915', ['P-INV'], 'G6-80'),
  violated('without-submit-checks', 'amdgpu', used, '4.4: a callback between the walk and the submission'),
  violated('without-submit-checks', 'xe', used, '4.6: a callback between the pin and the submission'),
  violated('without-submit-checks', 'i915', ['P-INV'], '4.9: a callback between the pin and the submission'),
  holds(
    'without-unbind-waits',
    'amdgpu-two',
    'redundant: pages that are not valid do not reach the page table of the GPU, and valid ones are the same',
  ),
  violated(
    'without-restore-checks-bo',
    'kfd',
    used,
    '4.4: the walk was out of date, and the count says that it is valid',
  ),
  holds(
    'without-restore-checks-process',
    'kfd',
    '4.4: the one buffer that can have been invalidated has a number, which is asked for',
  ),
  violated(
    'without-restore-checks-process',
    'kfd-two',
    used,
    '4.4: a buffer that was valid when the restore began is asked by nobody',
  ),
  holds(
    'without-restore-checks-seq',
    'kfd',
    'redundant: who invalidates a buffer counts in evicted_bos, which is asked first; the source calls the other case unexpected',
  ),
  holds(
    'without-populate-checks-seq',
    'xe',
    'redundant: what was invalidated is on the list, and the submission asks the list',
  ),
  holds('without-populate-checks-seq', 'i915', 'redundant: the submission asks the same number'),
  violated(
    'without-failed-pin-unlists',
    'xe-two',
    ['P-NOUAF'],
    'E-39: the buffer was to be bound again when its mapping went, and is bound with the pages that it had',
  ),
  violated(
    'without-failed-pin-restores',
    'xe-unbind',
    ['P-LIFE'],
    'E-38: a buffer that was not pinned stays on the list behind its end',
  ),
  violated(
    'without-failed-pin-zaps',
    'xe',
    ['P-NOUAF'],
    '4.6: the buffer leaves the lists, so that only the entry can keep the GPU out; what KFD forgets in G6-36',
  ),
]
