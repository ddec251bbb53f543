/**
 * The evaluations and the stores of a transition. If something fails in it, the observer is called and the transition
 * ends without a successor.
 */
import type { Expression } from '../../language/ast.ts'
import { domainClaim } from '../../language/claims.ts'
import type { BranchTarget } from '../../wasm/function.ts'
import { get, i32, type W } from '../../wasm/expression.ts'
import { internal, lowOf, partsOf } from '../encoding.ts'
import type { CompiledInstance } from '../layout.ts'
import { writeAt } from './access.ts'
import { emitCode, isSmall, partOf } from './coded.ts'
import { emitCondition, emitTarget } from './expression.ts'
import { partAt, type Location } from './location.ts'
import type { Observer } from './observer.ts'
import { scopeIn } from './scope.ts'
import type { PackedState } from './state.ts'
import { coded, composed, fitted, type Coded, type Fitted, type Numeric } from './value.ts'
import { keep, type Writing } from './writing.ts'

/** A transition of an instance while it is written. */
export interface TransitionWriting {
  readonly w: Writing
  readonly instance: CompiledInstance
  readonly observer: Observer
  /** The address that the successor is written to. */
  readonly here: W
}

/** The transition fails: it breaks the property, and has no successor. */
export function emitFailure(
  { w: { f }, observer, here }: TransitionWriting,
  property: number,
  out: BranchTarget,
): void {
  observer.fail(f, property, here)
  f.br(out)
}

/** The transition fails if the error flag is raised. */
export function failOnError(t: TransitionWriting, out: BranchTarget): void {
  const { f } = t.w
  f.if(get(f.error, 'i32'), () => {
    f.set(f.error, i32(0))
    emitFailure(t, t.observer.watch(domainClaim), out)
  })
}

/** A condition of the transition itself: a domain error in it makes the transition fail. */
export function conditionIn(t: TransitionWriting, e: Expression, state: PackedState, out: BranchTarget): W {
  const truth = emitCondition(t.w, e, scopeIn(t.instance, state))
  if (!truth.partial) return truth
  const kept = keep(t.w, truth, true)
  failOnError(t, out)
  return kept
}

/** The place that an effect changes: an index outside makes the transition fail. */
export function targetIn(t: TransitionWriting, e: Expression, state: PackedState, out: BranchTarget): Location {
  const { raised } = t.w
  const at = emitTarget(t.w, e, scopeIn(t.instance, state))
  if (t.w.raised !== raised) failOnError(t, out)
  return at
}

/** A value that was evaluated as a whole, and whether the flag may have been raised by that. */
export interface Settled<V> {
  readonly value: V
  readonly partial: boolean
}

/** Evaluates all of a value now. */
export function settleValue(w: Writing, v: Coded): Settled<Fitted> {
  if (isSmall(w, v.type)) {
    const code = emitCode(w, v)
    return { value: fitted(coded(v.type, keep(w, code, code.partial))), partial: code.partial }
  }
  const parts = partsOf(v.type, w.sizes).map(({ key }) => [key, settleValue(w, partOf(w, v, key))] as const)
  const found = new Map(parts)
  return {
    value: fitted(composed(v.type, (key) => found.get(key)?.value ?? internal('no part'))),
    partial: parts.some(([, part]) => part.partial),
  }
}
export const settleNumber = (w: Writing, v: Numeric): Settled<Numeric> => ({
  value: { ...v, number: keep(w, v.number, v.number.partial) },
  partial: v.number.partial,
})

/** Puts a value of the place's type there. */
export function store(w: Writing, state: PackedState, at: Location, value: Fitted): void {
  if (lowOf(value.type) !== lowOf(at.type)) internal('a value that was brought to another type than its place has')
  if (isSmall(w, at.type)) {
    writeAt(w, state, at, emitCode(w, value))
    return
  }
  for (const { key } of partsOf(at.type, w.sizes)) store(w, state, partAt(w, at, key), fitted(partOf(w, value, key)))
}
