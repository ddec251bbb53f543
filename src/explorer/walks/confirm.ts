/** From a sighting to a run: the reference interpreter plays the walk, agrees with the engine on every state, and finds that it shows what the engine says. */
import type { Run } from '../../semantics/machine.ts'
import { partition } from '../partition.ts'
import type { Prepared } from '../prepare.ts'
import { player, replayWay } from '../trace.ts'
import type { Sighting } from './walk.ts'

/**
 * The run up to what was sighted.
 *
 * @throws Disagreement if engine and interpreter differ
 */
export function confirm({ compiled, reference }: Prepared, sighting: Sighting): Run {
  const engine = partition(compiled, new WebAssembly.Module(compiled.emit({ boxes: 0, shared: false }) as Uint8Array<ArrayBuffer>), { log: 0, boxes: 0, bytes: 2 ** 16 })
  return replayWay(player(compiled, engine, reference), sighting)
}
