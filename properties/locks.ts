/** P-LOCK: what an operation takes it gives back. Deadlocks are properties of the language itself. */
import { assertion, sometimes } from '../src/language/index.ts'
import { tested, type Tested } from './tested.ts'

/**
 * At the beginning of each operation of a thread: the one before it has returned every lock.
 *
 * Put to the test: an operation gives back more than one lock: covered where it does.
 */
export const returns_unlocked = tested(
  'P-LOCK',
  (): Tested => [
    assertion('P-LOCK', {
      claim: 'hmm.h of 4.20 on the locks of hmm_vma_fault(); the pattern in mm/hmm.c unlocks on every way out',
    }),
    sometimes('P-LOCK.reached'),
  ],
)
