/**
 * The parts that the merged mirror (4.14 to 5.1) has or lacks: one boolean constant each. Those that a protocol lists
 * stand in the files of `fixes`, by the protocols that list them; the others are choices of drivers and scenarios.
 */
import { and, constant, fix, not, oneOf, or } from 'hmmcheck'
import { callback_does } from 'hmmcheck/models/mirror-2017/fixes'
import { unregister_unhooks } from './fixes/by-4.20.ts'
import { hmm_kref } from './fixes/corrections.ts'
import { mmput_unlocked } from './fixes/only-4.20.ts'

export * from './fixes/by-4.20.ts'
export * from './fixes/corrections.ts'
export * from './fixes/only-4.14.ts'
export * from './fixes/only-4.20.ts'
export * from './fixes/locks.ts'
export * from './fixes/checks.ts'
export { bound_at_start, callback_does, teardown, unregister_twice } from 'hmmcheck/models/mirror-2017/fixes'

/** References are counted where somebody frees. */
export const counted = and(hmm_kref, unregister_unhooks)

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
