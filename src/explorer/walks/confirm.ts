/**
 * From a finding to a run: the reference interpreter plays the walk, agrees with the engine on every state, and
 * finds that it shows what the engine says.
 */
import type { Run } from '../../semantics/machine.ts'
import { oracle } from '../../engine/oracle.ts'
import type { Prepared } from '../prepare.ts'
import { player, replayPacked } from '../trace.ts'
import type { WalkFinding } from './walk.ts'

/**
 * The run up to the finding.
 *
 * @throws Disagreement if engine and interpreter differ
 */
export function confirm({ compiled, reference }: Prepared, finding: WalkFinding): Run {
  return replayPacked(player(compiled, oracle(compiled), reference), finding)
}
