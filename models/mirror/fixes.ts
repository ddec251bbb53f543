/**
 * The parts that the merged mirror (4.14 to 5.1) has or lacks: one boolean constant each, beside those that it shares
 * with the patch of June 2017.
 * The names are explained in fix-list.ts.
 */
import { and, constant, fix, not, oneOf, or } from 'hmmcheck'
import { callback_does, unregister_unhooks } from 'hmmcheck/models/mirror-2017/fixes'

export {
  bind_mmget,
  bound_at_start,
  bound_check,
  bound_recheck,
  callback_does,
  count_open_brackets,
  device_fault_mmap_sem,
  driver_lock,
  end_invalidates_ranges,
  fault_mmap_sem,
  fault_mmget,
  hmm_lock,
  invalidate_at_start,
  loser_check,
  mirrors_sem_callback,
  mirrors_sem_register,
  mirrors_sem_release,
  mirrors_sem_unregister,
  munmap_mmap_sem,
  page_table_lock,
  present_check,
  pte_lock,
  pte_none_check,
  publish_before_callback,
  range_done_check,
  register_mmap_sem,
  release_before_unlink,
  release_callback,
  rmap_brackets,
  rmap_lock,
  synchronize,
  take_all_locks,
  teardown,
  unbind_clears,
  unregister_guard,
  unregister_mmap_sem,
  unregister_twice,
  unregister_unhooks,
} from 'hmmcheck/models/mirror-2017/fixes'

// Corrections that came later.
export const unhook_before_unpublish = fix('unhook-before-unpublish')
export const unregister_waits = fix('unregister-waits')
export const hmm_kref = fix('hmm-kref')
export const last_clears_mm = fix('last-clears-mm')
export const free_by_srcu = fix('free-by-srcu')
export const hmm_mmgrab = fix('hmm-mmgrab')
export const retry_only_nonblocking = fix('retry-only-nonblocking')
export const again_means_dropped = fix('again-means-dropped')
export const fault_checks_vma = fix('fault-checks-vma')

export const trylock_nonblocking = fix('trylock-nonblocking')
export const uncount_on_failure = fix('uncount-on-failure')

/** References are counted where somebody frees. */
export const counted = and(hmm_kref, unregister_unhooks)

export const device_spinlock = fix('device-spinlock')

// Locks and checks.
export const callback_trylock = fix('callback-trylock')
export const refusal_is_returned = fix('refusal-is-returned')
export const vma_check = fix('vma-check')
export const pte_special_check = fix('pte-special-check')
export const pfn_values_check = fix('pfn-values-check')
export const mprotect_mmap_sem = fix('mprotect-mmap-sem')
export const reaper_brackets = fix('reaper-brackets')
export const stable_check = fix('stable-check')
export const collapse_brackets = fix('collapse-brackets')
export const bracket_outside_ptl = fix('bracket-outside-ptl')
export const mmput_unlocked = fix('mmput-unlocked')
export const bind_unwinds = fix('bind-unwinds')
export const unbind_flushes = fix('unbind-flushes')
export const core_releases_first = fix('core-releases-first')
export const unhook_twice = fix('unhook-twice')

/** Somebody may drop the last reference of mm_users in a place where exit_mmap() must not run. */
export const any_may_exit = or(not(mmput_unlocked), callback_does.eq('mmput'))

// What a driver does wrong, or otherwise than it should.
/** After hmm_vma_fault() has failed, the driver calls hmm_vma_range_done(), as the comment in mm/hmm.c says. */
export const range_done_after_error = fix('range-done-after-error')

// What a scenario starts from.
/** The way the driver fills its page table: by a snapshot of what is there, or by faulting in what is missing. */
export const driver_calls = constant('driver-calls', oneOf('hmm_vma_get_pfns', 'hmm_vma_fault'))
/** The `block` argument of hmm_vma_fault(): whether mmap_sem must stay held. */
export const block = fix('block')
/** The operations of the CPUs beside faulting, accessing, unmapping and reclaiming. */
export const cpus_also = constant(
  'cpus-also',
  oneOf('nothing', 'write-protect', 'oom-reaper', 'special-entries', 'fork', 'huge-pages', 'oom-write'),
)
/** The work of a driver after hmm_mirror_register() may fail. */
export const bind_fails = fix('bind-fails')
/** A signal may arrive while a notifier is being registered: mm_take_all_locks() fails. */
export const interrupted = fix('interrupted')
/** Devices are unbound as the files of the process are closed: after exit_mmap(). */
export const unbound_after_exit = fix('unbound-after-exit')
/** Devices may be unplugged: the driver frees a device of which no mirror is left. */
export const unplugged = fix('unplugged')
