/** Effects of a transition on the packed state. */
import type { BranchTarget } from '../../wasm/function.ts'
import { binaryOp, choose, i64, isNo, isYes, not32, type W } from '../../wasm/expression.ts'
import { internal } from '../encoding.ts'
import type { Effect } from '../program.ts'
import { readAt } from './access.ts'
import { emitCode } from './coded.ts'
import { element } from './compare.ts'
import { emitCondition, emitExpression } from './expression.ts'
import { forgetChanged, learn } from './facts.ts'
import { fitTo } from './fit.ts'
import { emitBoth } from './join.ts'
import { breaks, succeeded } from './observer.ts'
import { emitQueueEffect } from './queue.ts'
import { scopeIn } from './scope.ts'
import { fork, type PackedState } from './state.ts'
import { conditionIn, emitFailure, failOnError, settleValue, store, targetIn, type TransitionWriting } from './store.ts'
import { coded, fitted } from './value.ts'
import { keep } from './writing.ts'

type EffectOf<O extends Effect['op']> = Extract<Effect, { readonly op: O }>

/** @param out where the transition goes if it fails */
export function emitEffect(t: TransitionWriting, effect: Effect, state: PackedState, out: BranchTarget): void {
  const { w, observer, instance } = t
  switch (effect.op) {
    case 'assign': {
      const at = targetIn(t, effect.target, state, out)
      const { value, partial } = settleValue(
        w,
        fitTo(w, emitExpression(w, effect.value, scopeIn(instance, state)), at.type),
      )
      if (partial) failOnError(t, out)
      store(w, state, at, value)
      forgetChanged(state, effect)
      return
    }
    case 'insert':
    case 'remove':
      emitSetEffect(t, effect, state, out)
      forgetChanged(state, effect)
      return
    case 'push':
    case 'pop':
    case 'discard':
      emitQueueEffect(t, effect, state, out)
      forgetChanged(state, effect)
      return
    case 'assert':
      emitAssertion(t, effect, state, out)
      return
    case 'cover': {
      if (observer.covers(effect.property) < 0) return
      const truth = emitCondition(w, effect.condition, scopeIn(instance, state))
      state.covers = [...state.covers, { property: effect.property, seen: keep(w, succeeded(w.f, truth), true) }]
      return
    }
    case 'arm':
      observer.arm(w.f, instance, effect.arm)
      return
    case 'test':
      emitTest(t, effect, state, out)
      return
  }
}

function emitSetEffect(
  t: TransitionWriting,
  effect: EffectOf<'insert' | 'remove'>,
  state: PackedState,
  out: BranchTarget,
): void {
  const { w } = t
  const at = targetIn(t, effect.target, state, out)
  if (at.type.kind !== 'set') return internal('an insertion into no set')
  const old = (): W => readAt(w, state, at)
  const given = emitExpression(w, effect.value, scopeIn(t.instance, state))
  if (effect.op === 'insert') {
    const { value, partial } = settleValue(w, fitTo(w, given, at.type.of))
    if (partial) failOnError(t, out)
    const inserted = binaryOp('or64', old(), binaryOp('shl64', i64(1), emitCode(w, value)))
    store(w, state, at, fitted(coded(at.type, inserted)))
    return
  }
  const { inside, code } = element(w, given, at.type.of)
  const partial = code.partial || inside.partial
  const removed = keep(w, choose(inside, binaryOp('shl64', i64(1), code), i64(0)), partial)
  if (partial) failOnError(t, out)
  store(w, state, at, fitted(coded(at.type, binaryOp('and64', old(), binaryOp('xor64', removed, i64(-1n))))))
}

/** One that is not `always` asserted is seen to fail, and ends nothing. */
function emitAssertion(t: TransitionWriting, effect: EffectOf<'assert'>, state: PackedState, out: BranchTarget): void {
  const { w, observer, here } = t
  const n = observer.watch({ kind: effect.always ? 'misuse' : 'assertion', name: effect.property })
  if (n < 0) return
  if (!effect.always) {
    unlessSettled(t, n, () => {
      const truth = emitCondition(w, effect.condition, scopeIn(t.instance, fork(state)))
      observer.found(w.f, n, breaks(w.f, truth), here)
    })
    return
  }
  const truth = conditionIn(t, effect.condition, state, out)
  if (isYes(truth)) return
  w.f.if(not32(truth), () => {
    emitFailure(t, n, out)
  })
}

/** Judges a property of which no violation or witness is known yet. */
export function unlessSettled({ w, observer }: TransitionWriting, property: number, judge: () => void): void {
  w.f.if(observer.settled(property), () => undefined, judge)
}

function emitTest(t: TransitionWriting, effect: EffectOf<'test'>, state: PackedState, out: BranchTarget): void {
  const truth = conditionIn(t, effect.condition, state, out)
  const side = (outcome: boolean, s: PackedState): void => {
    learn(s, effect.condition, outcome)
    for (const one of outcome ? effect.then : effect.otherwise) emitEffect(t, one, s, out)
  }
  if (isYes(truth)) side(true, state)
  else if (isNo(truth)) side(false, state)
  else emitBoth(t.w, keep(t.w, truth), state, side)
}
