/** P-LOCK: what an operation takes it gives back. Deadlocks are properties of the language itself. */
import { assertion, sometimes, type Property } from '../src/language/index.ts'

/** At the beginning of each operation of a thread: the one before it has returned every lock. */
export const returns_unlocked = (): Property =>
  assertion('P-LOCK', {
    claim: 'hmm.h of 4.20 on the locks of hmm_vma_fault(); the pattern in mm/hmm.c unlocks on every way out',
  })

/** An operation gives back more than one lock: covered where it does. */
export const returns_unlocked_reached = (): Property => sometimes('P-LOCK.reached')
