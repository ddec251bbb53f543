/** Facts about the row of nouveau, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'
import { nouveauScenarios } from './nouveau.ts'

const guarantee = 'nouveau_svm.c and nouveau_dmem.c of 6.12, with the corrections'
/** The device gets an entry of what was there, and uses it when the page is somebody else's. */
const stale = ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT', 'P-RETRY']
const without_retry = ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT']
const b40 = 'a bracket between migrate_vma_pages() and the map'
const exits = 'G6-10: the list is emptied before the page table, and no release method drops the entries'

const shipped: readonly Expectation[] = [
  holds('nouveau-6.12', 'nouveau-fault', 'what it lacks is about migration'),
  violated('nouveau-6.12', 'nouveau-migrate', without_retry, 'G6-15: the source is copied while the GPU has it; G6-18'),
  violated('nouveau-6.12', 'nouveau-dontneed', without_retry, `G6-15: ${b40}; G6-18`),
  holds('nouveau-6.12', 'nouveau-to-ram', 'it clears the entry under its lock before the copy, and sets the number'),
  violated(
    'nouveau-6.12',
    'nouveau-child',
    [...without_retry, 'P-LIFE'],
    'G6-13: the entry of the parent is cleared; G6-14: the svmm of the parent is used',
  ),
  violated('nouveau-6.12', 'nouveau-evict', ['P-CONTENT'], 'G6-17'),
  violated('nouveau-6.12', 'nouveau-exit', ['P-INV', 'P-EXIT', 'P-NOUAF', 'P-CONTENT'], exits),
]

/** Without one correction. */
const uncorrected: readonly Expectation[] = [
  violated('without-release-drops', 'nouveau-exit', ['P-INV', 'P-EXIT', 'P-NOUAF', 'P-CONTENT'], exits),
  violated(
    'without-own-migrate-zaps',
    'nouveau-migrate',
    ['P-INV', 'P-AGREE', 'P-NOUAF'],
    'G6-15, first half: the source is copied while the GPU has it',
  ),
  holds('without-own-migrate-zaps', 'nouveau-to-ram', 'the driver clears the entry itself before the copy'),
  violated('filters-by-device', 'nouveau-child', without_retry, 'G6-13: it clears that of the parent'),
  holds(
    'without-own-migrate-zaps',
    'nouveau-child',
    'for the callback of the child it is a migration of somebody else',
  ),
  violated('without-map-by-fault', 'nouveau-dontneed', without_retry, `G6-15, second half: ${b40}`),
  holds('without-map-by-fault', 'nouveau-migrate', 'nobody zaps what is moved'),
  violated(
    'maps-unmoved',
    'nouveau-migrate',
    ['P-AGREE', 'P-NOUAF', 'P-CONTENT'],
    'G6-18: a hole was filled meanwhile',
  ),
  violated('without-page-holds-mirror', 'nouveau-child', ['P-LIFE'], 'G6-14: the svmm was freed'),
  violated('without-to-ram-checks-mirror', 'nouveau-child', ['P-LIFE'], 'G6-14: its vmm is NULL'),
  violated('without-evict-checks-copy', 'nouveau-evict', ['P-CONTENT'], 'G6-17'),
  violated(
    'without-own-migrate-sets-seq',
    'nouveau-to-ram',
    ['P-AGREE', 'P-NOUAF', 'P-CONTENT', 'P-RETRY'],
    'B-38, first half: nouveau_svm_range_invalidate sets the number for every MIGRATE',
  ),
]

/** Without one lock or check. */
const unchecked: readonly Expectation[] = [
  violated('without-callback-lock', 'nouveau-fault', stale, 'the entry is made between the number and PFNCLR'),
  violated('without-commit-lock', 'nouveau-fault', stale, 'both passes run between the look at the number and PFNMAP'),
  violated('without-callback-sets-seq', 'nouveau-fault', stale, 'B-38 for every bracket'),
  violated(
    'without-callback-zaps',
    'nouveau-fault',
    without_retry,
    'the entry that was there before the bracket stays',
  ),
  violated('without-commit-checks-seq', 'nouveau-fault', stale, 'a bracket between the walk and PFNMAP is not seen'),
  violated('without-reader-waits', 'nouveau-fault', stale, 'the notifier is inserted while a bracket is open'),
  violated('without-touches-after-retry', 'nouveau-fault', ['P-NOUAF'], 'B-37'),
  violated(
    'without-classic-after-interval',
    'nouveau-fault',
    without_retry,
    'nouveau_svm_range_invalidate: "only works because the normal notifier that does invalidation is always ' +
      'called after the range notifier"',
  ),
  holds('without-walk-checks-seq', 'nouveau-fault', 'redundant: what changes during the walk is seen after it'),
  holds(
    'without-maps-only-moved',
    'nouveau-migrate',
    'redundant by the text alone: where the next fault maps what was migrated, the migration maps nothing',
  ),
  holds(
    'without-erase-under-lock',
    'nouveau-to-ram',
    'redundant: who has walked before the bracket sees the number, and who walks after it finds a migration entry',
  ),
  holds('erases-unlocked', 'nouveau-to-ram', 'as without-erase-under-lock; the GPU translates and accesses at once'),
]

export const nouveauExpectations: readonly Expectation[] = [
  ...nouveauScenarios
    .filter(({ constants }) => constants?.['forks'] !== true)
    .map(({ name }) => holds('fixed', name, guarantee)),
  ...shipped,
  ...uncorrected,
  ...unchecked,
]
