/** All oracles: what they count is published, or was derived by at least two independent programs. */
import { rows as abstractLock } from './abstract-lock.ts'
import { rows as lifecycle } from './lifecycle.ts'
import { rows as lostUpdate } from './lost-update.ts'
import type { Oracle } from './oracle.ts'
import { rows as peterson } from './peterson.ts'
import { rows as philosophers } from './philosophers.ts'
import { rows as puzzles } from './puzzles.ts'
import { rows as simple } from './simple.ts'
import { rows as ticketLock } from './ticket-lock.ts'
import { rows as tokenRing } from './token-ring.ts'
import { rows as twoPhaseCommit } from './two-phase-commit.ts'

export type { Oracle } from './oracle.ts'

export const oracles: readonly Oracle[] = [
  ...twoPhaseCommit,
  ...lostUpdate,
  ...abstractLock,
  ...peterson,
  ...ticketLock,
  ...simple,
  ...tokenRing,
  ...puzzles,
  ...lifecycle,
  ...philosophers,
]
