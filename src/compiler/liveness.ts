/** Live locals: those that are read later before they are written. */
import type { Expression } from '../language/ast.ts'
import type { Code, Effect, Program } from './program.ts'
import { readsIn } from './reads.ts'
import { isWithin, unionOf, without } from './sets.ts'

/** Ids of locals. */
export type Locals = ReadonlySet<number>
export const noLocals: Locals = new Set()

export const localsRead = (e: Expression | undefined): Locals => (e === undefined ? noLocals : readsIn(e).locals)

/** The locals that are live before an effect. */
function liveBefore(effect: Effect, after: Locals): Locals {
  switch (effect.op) {
    case 'assign':
      return effect.target.kind === 'local'
        ? unionOf(without(after, [effect.target.id]), localsRead(effect.value))
        : unionOf(after, localsRead(effect.target), localsRead(effect.value))
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return unionOf(after, localsRead(effect.target), localsRead(effect.value))
    case 'pop':
      return unionOf(after, localsRead(effect.target))
    case 'assert':
    case 'cover':
      return unionOf(after, localsRead(effect.condition))
    case 'arm':
      return after
    case 'test':
      return unionOf(
        liveBeforeAll(effect.then, after),
        liveBeforeAll(effect.otherwise, after),
        localsRead(effect.condition),
      )
  }
}
const liveBeforeAll = (effects: readonly Effect[], after: Locals): Locals =>
  effects.reduceRight((live, effect) => liveBefore(effect, live), after)

/** The locals that are live behind each of the effects. */
export function liveBehindEach(effects: readonly Effect[], after: Locals): readonly Locals[] {
  const behind: Locals[] = []
  effects.reduceRight((live, effect, n) => {
    behind[n] = live
    return liveBefore(effect, live)
  }, after)
  return behind
}

/**
 * The locals that are live before code, given those that are live in the code after it. `next`: for code that follows;
 * `at`: for a control point.
 */
export function liveBeforeCode(code: Code, next: (code: Code) => Locals, at: (point: number) => Locals): Locals {
  switch (code.op) {
    case 'block':
      return next(code.next)
    case 'goto':
      return at(code.point)
    case 'effect':
      return liveBefore(code.effect, next(code.next))
    case 'guard':
      return unionOf(next(code.next), localsRead(code.condition), localsRead(code.blockers?.condition))
    case 'branch':
      return unionOf(next(code.then), next(code.otherwise), localsRead(code.condition))
    case 'either': {
      const [first = noLocals, ...others] = code.branches.map(next)
      return unionOf(first, ...others)
    }
    case 'choose':
      return without(unionOf(localsRead(code.where), next(code.next)), [code.local])
    case 'pick':
      return unionOf(without(next(code.next), [code.local]), [code.remaining])
  }
}

/** By control point: what is live there. */
export function livenessOf({ points }: Program): readonly Locals[] {
  const live: Locals[] = points.map(() => noLocals)
  const at = (point: number): Locals => live[point] ?? noLocals
  const known = new Map<Code, Locals>()
  const before = (code: Code): Locals => {
    const found = (code.op === 'block' ? known.get(code) : undefined) ?? liveBeforeCode(code, before, at)
    if (code.op === 'block') known.set(code, found)
    return found
  }
  for (let changed = true; changed; ) {
    changed = false
    known.clear()
    for (const [point, { code }] of [...points.entries()].reverse()) {
      if (code === undefined) continue
      const now = before(code)
      if (isWithin(now, at(point))) continue
      live[point] = unionOf(at(point), now)
      changed = true
    }
  }
  return live
}
