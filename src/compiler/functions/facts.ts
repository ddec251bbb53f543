/**
 * Facts: results of the tests of optionals and unions on the path to a place in the code, so that a tested value is not
 * tested again where it is read.
 */
import type { Expression, Type } from '../../language/ast.ts'
import { rootOf } from '../../language/walk.ts'
import { factsFrom, isSameData, type Fact } from '../facts.ts'
import type { Effect } from '../program.ts'
import type { PackedState } from './state.ts'

const isSameFact = (a: Fact, b: Fact): boolean =>
  a.truth === b.truth && a.tag === b.tag && isSameData(a.expression, b.expression)

/** The facts that both know. */
export const commonFacts = (some: readonly Fact[], ...others: readonly (readonly Fact[])[]): readonly Fact[] =>
  some.filter((fact) => others.every((facts) => facts.some((one) => isSameFact(one, fact))))

const knows = ({ facts }: PackedState, expression: Expression, truth: boolean, tag?: string): boolean =>
  facts.some((fact) => fact.truth === truth && fact.tag === tag && isSameData(fact.expression, expression))

/** Whether the optional is known to have a value. */
export const knowsValue = (state: PackedState, optional: Expression): boolean => knows(state, optional, true)

/** Whether the union is known to be this case, or to be none of the others. */
export function knowsCase(state: PackedState, union: Expression, type: Type, tag: string): boolean {
  if (type.kind !== 'union') return false
  return (
    knows(state, union, true, tag) ||
    Object.keys(type.cases).every((other) => other === tag || knows(state, union, false, other))
  )
}

/** Adds the facts that follow from a test, from here on. */
export function learn(state: PackedState, condition: Expression, outcome: boolean): void {
  state.facts = [...state.facts, ...factsFrom(condition, outcome)]
}

/** The local has another value. */
export function forgetLocal(state: PackedState, id: number): void {
  state.facts = state.facts.filter(({ reads }) => !reads.locals.has(id))
}

/**
 * Drops the facts that an effect may have changed. After one on a shared variable no fact about any of them is left.
 */
export function forgetChanged(state: PackedState, effect: Effect): void {
  if (!('target' in effect)) return
  const root = rootOf(effect.target)
  if (root.kind === 'local') forgetLocal(state, root.id)
  else state.facts = state.facts.filter(({ reads }) => reads.variables.size === 0)
}
