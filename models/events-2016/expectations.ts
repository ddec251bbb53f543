/**
 * Facts about each variant, and their sources; written from the facts and the reasons given, before any run.
 * Properties that fall "behind that", after the first violation, were added when runs showed it, each with its reason.
 */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const bugOn = 'misuse: BUG_ON(hmm_pte_pfn(hmm_pte[i]) != pte_pfn(*ptep))'
/** A device is given an entry beside a bracket that takes the page away. */
const leftBehind = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-CONTENT']
/** The reverse map takes the entry away before it says so. */
const announcedLate = ['P-AGREE', 'P-AGREE-STATE', 'P-CONTENT', bugOn]
/**
 * A CPU's entry is set over another one, whose page is lost: to the CPU, and to the migration that takes it for its
 * own.
 */
const setTwice = ['P-CONTENT', 'P-REF', 'P-BUG']

export const expectations: readonly Expectation[] = [
  ...[
    'mirror',
    'dirty',
    'migrate',
    'failures',
    'dirty-memory',
    'faulters',
    'pinned',
    'two-mirrors',
    'fork',
    'copies',
    'registration',
    'unregister',
    'exit',
    'addresses',
    'memory',
    'core',
    'three-of-each',
  ].map((scenario) =>
    holds('fixed', scenario, 'the properties claimed by the series, with its catalogue of bugs corrected'),
  ),

  violated(
    'as-posted',
    'mirror',
    [...announcedLate, 'P-NOUAF', 'P-NOUAF-ENTRY'],
    'B-86, B-08; B-16, for this generation',
  ),
  violated(
    'as-posted',
    'dirty',
    [...announcedLate, 'P-DIRTY', 'P-PERM'],
    'B-76; B-86, B-08; P-PERM: the mask of HMM_ISDIRTY',
  ),
  violated('as-posted', 'faulters', ['P-CONTENT', 'P-REF-DEVICE', 'P-BUG'], 'B-69'),

  violated(
    'without-migrate-listed',
    'migrate',
    [
      'P-AGREE',
      'P-AGREE-STATE',
      'P-RETRY',
      'P-CONTENT',
      'P-REF',
      'P-REF-DEVICE',
      'P-POISON',
      'P-BUG',
      bugOn,
      'P-NOUAF',
      'P-NOUAF-ENTRY',
    ],
    'B-66; the entry of the mirror outlives the bracket; behind that, the page of that entry is freed in the ' +
      'bracket, and the device still has it',
  ),
  violated(
    'without-back-listed',
    'migrate',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-WP', 'P-RETRY', 'P-CONTENT', 'P-POISON', 'P-BUG', bugOn],
    'B-66, for the way back: the page that comes back is mapped after the bracket, or freed under the device; a ' +
      'device fault gives the right to write back',
  ),
  violated(
    'without-faults-wait-for-migration',
    'migrate',
    ['P-RETRY', 'P-WP', 'P-CONTENT', 'P-NOUAF', 'P-NOUAF-ENTRY'],
    'the device is given its entry again during the copy, and on the way back the right to write; behind that, ' +
      'the page of that entry is freed in the bracket, and the device still has it',
  ),
  violated('without-forget-only-own', 'memory', ['P-CONTENT', 'P-REF-DEVICE'], 'B-69, with one thread and no memory'),
  violated('second-faulter', 'faulters', ['P-CONTENT', 'P-REF-DEVICE', 'P-BUG'], 'B-69, with two threads'),
  violated('without-cleanup-skips-restored', 'pinned', ['P-AGREE', 'P-AGREE-STATE', ...setTwice, bugOn], 'B-72'),
  violated(
    'without-abort-restores',
    'failures',
    ['P-RETRY', 'P-CONTENT', 'P-NOUAF', 'P-NOUAF-ENTRY'],
    'B-73; the device is given the entry too; behind that, the page of that entry is freed in the bracket, and ' +
      'the device still has it',
  ),
  violated(
    'without-fill-checks-dead',
    'failures',
    [bugOn],
    'a fault that began before the kill fills the table after it',
  ),
  violated('without-dirty-without-write', 'dirty', ['P-DIRTY', 'P-CONTENT'], 'B-76'),
  violated(
    'without-isdirty-protects',
    'dirty',
    ['P-PERM'],
    "the device gets the right to write back with its next read, while the CPU's next write has to fault",
  ),
  violated('without-rmap-brackets', 'mirror', announcedLate, 'B-86, B-08'),
  violated(
    'without-dst-per-mirror',
    'two-mirrors',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT'],
    'B-87; the page is freed under the device that had copied it',
  ),
  violated('unlisted-first', 'addresses', ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT'], 'B-16, for this generation'),
  holds(
    'without-release-before-unlist',
    'addresses',
    'redundant beside fill-checks-dead: the device has lost its entries by then, and is given none',
  ),
  holds(
    'without-release-before-unlist',
    'mirror',
    'the bracket whose driver failed keeps faults of this address out until the driver is stopped',
  ),
  violated('without-fork-keeps-mirror', 'fork', ['P-ISO', 'P-COW', 'P-CONTENT', 'P-REF-DEVICE'], 'B-71'),
  violated(
    'without-migrate-event-spares-device',
    'dirty-memory',
    ['P-CONTENT', 'P-REF-DEVICE'],
    'a bracket of reclaim that changes nothing: the entry is in the device by then',
  ),
  violated('without-register-finds-hmm', 'registration', ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV'], 'B-67'),
  holds(
    'without-destroy-unlocked',
    'unregister',
    'redundant beside synchronize-srcu: no callback has the last reference',
  ),
  violated(
    'destroy-in-callback',
    'unregister',
    ['P-ORDER', 'lock-deadlock'],
    'B-74: in the versions before [v11 05/14], which do not wait; the device goes on',
  ),
  violated(
    'driver-drops-reference',
    'unregister',
    ['P-ORDER', 'lock-deadlock'],
    'B-74: "if the driver concurrently dropped its own reference this is the last one"',
  ),
  holds(
    'without-driver-unregisters',
    'unregister',
    'redundant beside destroy-unlocked: a callback may have the last reference, and takes no lock for it that ' +
      'anybody sleeps on',
  ),
  violated('without-device-spinlock', 'unregister', ['P-LIFE'], 'B-75'),
  violated('without-release-before-unlist', 'exit', ['P-NOUAF', 'P-NOUAF-ENTRY'], 'B-16, for this generation'),
  violated('without-other-errors-are-eio', 'failures', ['P-ERRNO'], 'hmm.h of [v12 23/29]'),

  holds('without-fault-mmap-sem', 'mirror', 'redundant here: mmap_sem protects the vmas, which are not modelled'),
  holds(
    'without-munmap-mmap-sem',
    'mirror',
    'redundant here: what mmap_sem protects are the vmas; brackets and faults are ordered by their lists',
  ),
  holds('without-dontneed-mmap-sem', 'mirror', 'redundant here, for the same reason'),
  holds('without-device-fault-mmap-sem', 'mirror', 'redundant here, for the same reason'),
  holds('without-clear-refs-mmap-sem', 'dirty', 'redundant here, for the same reason'),
  holds('without-migrate-mmap-sem', 'migrate', 'redundant here, for the same reason'),
  holds(
    'without-fork-mmap-sem',
    'fork',
    'redundant here: the bracket keeps migrations and device faults of the address out',
  ),
  violated(
    'without-register-mmap-sem',
    'unregister',
    ['misuse: BUG_ON(down_read_trylock(&mm->mmap_sem)) in mm_take_all_locks()'],
    'mm_take_all_locks() tests it',
  ),
  holds('without-rwsem-register', 'registration', 'redundant for a list that is added to in one step'),
  holds('without-synchronize-srcu', 'exit', 'redundant: callbacks that run hold rwsem, or a reference'),
  violated('without-fault-ref', 'unregister', ['P-LIFE'], 'the mirror is freed under hmm_mirror_fault()'),
  holds(
    'without-rwsem-update',
    'unregister',
    'redundant beside synchronize-srcu: the walk is in a read section, for which hmm_mirror_unregister() waits',
  ),
  holds('without-rwsem-kill', 'unregister', 'redundant beside synchronize-srcu, for the same reason'),
  holds('without-rwsem-update', 'mirror', 'redundant while no mirror is freed'),
  holds('without-rwsem-migrate', 'failures', 'redundant while no mirror is freed'),
  holds('without-rwsem-kill', 'mirror', 'redundant while no mirror is freed'),
  holds('without-directory-lock', 'mirror', 'redundant: brackets and device faults exclude each other by their lists'),
  violated(
    'without-hmm-lock',
    'mirror',
    [...leftBehind, 'P-RETRY'],
    'A.1.4: a bracket comes between the second look and the listing',
  ),
  violated('without-pte-lock', 'faulters', setTwice, 'two faults set one entry'),
  holds('without-pte-lock', 'mirror', 'one CPU alone sets an entry'),
  holds('without-rmap-lock', 'mirror', 'redundant while no notifier is registered'),

  holds('without-range-wait', 'mirror', 'redundant: the second look finds the bracket, and the fault begins once more'),
  violated(
    'without-range-recheck',
    'mirror',
    [...leftBehind, 'P-RETRY'],
    'A.1.4: a bracket comes between the wait and the listing',
  ),
  holds('without-backoff-check', 'mirror', 'redundant: the bracket waits until the fault has left'),
  violated(
    'without-fault-wait',
    'mirror',
    leftBehind,
    "A.1.4: the driver's update() for the fault comes after that of the bracket",
  ),
  violated(
    'without-fault-wait',
    'dirty',
    [...leftBehind, 'P-WP', 'P-PERM', 'P-DIRTY'],
    'the same beside write-back: the device is given the right to write that was just taken; what it writes has ' +
      'no entry in the mirror page table to be reported for',
  ),
  holds('without-dead-check', 'failures', 'redundant beside fill-checks-dead'),
  violated('without-pte-none-check', 'faulters', setTwice, 'two faults set one entry'),
  violated(
    'without-pte-none-check',
    'three-of-each',
    ['P-AGREE', 'P-AGREE-STATE', 'P-WP', ...setTwice],
    'two faults set one entry; with migrations the first has gone to a device meanwhile',
  ),
  holds(
    'without-pte-same-check',
    'fork',
    "redundant here: the fault's reference keeps a migration from taking the page, its bracket waits until that " +
      'has put the page back, and there is no other CPU',
  ),
  violated(
    'without-pte-same-check',
    'copies',
    ['P-REF', 'P-REF-ZERO', 'P-CONTENT', 'domain'],
    "two CPUs copy one page: the first copy is lost, and the child's reference with it, so that the child puts a " +
      'free page when it exits; behind that, the count of references would fall below 0',
  ),
  violated('without-refcount-check', 'pinned', ['P-CONTENT'], 'what is written through the pin is lost'),
  holds(
    'without-locked-check',
    'faulters',
    'redundant beside back-listed: the second fault waits until the first is done',
  ),
  violated('without-valid-check', 'failures', ['P-POISON'], 'A.1.8: a page that was never filled is mapped'),
  violated(
    'without-others-told',
    'two-mirrors',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-WP', bugOn],
    'A.1.7: the other device goes on with the system page, also while the memory comes back',
  ),
  violated(
    'without-fork-announces',
    'fork',
    ['P-ISO', 'P-COW', 'P-PERM', 'P-CONTENT'],
    'the device goes on writing to what the child reads, and its own process may not write; what it writes after ' +
      'wp_page_copy() has copied the page is lost (the run showed P-CONTENT first)',
  ),
  violated(
    'without-driver-stops-device',
    'migrate',
    ['P-CONTENT'],
    'A.1.9: what the device writes after the copy is lost',
  ),
  violated(
    'without-driver-write-protects',
    'migrate',
    ['P-WP', 'P-CONTENT'],
    'hmm.h of [v12 23/29]: "device driver must first write protect the range"; what the device writes after the ' +
      'copy is lost',
  ),
  violated('without-driver-clears-valid', 'failures', ['P-POISON'], 'A.1.9: a page that was never filled is mapped'),
  violated('without-driver-reports-dirty', 'dirty', ['P-DIRTY', 'P-CONTENT'], 'A.1.9: dirty bits must be conservative'),
  violated(
    'without-driver-reports-dirty',
    'dirty-memory',
    ['P-DIRTY', 'P-CONTENT'],
    'A.1.9: the page that comes back is newer than any backing store',
  ),
  violated(
    'without-driver-frees-memory',
    'migrate',
    ['P-REF-DEVICE'],
    'A.1.9: "The device driver must also free the device memory once the copy is done"',
  ),
  violated(
    'without-driver-refuses-released',
    'memory',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-LIFE'],
    'A.1.6: release() ends what the driver does for the mirror',
  ),
]
