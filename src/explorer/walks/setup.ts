/** All that walks need to know of a model: its code, its initial states, and what is known of its control points. */
import type { Compiled } from '../../compiler/compile.ts'
import { bracketsOf } from '../../compiler/brackets.ts'
import { assemble } from '../../engine/code.ts'
import { packed } from '../../engine/states.ts'
import { pointFact, type PointPlace } from '../../engine/walks/memory.ts'
import { emitWalks, planNeedsOf } from '../../engine/walks/module.ts'
import type { WalkSetup } from '../../engine/walks/walker.ts'
import type { Prepared } from '../prepare.ts'

/** States that are counted; of more, nothing is counted. */
const mostStates = 2 ** 23

export interface WalkSetupOptions {
  /** Whether distinct states and transitions are counted, which takes memory and time. */
  readonly counts?: boolean
  /** States that are counted at most. */
  readonly limit?: number
}

/** Modules are emitted once for each model. */
const codes = new WeakMap<Compiled, WebAssembly.Module>()

function codeOf(compiled: Compiled): WebAssembly.Module {
  const code = codes.get(compiled) ?? assemble(compiled, () => emitWalks(compiled))
  codes.set(compiled, code)
  return code
}

const pointsOf = ({ layout }: Compiled): readonly PointPlace[] =>
  layout.instances.map(({ thread, point: slot }) => {
    const brackets = bracketsOf(thread)
    const facts = thread.points.map(
      ({ idle }, n) => (thread.source.daemon || idle ? pointFact.idle : 0) | (brackets.has(n) ? pointFact.inside : 0),
    )
    return {
      offset: 8 * slot.word,
      shift: slot.shift,
      mask: 2 ** slot.packing.bits - 1,
      facts: Uint8Array.from(facts),
    }
  })

export const walkSetup = (
  { compiled, initial }: Prepared,
  { counts = true, limit = mostStates }: WalkSetupOptions = {},
): WalkSetup => ({
  code: codeOf(compiled),
  needs: planNeedsOf(compiled),
  initial: initial.map(packed),
  points: pointsOf(compiled),
  counts,
  limit,
})
