/** Blocks of ghost code, which keep what is recorded for properties apart from the text of the protocol. */
import type { Expression } from '../ast.ts'
import { variableOf } from '../declarations.ts'
import { modelError } from '../errors.ts'
import { firstOtherThanGhostCode } from '../ghost-code.ts'
import { mustBeFunction } from '../given.ts'
import { block, present, recorded, type Block, type Recorded } from '../recorder.ts'

const isGhost = (e: Expression): boolean => e.kind === 'shared' && variableOf(e)?.of.ghost === true

/**
 * Ghost code: the block records for properties, and does nothing else. It assigns ghosts, witnesses, asserts and
 * tests; it stands in a step, and goes with it. No statement of its own: the model is the same without the word.
 *
 *     Ghost(() => {
 *       newest.add(page)
 *       Cover('P-CONTENT.reached')
 *     })
 *
 * @throws ModelError HMM029 if a statement of the protocol stands in it, or if it stands outside a step
 */
export function Ghost(body: Block): Recorded {
  mustBeFunction(body, 'Ghost', 1)
  const { statements, inStep, frame } = present()
  if (!inStep) throw modelError('HMM029', `a Ghost block stands outside a step of ${frame.name}`)
  const made = block(body)
  const other = firstOtherThanGhostCode(made, isGhost)
  if (other !== undefined) throw modelError('HMM029', 'a statement in a Ghost block does more than record', other.at)
  statements.push(...made)
  return recorded
}
