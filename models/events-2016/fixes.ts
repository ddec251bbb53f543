/**
 * The parts that the protocol has or lacks: one boolean constant each. The series as posted has every lock and check,
 * and none of the corrections.
 */
import { fix } from 'hmmcheck'

const core = 'mm/ of 4.5'
const base = '[v11 05/14, 08/14] mm/hmm.c, 2015'
const migration = '[v11 11/15, 14/15] mm/hmm.c, 2015'
const helpers = '[v12 21/29, 22/29] mm/memory.c, 2016'
const contract = "hmm.h of [v12 23/29], March 2016, the driver's side"

// Corrections.
export const migrate_listed = fix('migrate-listed', {
  kind: 'correction',
  source: 'B-66; what the `backoff` of mm_hmm_migrate() asks for',
  summary:
    'a migration to the device is listed as a device fault is, so that brackets wait for it; as posted, it is not',
})
export const back_listed = fix('back-listed', {
  kind: 'correction',
  source: 'found here; B-66, for the way back',
  summary: "a CPU's fault on a device entry is listed too, and waits for brackets and for other migrations",
})
export const faults_wait_for_migration = fix('faults-wait-for-migration', {
  kind: 'correction',
  source: 'found here',
  summary:
    'device faults and migrations of one address wait for each other; as posted, a fault may give the device an ' +
    'entry during the copy',
})
export const forget_only_own = fix('forget-only-own', {
  kind: 'correction',
  source: 'B-69',
  summary: 'hmm_mirror_migrate_back() forgets device memory only where its caller has locked the entry',
})
export const cleanup_skips_restored = fix('cleanup-skips-restored', {
  kind: 'correction',
  source: 'B-72',
  summary: 'mm_hmm_migrate_cleanup() leaves an entry alone that mm_hmm_migrate() has put back',
})
export const abort_restores = fix('abort-restores', {
  kind: 'correction',
  source: 'B-73; hmm.h of [v12 23/29]: "Errors means that the migration is aborted"',
  summary: 'if copy_to_device() fails, nothing of dst[] is taken over',
})
export const fill_checks_dead = fix('fill-checks-dead', {
  kind: 'correction',
  source: 'found here',
  summary: "no entry of a mirror's page table is set once the mirror is being killed",
})
export const dirty_without_write = fix('dirty-without-write', {
  kind: 'correction',
  source: 'B-76',
  summary: 'a dirty bit counts although the entry is not writable any more',
})
export const rmap_brackets = fix('rmap-brackets', {
  kind: 'correction',
  source: '369ea8242c0f (4.14), B-86, B-08',
  summary: 'the reverse map announces a change before it, in a bracket; as it was, by invalidate_page after it',
})
export const dst_per_mirror = fix('dst-per-mirror', {
  kind: 'correction',
  source: 'B-87',
  summary: 'each mirror is asked for what is in its own device; as posted, all are given one dst[]',
})
export const migrate_event_spares_device = fix('migrate-event-spares-device', {
  kind: 'correction',
  source: 'found here',
  summary:
    'HMM_MIGRATE leaves entries for device memory alone; as posted, a bracket that then changes nothing loses ' +
    'what is in the device',
})
export const fork_keeps_mirror = fix('fork-keeps-mirror', {
  kind: 'correction',
  source: 'B-71; hmm.h of [v12 23/29]: "Just copy memory"',
  summary: "fork() leaves the entry of the mirror alone; as posted, the parent's mirror gets the child's page",
})
export const release_before_unlist = fix('release-before-unlist', {
  kind: 'correction',
  source: 'B-16, for this generation',
  summary: "a mirror's driver is stopped before the mirror is taken out of the list; as posted, after it",
})
export const other_errors_are_eio = fix('other-errors-are-eio', {
  kind: 'correction',
  source: 'hmm.h of [v12 23/29]: "All other return value trigger warning and are transformed to -EIO"',
  summary: 'what a callback returns beside 0, -ENOMEM and -EIO becomes -EIO; as posted, it is handed on',
})
export const isdirty_protects = fix('isdirty-protects', {
  kind: 'correction',
  source:
    'found here; review of the series, mail of 3 June 2015: "We will likely need to do the write protect for ' +
    'device too"',
  summary:
    'HMM_ISDIRTY takes the right to write out of the mirror page table; as posted, its mask is all ones, and the ' +
    'next fault gives the device the right back',
})
export const register_finds_hmm = fix('register-finds-hmm', {
  kind: 'correction',
  source: 'B-67',
  summary:
    'hmm_mirror_register() finds the struct hmm of the process; as posted, it tests a variable of its own and ' +
    'makes a second one',
})
export const destroy_unlocked = fix('destroy-unlocked', {
  kind: 'correction',
  source: 'B-74; as 03/15 of June 2017 has it, under mm->page_table_lock',
  summary: 'hmm_destroy() clears mm->hmm under a spinlock; as posted, under mmap_sem in write mode',
})
export const device_spinlock = fix('device-spinlock', {
  kind: 'correction',
  source: 'B-75; [v11 05/14]: "Use spinlock for device\'s mirror list"',
  summary:
    "the lock of a device's list of mirrors is a spinlock, which is not touched after it is released; before, a mutex",
})

// Locks.
export const fault_mmap_sem = fix('fault-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: "a CPU's page fault holds mmap_sem in read mode",
})
export const munmap_mmap_sem = fix('munmap-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'munmap holds mmap_sem in write mode',
})
export const dontneed_mmap_sem = fix('dontneed-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'MADV_DONTNEED holds mmap_sem in read mode',
})
export const device_fault_mmap_sem = fix('device-fault-mmap-sem', {
  kind: 'lock',
  source: base,
  summary: 'hmm_mirror_fault() holds mmap_sem in read mode',
})
export const migrate_mmap_sem = fix('migrate-mmap-sem', {
  kind: 'lock',
  source: migration,
  summary: 'a migration to the device holds mmap_sem in read mode',
})
export const fork_mmap_sem = fix('fork-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'fork() holds mmap_sem in write mode',
})
export const clear_refs_mmap_sem = fix('clear-refs-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'clear_refs holds mmap_sem in read mode',
})
export const register_mmap_sem = fix('register-mmap-sem', {
  kind: 'lock',
  source: base,
  summary: 'hmm_mirror_register() holds mmap_sem in write mode',
})
export const rwsem_register = fix('rwsem-register', {
  kind: 'lock',
  source: base,
  summary: 'hmm_mirror_register() adds to the mirrors with hmm->rwsem in write mode',
})
export const rwsem_update = fix('rwsem-update', {
  kind: 'lock',
  source: base,
  summary: 'hmm_update() walks the mirrors with hmm->rwsem in read mode',
})
export const rwsem_migrate = fix('rwsem-migrate', {
  kind: 'lock',
  source: migration,
  summary: 'migrations walk the mirrors with hmm->rwsem in read mode',
})
export const rwsem_kill = fix('rwsem-kill', {
  kind: 'lock',
  source: base,
  summary: 'hmm_mirror_kill() takes the mirror out of the list with hmm->rwsem in write mode',
})
export const synchronize = fix('synchronize-srcu', {
  kind: 'lock',
  source: base,
  summary: "hmm_mirror_unregister(), and exit, wait for the notifier's methods that still run",
})
export const fault_ref = fix('fault-ref', {
  kind: 'lock',
  source: base,
  summary: 'hmm_mirror_fault() holds a reference of the mirror',
})
export const directory_lock = fix('directory-lock', {
  kind: 'lock',
  source: base,
  summary: 'the lock of a directory of the mirror page table is taken while a fault fills entries',
})
export const hmm_lock = fix('hmm-lock', {
  kind: 'lock',
  source: base,
  summary: 'hmm->lock is taken around the second look at the ranges and the listing of a fault',
})
export const pte_lock = fix('pte-lock', {
  kind: 'lock',
  source: core,
  summary: 'the page table lock is taken around the second test and setting of an entry in a fault',
})
export const rmap_lock = fix('rmap-lock', {
  kind: 'lock',
  source: core,
  summary: 'a walk of the reverse map holds i_mmap_rwsem or an anon_vma lock',
})

// Checks.
export const range_wait = fix('range-wait', {
  kind: 'check',
  source: base,
  summary: 'a device fault waits for the brackets over its address',
})
export const range_recheck = fix('range-recheck', {
  kind: 'check',
  source: base,
  summary: 'it looks once more when it lists itself',
})
export const backoff_check = fix('backoff-check', {
  kind: 'check',
  source: base,
  summary: 'a device fault stops where a bracket asks it to',
})
export const fault_wait = fix('fault-wait', {
  kind: 'check',
  source: base,
  summary: 'a bracket waits for the device faults that it has asked to stop',
})
export const dead_check = fix('dead-check', {
  kind: 'check',
  source: base,
  summary: 'no fault begins on a mirror that is dead',
})
export const pte_none_check = fix('pte-none-check', {
  kind: 'check',
  source: core,
  summary: "a CPU's fault tests once more that the entry is none before it sets it",
})
export const pte_same_check = fix('pte-same-check', {
  kind: 'check',
  source: '4.5 mm/memory.c wp_page_copy',
  summary: 'copy on write tests under the page table lock that the entry is what the fault saw',
})
export const refcount_check = fix('refcount-check', {
  kind: 'check',
  source: helpers,
  summary: 'a page with a reference beside its mappings is not migrated',
})
export const locked_check = fix('locked-check', {
  kind: 'check',
  source: helpers,
  summary: "a CPU's fault leaves an entry alone that another has locked",
})
export const valid_check = fix('valid-check', {
  kind: 'check',
  source: helpers,
  summary: 'only a page that was copied is mapped; else the entry becomes poisonous',
})
export const others_told = fix('others-told', {
  kind: 'check',
  source: migration,
  summary: 'a migration to one device tells the other mirrors',
})
export const fork_announces = fix('fork-announces', {
  kind: 'check',
  source: core,
  summary: 'fork() announces that it takes the right to write away (HMM_FORK)',
})

// What a driver has to do.
export const driver_stops_device = fix('driver-stops-device', {
  kind: 'check',
  source: contract,
  summary: 'a driver stops its own device at an address before it copies from system memory',
})
export const driver_write_protects = fix('driver-write-protects', {
  kind: 'check',
  source: contract,
  summary: 'a driver write-protects the range before it copies from device memory',
})
export const driver_clears_valid = fix('driver-clears-valid', {
  kind: 'check',
  source: contract,
  summary: 'a driver clears the valid bit of what it failed to copy',
})
export const driver_reports_dirty = fix('driver-reports-dirty', {
  kind: 'check',
  source: contract,
  summary: 'a driver sets the dirty bit of what its device has written',
})
export const driver_frees_memory = fix('driver-frees-memory', {
  kind: 'check',
  source: contract,
  summary: 'a driver frees device memory once it is copied or unmapped',
})
export const driver_unregisters = fix('driver-unregisters', {
  kind: 'check',
  source: `${base} hmm_mirror_unref(), which is exported`,
  summary:
    'a driver ends its mirror by hmm_mirror_unregister(), which waits for callbacks, and does not merely drop its ' +
    'reference',
})
export const driver_refuses_released = fix('driver-refuses-released', {
  kind: 'check',
  source: contract,
  summary: 'a driver begins nothing for a mirror after release()',
})

// What a scenario is about.
/** The driver moves memory to its device. */
export const device_memory = fix('device-memory')
/** The right to write is taken away, by write-back or fork. */
export const rights = fix('rights')
/** Dirty bits are kept. */
export const dirty_bits = fix('dirty-bits')
/** Mirrors are registered and unregistered, or the process exits: references are counted. */
export const lifetimes = fix('lifetimes')
/** All mirrors are registered at the start; else none is. */
export const bound_at_start = fix('bound-at-start')
/** Mirrors are unregistered too. */
export const unbinds = fix('unbinds')
/** The process forks. */
export const forks = fix('forks')
/** In every variant somebody runs brackets that take pages away. */
export const zaps = fix('zaps')
/** Devices fault. */
export const faults = fix('faults')
/** The process unmaps with munmap() too, not only with MADV_DONTNEED. */
export const munmaps = fix('munmaps')
/** A driver may fail to do as it is asked. */
export const may_fail = fix('may-fail')
