/** Faults that were read in nouveau, each shown in its row of mirror-6. */
import { findingsIn, found, type Bug } from './bug.ts'

const inMirror6 = findingsIn('mirror-6')
const in52 = findingsIn('mirror-5.2')

export const nouveauBugs: readonly Bug[] = [
  {
    id: 'G6-10',
    title: 'nouveau: the GPU keeps its entries when the process exits',
    versions: '6.1 to 6.12',
    known: 'reading',
    fix: 'a `.release` that clears all and keeps new entries out',
    note:
      'No race is needed: the list of notifiers is emptied before the page table. In 5.3 the driver had a release ' +
      'callback that did nothing.',
    place: found(
      inMirror6('nouveau-6.12', 'nouveau-exit', 'P-NOUAF', 'release-drops'),
      inMirror6('without-release-drops', 'nouveau-exit', 'P-INV', 'release-drops'),
      in52('without-release-drops', 'exit', 'P-AGREE', 'release-drops'),
    ),
  },
  {
    id: 'G6-13',
    title: "nouveau: a fault of a child's CPU leaves the child's entry of the device page",
    versions: '6.1 to 6.12',
    known: 'reading',
    fix:
      'clear the entries of the mm that faults: the owner of a migration is the mirror and not the device; or the ' +
      'callback drops its entries for a migration of its own device, too',
    note: 'B-39 over a fork. One thread of the child is enough, after its GPU has used the page.',
    place: found(inMirror6('filters-by-device', 'nouveau-child', 'P-NOUAF', 'owner-is-mirror', 'own-migrate-zaps')),
  },
  {
    id: 'G6-14',
    title: 'nouveau: a fault of the CPU uses an `svmm` that was freed',
    versions: '6.1 to 6.12',
    known: 'reading',
    fix:
      'the page holds a reference to the `svmm`, and the fault asks under the mutex whether its `vmm` is still ' +
      'there; or migrate all pages back first',
    note: 'B-41 in nouveau. Each half of the fix alone is not enough.',
    place: found(
      inMirror6('without-page-holds-mirror', 'nouveau-child', 'P-LIFE', 'page-holds-mirror'),
      inMirror6('without-to-ram-checks-mirror', 'nouveau-child', 'P-LIFE', 'to-ram-checks-mirror'),
    ),
  },
  {
    id: 'G6-15',
    title: 'nouveau: pages are copied while the GPU may write, and mapped without a look at the number',
    versions: '6.1 to 6.12',
    known: 'reading',
    fix: 'drop the entries for its own migrations, too, and leave the map to the next fault',
    note: 'The second halves of B-38 (the copy) and B-40 (the map).',
    place: found(
      inMirror6('without-own-migrate-zaps', 'nouveau-migrate', 'P-INV', 'own-migrate-zaps'),
      inMirror6('without-map-by-fault', 'nouveau-dontneed', 'P-NOUAF', 'map-by-fault'),
    ),
  },
  {
    id: 'G6-17',
    title: 'nouveau: a copy that fails in eviction gives old memory of the kernel away',
    versions: '6.1 to 6.12',
    known: 'reading',
    fix: '`dst` stays empty where the copy has failed; zeroed pages keep the old memory secret, and lose the data',
    place: found(inMirror6('without-evict-checks-copy', 'nouveau-evict', 'P-CONTENT', 'evict-checks-copy')),
  },
  {
    id: 'G6-18',
    title: 'nouveau: pages that did not migrate are mapped',
    versions: '6.1 to 6.12',
    known: 'reading',
    fix: 'leave out those whose `MIGRATE_PFN_MIGRATE` is gone after `migrate_vma_pages`',
    note: 'Shown with a hole that a fault fills meanwhile. A page in the swap cache needs no race, by reading.',
    place: found(inMirror6('maps-unmoved', 'nouveau-migrate', 'P-NOUAF', 'maps-only-moved')),
  },
  {
    id: 'D-36',
    title: "nouveau: a child moves its own memory with its parent's file, and the parent's GPU gets it",
    versions: '6.1 to 6.12',
    known: 'checker',
    fix: '`nouveau_svmm_bind` refuses where `current->mm` is not the mm of the notifier, or takes that one',
    note:
      '`nouveau_svmm_bind` takes the mm of the caller (`get_task_mm(current)`) and the `svmm` of the file. Any ' +
      'process that has the file, by fork or by SCM_RIGHTS, reaches it. The GPU of the parent reads and writes the ' +
      "child's page, and no bracket of the child's mm clears its entry. No race is needed. lib/test_hmm.c takes the " +
      'mm of its notifier, and amdkfd asks whose process it is (`kfd_ioctl`).',
    place: found(
      inMirror6('nouveau-6.12', 'nouveau-child-binds', 'P-ISO', 'bind-checks-mm', 'map-by-fault'),
      inMirror6('binds-any', 'nouveau-child-binds', 'P-NOUAF', 'bind-checks-mm', 'map-by-fault'),
    ),
  },
]
