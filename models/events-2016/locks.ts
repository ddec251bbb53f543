/** What every operation leaves behind: no lock, no bracket and no event. */
import { and, Assert, current, every, not, type Bool, type Recorded } from '../../src/language/index.ts'
import { holds_rwsem } from '../kernel/index.ts'
import { device_faults, hmm, Hmm, mm, ranges } from './state.ts'

const holds_no_lock = (): Bool => and(
  not(holds_rwsem(mm.mmap_sem, current)),
  every(Hmm, (one) => not(holds_rwsem(hmm.at(one).rwsem, current))),
  ranges.at(current).isNone,
  device_faults.at(current).va.isNone,
)

/** For the step that begins an operation: the one before has given back every lock. */
export const returned_unlocked = (): Recorded => Assert('P-LOCK', holds_no_lock(), 'an operation returned with a lock held, or with a range or an event still listed')
