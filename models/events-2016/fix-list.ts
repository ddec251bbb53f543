/**
 * Every correction, lock and check of the protocol, and where it is known from. Each is a constant of the same name
 * in fixes.ts.
 */
import type { Fix } from 'hmmcheck'

const core = 'mm/ of 4.5'
const base = '[v11 05/14, 08/14] mm/hmm.c, 2015'
const migration = '[v11 11/15, 14/15] mm/hmm.c, 2015'
const helpers = '[v12 21/29, 22/29] mm/memory.c, 2016'
const contract = "hmm.h of [v12 23/29], March 2016, the driver's side"

export const fixes: readonly Fix[] = [
  {
    name: 'migrate-listed',
    kind: 'correction',
    source: 'B-66; what the `backoff` of mm_hmm_migrate() asks for',
    summary:
      'a migration to the device is listed as a device fault is, so that brackets wait for it; as posted, it is not',
  },
  {
    name: 'back-listed',
    kind: 'correction',
    source: 'found here; B-66, for the way back',
    summary: "a CPU's fault on a device entry is listed too, and waits for brackets and for other migrations",
  },
  {
    name: 'faults-wait-for-migration',
    kind: 'correction',
    source: 'found here',
    summary:
      'device faults and migrations of one address wait for each other; as posted, a fault may give the device an entry during the copy',
  },
  {
    name: 'forget-only-own',
    kind: 'correction',
    source: 'B-69',
    summary: 'hmm_mirror_migrate_back() forgets device memory only where its caller has locked the entry',
  },
  {
    name: 'cleanup-skips-restored',
    kind: 'correction',
    source: 'B-72',
    summary: 'mm_hmm_migrate_cleanup() leaves an entry alone that mm_hmm_migrate() has put back',
  },
  {
    name: 'abort-restores',
    kind: 'correction',
    source: 'B-73; hmm.h of [v12 23/29]: "Errors means that the migration is aborted"',
    summary: 'if copy_to_device() fails, nothing of dst[] is taken over',
  },
  {
    name: 'fill-checks-dead',
    kind: 'correction',
    source: 'found here',
    summary: "no entry of a mirror's page table is set once the mirror is being killed",
  },
  {
    name: 'dirty-without-write',
    kind: 'correction',
    source: 'B-76',
    summary: 'a dirty bit counts although the entry is not writable any more',
  },
  {
    name: 'rmap-brackets',
    kind: 'correction',
    source: '369ea8242c0f (4.14), B-86, B-08',
    summary: 'the reverse map announces a change before it, in a bracket; as it was, by invalidate_page after it',
  },
  {
    name: 'dst-per-mirror',
    kind: 'correction',
    source: 'B-87',
    summary: 'each mirror is asked for what is in its own device; as posted, all are given one dst[]',
  },
  {
    name: 'migrate-event-spares-device',
    kind: 'correction',
    source: 'found here',
    summary:
      'HMM_MIGRATE leaves entries for device memory alone; as posted, a bracket that then changes nothing loses what is in the device',
  },
  {
    name: 'fork-keeps-mirror',
    kind: 'correction',
    source: 'B-71; hmm.h of [v12 23/29]: "Just copy memory"',
    summary: "fork() leaves the entry of the mirror alone; as posted, the parent's mirror gets the child's page",
  },
  {
    name: 'release-before-unlist',
    kind: 'correction',
    source: 'B-16, for this generation',
    summary: "a mirror's driver is stopped before the mirror is taken out of the list; as posted, after it",
  },
  {
    name: 'other-errors-are-eio',
    kind: 'correction',
    source: 'hmm.h of [v12 23/29]: "All other return value trigger warning and are transformed to -EIO"',
    summary: 'what a callback returns beside 0, -ENOMEM and -EIO becomes -EIO; as posted, it is handed on',
  },
  {
    name: 'isdirty-protects',
    kind: 'correction',
    source:
      'found here; review of the series, mail of 3 June 2015: "We will likely need to do the write protect for device too"',
    summary:
      'HMM_ISDIRTY takes the right to write out of the mirror page table; as posted, its mask is all ones, and the next fault gives the device the right back',
  },
  {
    name: 'register-finds-hmm',
    kind: 'correction',
    source: 'B-67',
    summary:
      'hmm_mirror_register() finds the struct hmm of the process; as posted, it tests a variable of its own and makes a second one',
  },
  {
    name: 'destroy-unlocked',
    kind: 'correction',
    source: 'B-74; as 03/15 of June 2017 has it, under mm->page_table_lock',
    summary: 'hmm_destroy() clears mm->hmm under a spinlock; as posted, under mmap_sem in write mode',
  },
  {
    name: 'device-spinlock',
    kind: 'correction',
    source: 'B-75; [v11 05/14]: "Use spinlock for device\'s mirror list"',
    summary:
      "the lock of a device's list of mirrors is a spinlock, which is not touched after it is released; before, a mutex",
  },

  { name: 'fault-mmap-sem', kind: 'lock', source: core, summary: "a CPU's page fault holds mmap_sem in read mode" },
  { name: 'munmap-mmap-sem', kind: 'lock', source: core, summary: 'munmap holds mmap_sem in write mode' },
  { name: 'dontneed-mmap-sem', kind: 'lock', source: core, summary: 'MADV_DONTNEED holds mmap_sem in read mode' },
  {
    name: 'device-fault-mmap-sem',
    kind: 'lock',
    source: base,
    summary: 'hmm_mirror_fault() holds mmap_sem in read mode',
  },
  {
    name: 'migrate-mmap-sem',
    kind: 'lock',
    source: migration,
    summary: 'a migration to the device holds mmap_sem in read mode',
  },
  { name: 'fork-mmap-sem', kind: 'lock', source: core, summary: 'fork() holds mmap_sem in write mode' },
  { name: 'clear-refs-mmap-sem', kind: 'lock', source: core, summary: 'clear_refs holds mmap_sem in read mode' },
  {
    name: 'register-mmap-sem',
    kind: 'lock',
    source: base,
    summary: 'hmm_mirror_register() holds mmap_sem in write mode',
  },
  {
    name: 'rwsem-register',
    kind: 'lock',
    source: base,
    summary: 'hmm_mirror_register() adds to the mirrors with hmm->rwsem in write mode',
  },
  {
    name: 'rwsem-update',
    kind: 'lock',
    source: base,
    summary: 'hmm_update() walks the mirrors with hmm->rwsem in read mode',
  },
  {
    name: 'rwsem-migrate',
    kind: 'lock',
    source: migration,
    summary: 'migrations walk the mirrors with hmm->rwsem in read mode',
  },
  {
    name: 'rwsem-kill',
    kind: 'lock',
    source: base,
    summary: 'hmm_mirror_kill() takes the mirror out of the list with hmm->rwsem in write mode',
  },
  {
    name: 'synchronize-srcu',
    kind: 'lock',
    source: base,
    summary: "hmm_mirror_unregister(), and exit, wait for the notifier's methods that still run",
  },
  { name: 'fault-ref', kind: 'lock', source: base, summary: 'hmm_mirror_fault() holds a reference of the mirror' },
  {
    name: 'directory-lock',
    kind: 'lock',
    source: base,
    summary: 'the lock of a directory of the mirror page table is taken while a fault fills entries',
  },
  {
    name: 'hmm-lock',
    kind: 'lock',
    source: base,
    summary: 'hmm->lock is taken around the second look at the ranges and the listing of a fault',
  },
  {
    name: 'pte-lock',
    kind: 'lock',
    source: core,
    summary: 'the page table lock is taken around the second test and setting of an entry in a fault',
  },
  {
    name: 'rmap-lock',
    kind: 'lock',
    source: core,
    summary: 'a walk of the reverse map holds i_mmap_rwsem or an anon_vma lock',
  },

  {
    name: 'range-wait',
    kind: 'check',
    source: base,
    summary: 'a device fault waits for the brackets over its address',
  },
  { name: 'range-recheck', kind: 'check', source: base, summary: 'it looks once more when it lists itself' },
  { name: 'backoff-check', kind: 'check', source: base, summary: 'a device fault stops where a bracket asks it to' },
  {
    name: 'fault-wait',
    kind: 'check',
    source: base,
    summary: 'a bracket waits for the device faults that it has asked to stop',
  },
  { name: 'dead-check', kind: 'check', source: base, summary: 'no fault begins on a mirror that is dead' },
  {
    name: 'pte-none-check',
    kind: 'check',
    source: core,
    summary: "a CPU's fault tests once more that the entry is none before it sets it",
  },
  {
    name: 'pte-same-check',
    kind: 'check',
    source: '4.5 mm/memory.c wp_page_copy',
    summary: 'copy on write tests under the page table lock that the entry is what the fault saw',
  },
  {
    name: 'refcount-check',
    kind: 'check',
    source: helpers,
    summary: 'a page with a reference beside its mappings is not migrated',
  },
  {
    name: 'locked-check',
    kind: 'check',
    source: helpers,
    summary: "a CPU's fault leaves an entry alone that another has locked",
  },
  {
    name: 'valid-check',
    kind: 'check',
    source: helpers,
    summary: 'only a page that was copied is mapped; else the entry becomes poisonous',
  },
  {
    name: 'others-told',
    kind: 'check',
    source: migration,
    summary: 'a migration to one device tells the other mirrors',
  },
  {
    name: 'fork-announces',
    kind: 'check',
    source: core,
    summary: 'fork() announces that it takes the right to write away (HMM_FORK)',
  },
  {
    name: 'driver-stops-device',
    kind: 'check',
    source: contract,
    summary: 'a driver stops its own device at an address before it copies from system memory',
  },
  {
    name: 'driver-write-protects',
    kind: 'check',
    source: contract,
    summary: 'a driver write-protects the range before it copies from device memory',
  },
  {
    name: 'driver-clears-valid',
    kind: 'check',
    source: contract,
    summary: 'a driver clears the valid bit of what it failed to copy',
  },
  {
    name: 'driver-reports-dirty',
    kind: 'check',
    source: contract,
    summary: 'a driver sets the dirty bit of what its device has written',
  },
  {
    name: 'driver-frees-memory',
    kind: 'check',
    source: contract,
    summary: 'a driver frees device memory once it is copied or unmapped',
  },
  {
    name: 'driver-unregisters',
    kind: 'check',
    source: `${base} hmm_mirror_unref(), which is exported`,
    summary:
      'a driver ends its mirror by hmm_mirror_unregister(), which waits for callbacks, and does not merely drop its reference',
  },
  {
    name: 'driver-refuses-released',
    kind: 'check',
    source: contract,
    summary: 'a driver begins nothing for a mirror after release()',
  },
]
