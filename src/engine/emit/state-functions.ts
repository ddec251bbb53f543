/** The functions that lead from a state to its successors, and judge it: each module of the engine has them. */
import { emitSuccessors } from '../../compiler/functions/instance-functions.ts'
import { withRests } from '../../compiler/functions/rests.ts'
import { emitIdle, emitStuck } from '../../compiler/functions/standstill.ts'
import type { Module } from '../../wasm/assembler.ts'
import type { Numbers } from '../../wasm/memory.ts'
import { emitJudge } from './judge.ts'
import { observerOf } from './observer.ts'
import type { EngineScope } from './scope.ts'
import { emitSuccessorsOfState, type Parts } from './successors.ts'

/** Functions by their numbers. */
export interface StateFunctions {
  readonly parts: Parts
  /** (address of a state, where its successors go) -> behind its last successor. */
  readonly ofState: number
}

/** @param ends where the successors of each instance end is written there, if it is to be known */
export function emitOfState(m: Module, scope: EngineScope, ends?: Numbers): StateFunctions {
  const { compiled } = scope
  const observer = withRests(m, compiled, observerOf(scope))
  const successorsOf = emitSuccessors(m, compiled, observer)
  const idle = m.function(['i32'], ['i64'], (f) => {
    emitIdle(f, compiled)
  })
  const looksForStuck = compiled.watched.some(({ property }) => property?.kind === 'lock-deadlock')
  const stuck = looksForStuck ? emitStuck(m, compiled, observer) : undefined
  const judge = m.function(['i32'], [], (f) => {
    emitJudge(f, scope)
  })
  const parts: Parts = { successorsOf, idle, stuck, judge }
  const ofState = m.function(['i32', 'i32'], ['i32'], (f) => {
    emitSuccessorsOfState(f, scope, parts, ends)
  })
  return { parts, ofState }
}
