/** Choices inside a transition: the code behind them is written once for each value, or once in a loop over them. */
import type { BranchTarget } from '../../wasm/function.ts'
import { binaryOp, bit, get, i64, type W } from '../../wasm/expression.ts'
import { codesOf } from '../encoding.ts'
import type { CodeOf } from '../program.ts'
import { readAt, writeAt } from './access.ts'
import { emitTarget } from './expression.ts'
import { forgetLocal } from './facts.ts'
import { scopeIn } from './scope.ts'
import { fork, type PackedState } from './state.ts'
import { store, type TransitionWriting } from './store.ts'
import { coded, fitted } from './value.ts'
import { keep } from './writing.ts'

/** Writes what follows with one value. @param out behind what follows */
type Follow = (state: PackedState, out: BranchTarget) => void

/** @param copies the most copies of the code behind: if there are more values, it is written in a loop */
export function emitChoose(
  t: TransitionWriting,
  code: CodeOf<'choose'>,
  state: PackedState,
  copies: number,
  follow: Follow,
): void {
  const { w } = t
  const at = emitTarget(w, { kind: 'local', id: code.local }, scopeIn(t.instance, state))
  const candidate = (value: W): void => {
    w.f.block((end) => {
      const chosen = fork(state)
      forgetLocal(chosen, code.local)
      store(w, chosen, at, fitted(coded(code.over, value)))
      follow(chosen, end)
    })
  }
  const codes = codesOf(code.over, w.sizes)
  if (codes.length <= copies) {
    for (const value of codes) candidate(i64(value))
    return
  }
  const i = w.f.local('i64')
  w.f.set(i, i64(0))
  w.f.loop((again) => {
    candidate(get(i, 'i64'))
    w.f.set(i, binaryOp('add64', get(i, 'i64'), i64(1)))
    w.f.brIf(again, binaryOp('lt64s', get(i, 'i64'), i64(codes.length)))
  })
}

/** An element of a set, which leaves it. */
export function emitPick(t: TransitionWriting, code: CodeOf<'pick'>, state: PackedState, follow: Follow): void {
  const { w } = t
  const scope = scopeIn(t.instance, state)
  const remaining = emitTarget(w, { kind: 'local', id: code.remaining }, scope)
  const at = emitTarget(w, { kind: 'local', id: code.local }, scope)
  const set = keep(w, readAt(w, state, remaining), true)
  for (const value of codesOf(code.over, w.sizes)) {
    w.f.if(bit(set, i64(value)), () => {
      w.f.block((end) => {
        const picked = fork(state)
        forgetLocal(picked, code.local)
        store(w, picked, at, fitted(coded(code.over, i64(value))))
        writeAt(w, picked, remaining, binaryOp('and64', set, i64(~(1n << value))))
        follow(picked, end)
      })
    })
  }
}
