/**
 * From a sighting to a run: the reference interpreter plays the walk, agrees with the engine on every state, and
 * finds that it shows what the engine says.
 */
import type { Run } from '../../semantics/machine.ts'
import { oracle } from '../../engine/oracle.ts'
import type { Prepared } from '../prepare.ts'
import { player, replayWay } from '../trace.ts'
import type { Sighting } from './walk.ts'

/**
 * The run up to what was sighted.
 *
 * @throws Disagreement if engine and interpreter differ
 */
export function confirm({ compiled, reference }: Prepared, sighting: Sighting): Run {
  return replayWay(player(compiled, oracle(compiled), reference), sighting)
}
