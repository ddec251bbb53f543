/** The question for a violation, with its budget. */
import { definedFields } from '../../language/defined-fields.ts'
import type { Question, FallWay } from '../messages.ts'
import { someSeed } from './seed.ts'

/** Random walks, and steps of each: seconds, if nothing falls. */
const [RUNS, MAX_STEPS] = [20_000, 1_000] as const

/** @param property the one that is to fall; any, if absent */
export const fallQuestion = (way: FallWay, property?: string): Question => ({
  kind: 'fall',
  way,
  runs: RUNS,
  maxSteps: MAX_STEPS,
  seed: someSeed(),
  ...definedFields({ property }),
})
