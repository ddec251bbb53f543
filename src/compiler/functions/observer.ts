/** The calls that report to the engine what a model's functions find: failures, transitions, broken properties. */
import { get, i32, not32, either32, unary, type W } from '../../wasm/expression.ts'
import type { Claim } from '../../language/claims.ts'
import type { Func } from '../../wasm/function.ts'
import type { CompiledInstance } from '../layout.ts'

export interface Observer {
  /**
   * The number of a claim in the table of violations; -1 if it is not asked for. `covers`: that of a property's
   * `cover`s.
   */
  watch(claim: Claim): number
  covers(property: string): number
  /** The transition fails: by a domain error or a misuse, which are watched always. */
  fail(f: Func, property: number, successor: W): void
  /** The transition that is being written to `successor` violates or witnesses the property, if `condition`. */
  found(f: Func, property: number, condition: W, successor: W): void
  /** Whether a violation or witness has been found already. */
  settled(property: number): W
  /** The transition that is being written to `successor` is one of an instance, by this edge of its thread. */
  take(f: Func, instance: CompiledInstance, edge: number, successor: W): void
  /** A transition of an instance by this edge was tried and fails: it is not one that never happens. */
  tried(f: Func, instance: CompiledInstance, edge: number): void
  /** A transition of an instance goes through this branch of its thread. */
  arm(f: Func, instance: CompiledInstance, arm: number): void
  /** An instance reaches a control point by the transition that has been written to `successor`. */
  rest(f: Func, instance: CompiledInstance, point: number, successor: W): void
  /** Whether a transition that does not change what the property reads breaks it. */
  stutters(property: number): W
  /** Number of transitions of the state that have failed. */
  fails(): W
}

/** A truth value that may have raised the flag: true if it did or is false. Resets the flag. */
function failed(f: Func, truth: W): W {
  const t = f.local('i32')
  f.set(t, truth)
  f.set(t, either32(get(f.error, 'i32'), unary('eqz32', get(t, 'i32'))))
  f.set(f.error, i32(0))
  return get(t, 'i32')
}
/** For `sometimes`: true if it is true and did not raise the flag. */
export function succeeded(f: Func, truth: W): W {
  if (!truth.partial) return truth
  const bad = failed(f, truth)
  return not32(bad)
}
/** Whether a condition that must hold does not: a failure in it breaks it. */
export const breaks = (f: Func, truth: W): W => (truth.partial ? failed(f, truth) : not32(truth))
