/**
 * What the protocol has and what it lacks: one boolean constant each. The series as posted has every lock and check,
 * and none of the corrections.
 * The names are explained in fix-list.ts.
 */
import { fix } from 'hmmcheck'

// Corrections.
export const migrate_listed = fix('migrate-listed')
export const back_listed = fix('back-listed')
export const faults_wait_for_migration = fix('faults-wait-for-migration')
export const forget_only_own = fix('forget-only-own')
export const cleanup_skips_restored = fix('cleanup-skips-restored')
export const abort_restores = fix('abort-restores')
export const fill_checks_dead = fix('fill-checks-dead')
export const dirty_without_write = fix('dirty-without-write')
export const rmap_brackets = fix('rmap-brackets')
export const dst_per_mirror = fix('dst-per-mirror')
export const migrate_event_spares_device = fix('migrate-event-spares-device')
export const fork_keeps_mirror = fix('fork-keeps-mirror')
export const release_before_unlist = fix('release-before-unlist')
export const other_errors_are_eio = fix('other-errors-are-eio')
export const isdirty_protects = fix('isdirty-protects')
export const register_finds_hmm = fix('register-finds-hmm')
export const destroy_unlocked = fix('destroy-unlocked')
export const device_spinlock = fix('device-spinlock')

// Locks.
export const fault_mmap_sem = fix('fault-mmap-sem')
export const munmap_mmap_sem = fix('munmap-mmap-sem')
export const dontneed_mmap_sem = fix('dontneed-mmap-sem')
export const device_fault_mmap_sem = fix('device-fault-mmap-sem')
export const migrate_mmap_sem = fix('migrate-mmap-sem')
export const fork_mmap_sem = fix('fork-mmap-sem')
export const clear_refs_mmap_sem = fix('clear-refs-mmap-sem')
export const register_mmap_sem = fix('register-mmap-sem')
export const rwsem_register = fix('rwsem-register')
export const rwsem_update = fix('rwsem-update')
export const rwsem_migrate = fix('rwsem-migrate')
export const rwsem_kill = fix('rwsem-kill')
export const synchronize = fix('synchronize-srcu')
export const fault_ref = fix('fault-ref')
export const directory_lock = fix('directory-lock')
export const hmm_lock = fix('hmm-lock')
export const pte_lock = fix('pte-lock')
export const rmap_lock = fix('rmap-lock')

// Checks.
export const range_wait = fix('range-wait')
export const range_recheck = fix('range-recheck')
export const backoff_check = fix('backoff-check')
export const fault_wait = fix('fault-wait')
export const dead_check = fix('dead-check')
export const pte_none_check = fix('pte-none-check')
export const pte_same_check = fix('pte-same-check')
export const refcount_check = fix('refcount-check')
export const locked_check = fix('locked-check')
export const valid_check = fix('valid-check')
export const others_told = fix('others-told')
export const fork_announces = fix('fork-announces')

// What a driver has to do.
export const driver_stops_device = fix('driver-stops-device')
export const driver_write_protects = fix('driver-write-protects')
export const driver_clears_valid = fix('driver-clears-valid')
export const driver_reports_dirty = fix('driver-reports-dirty')
export const driver_frees_memory = fix('driver-frees-memory')
export const driver_refuses_released = fix('driver-refuses-released')
export const driver_unregisters = fix('driver-unregisters')

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
/** What a driver is asked to do may fail. */
export const may_fail = fix('may-fail')
