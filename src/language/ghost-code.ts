/** Ghost code: statements that only record for properties. The protocol behaves the same without them. */
import type { Expression, Statement } from './ast.ts'
import { blocksOf, rootOf } from './walk.ts'

/**
 * The first statement of the block that is not ghost code: that does more than assign ghosts, witness and assert.
 *
 * @param isGhost whether an expression is a ghost
 */
export const firstOtherThanGhostCode = (
  body: readonly Statement[],
  isGhost: (e: Expression) => boolean,
): Statement | undefined => body.find((s) => !isGhostCode(s, isGhost))

function isGhostCode(s: Statement, isGhost: (e: Expression) => boolean): boolean {
  if ('target' in s) return isGhost(rootOf(s.target))
  switch (s.kind) {
    case 'assert':
    case 'cover':
      return true
    case 'if':
    case 'step':
    case 'call':
    case 'forEach':
      return blocksOf(s).every(({ body }) => firstOtherThanGhostCode(body, isGhost) === undefined)
    default:
      return false
  }
}
