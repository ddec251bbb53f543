/** A ghost records. Only ghosts depend on a ghost. */
import type { Expression, Model, Statement } from '../ast.ts'
import { firstOtherThanGhostCode } from '../ghost-code.ts'
import { armsOf, blocksOf, contains, expressionsOf, rootOf } from '../walk.ts'
import { isAtomic, mistakeIn, textsOf, type ModelText } from './texts.ts'

export function checkGhosts(model: Model): void {
  const ghosts = new Set(model.variables.filter(({ ghost }) => ghost).map(({ name }) => name))
  if (ghosts.size === 0) return
  for (const text of textsOf(model)) checkBlock(text.body, text.inStep, text, ghosts)
}

function checkBlock(body: readonly Statement[], inStep: boolean, text: ModelText, ghosts: ReadonlySet<string>): void {
  const isGhost = (e: Expression): boolean => e.kind === 'shared' && ghosts.has(e.name)
  const reads = (e: Expression): boolean => contains(e, isGhost)
  const wrong = (s: Statement, what: string): Error => mistakeIn(text, s, 'HMM020', what)

  for (const s of body) {
    if ('target' in s && isGhost(rootOf(s.target))) {
      if (!inStep) throw wrong(s, 'a ghost is assigned in a transition of its own')
    } else if (s.kind === 'if' && inStep && reads(s.condition)) {
      if (armsOf(s).some(({ binds }) => binds.length > 0)) throw wrong(s, 'a value of a ghost is bound to a local')
      const other = firstOtherThanGhostCode(
        armsOf(s).flatMap((arm) => arm.body),
        isGhost,
      )
      if (other !== undefined) throw wrong(other, 'whether this is done depends on a ghost')
    } else if (s.kind !== 'assert' && s.kind !== 'cover' && expressionsOf(s).some(reads)) {
      throw wrong(s, 'this reads a ghost')
    }
    for (const inner of blocksOf(s)) checkBlock(inner.body, inStep || isAtomic(s), text, ghosts)
  }
}
