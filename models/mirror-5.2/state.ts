/** struct hmm and its ranges, the CPU's entry, the device's own, and the driver's lock. */
import { array, Bool, epoch, oneOf, saturating, setOf, shared, size, struct, Thread } from 'hmmcheck'
import { Device, Mutex, Rwsem } from 'hmmcheck/kernel'

/** The page table entry of the one address: it is known by when it was changed last. */
export const pte = epoch('pte')
export const PteKind = oneOf('present', 'swap', 'migration').as('kind')
export const pte_kind = shared('pte_kind', PteKind)

/** hmm->notifiers: the brackets that are counted. It stays at one more than there are threads. */
export const notifiers = shared('notifiers', saturating(0, size(Thread, 1)))
/** hmm->mirrors_sem */
export const mirrors_sem = shared('mirrors_sem', Rwsem)
/** Brackets that are open: from before their start until they have ended, or were refused. */
export const brackets = shared('brackets', setOf(Thread))

/** A number that each start changes: what 5.5 has in the place of `valid`. */
export const invalidate_seq = epoch('invalidate_seq')
/** struct hmm_range, one of each device's driver, and whether it is in hmm->ranges. */
export const ranges = shared(
  'ranges',
  array(Device, struct('hmm_range', { listed: Bool, valid: Bool, seq: invalidate_seq.Sample, read: pte.Sample })),
)
/** Ranges whose memory, a stack frame, is still theirs. */
export const live_ranges = shared('live_ranges', setOf(Device))

/** The device's own entry. */
export const device_pte = shared('device_pte', array(Device, struct('device_pte', { mapped: Bool, pte: pte.Sample })))
export const driver_lock = shared('driver_lock', Mutex)
