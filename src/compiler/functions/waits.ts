/** Whether an instance that has no enabled transition waits at acquisitions, and for whom. */
import type { BranchTarget } from '../../wasm/function.ts'
import { both32, binaryOp, bit, get, i32, i64, isNo, either32, type W } from '../../wasm/expression.ts'
import type { CompiledInstance } from '../layout.ts'
import { codeBehind, type Blockers, type Code, type CodeOf } from '../program.ts'
import { remembered } from '../../language/remembered.ts'
import { emitChoose, emitPick } from './choices.ts'
import type { Continuations } from './continuation.ts'
import { emitEffect } from './effects.ts'
import { emitCondition } from './expression.ts'
import { succeeded } from './observer.ts'
import { bind, scopeIn } from './scope.ts'
import { fork, type PackedState } from './state.ts'
import { conditionIn, type TransitionWriting } from './store.ts'
import { coded } from './value.ts'
import { keep } from './writing.ts'

/** Whether there is an acquisition in the code. */
export const hasAcquisition: (code: Code) => boolean = remembered(
  (code) => (code.op === 'guard' && code.blockers !== undefined) || codeBehind(code).some(hasAcquisition),
)

export interface WaitsInput extends Omit<TransitionWriting, 'here'> {
  readonly instances: readonly CompiledInstance[]
  /** The local with the mask of the instances of which some may wait for each other. */
  readonly stuck: number
  readonly blocks: Continuations
}
interface WaitsWriting extends WaitsInput, TransitionWriting {
  /** Locals: whether an acquisition was met, and whether the instance waits at all that were. */
  readonly met: number
  readonly waits: number
}

/**
 * Leaves in the result whether the instance, which has no enabled transition in this state, waits at every
 * acquisition it has met for some instance of the set `stuck`.
 *
 * @param inBlock the result says both: bit 0 whether it has met an acquisition, bit 1 whether it waits at all of them
 */
export function emitWaitsFrom(input: WaitsInput, code: Code, before: PackedState, inBlock: boolean): void {
  const { f } = input.w
  const t: WaitsWriting = {
    ...input,
    // nothing is reported: it is not a transition
    observer: { ...input.observer, watch: () => -1, covers: () => -1, fail: () => undefined, arm: () => undefined },
    here: i32(0),
    met: f.local('i32'),
    waits: f.local('i32'),
  }
  const met = get(t.met, 'i32'),
    waits = get(t.waits, 'i32')
  f.set(t.met, i32(0))
  f.set(t.waits, i32(1))
  f.block((out) => {
    follow(t, code, fork(before), out)
  })
  f.result(inBlock ? binaryOp('or32', met, binaryOp('mul32', waits, i32(2))) : both32(met, waits))
}

function follow(t: WaitsWriting, code: Code, state: PackedState, out: BranchTarget): void {
  const { f } = t.w
  switch (code.op) {
    case 'goto':
      f.set(t.waits, i32(0))
      return
    case 'block': {
      const called = t.blocks.go(t.w, code, state)
      if (called === undefined) follow(t, code.next, state, out)
      else goOn(t, called)
      return
    }
    case 'effect':
      emitEffect(t, code.effect, state, out)
      follow(t, code.next, state, out)
      return
    case 'branch': {
      const condition = conditionIn(t, code.condition, state, out)
      f.if(
        condition,
        () => {
          follow(t, code.then, fork(state), out)
        },
        () => {
          follow(t, code.otherwise, fork(state), out)
        },
      )
      return
    }
    case 'either':
      for (const one of code.branches)
        f.block((end) => {
          follow(t, one, fork(state), end)
        })
      return
    case 'guard':
      guard(t, code, state, out)
      return
    case 'choose':
      emitChoose(t, code, state, Infinity, (chosen, end) => {
        f.if(code.where === undefined ? i32(1) : conditionIn(t, code.where, chosen, end), () => {
          follow(t, code.next, chosen, end)
        })
      })
      return
    case 'pick':
      emitPick(t, code, state, (picked, end) => {
        follow(t, code.next, picked, end)
      })
      return
  }
}

/** A block says both: whether it met an acquisition, and whether the instance waits at all that it met. */
function goOn({ w: { f }, met, waits }: WaitsWriting, called: W): void {
  const both = f.local('i32')
  f.set(both, called)
  f.set(met, binaryOp('or32', get(met, 'i32'), binaryOp('and32', get(both, 'i32'), i32(1))))
  f.set(waits, binaryOp('and32', get(waits, 'i32'), binaryOp('shr32', get(both, 'i32'), i32(1))))
}

function guard(t: WaitsWriting, code: CodeOf<'guard'>, state: PackedState, out: BranchTarget): void {
  const { f } = t.w
  const { blockers } = code
  f.if(
    conditionIn(t, code.condition, state, out),
    () => {
      follow(t, code.next, fork(state), out)
    },
    () => {
      f.set(t.met, i32(1))
      f.set(t.waits, blockers === undefined ? i32(0) : both32(get(t.waits, 'i32'), blockedByStuck(t, blockers, state)))
    },
  )
}

/** Whether some instance of the set holds what is waited for. */
function blockedByStuck(t: WaitsWriting, blockers: Blockers, state: PackedState): W {
  const { w } = t
  return t.instances.reduce<W>((any, { number }) => {
    const self = coded({ kind: 'id', sort: 'Thread' }, i64(number))
    const truth = emitCondition(w, blockers.condition, bind(scopeIn(t.instance, state), blockers.bound, self))
    if (isNo(truth)) return any
    return keep(w, either32(any, both32(bit(get(t.stuck, 'i64'), i64(number)), succeeded(w.f, truth))), true)
  }, i32(0))
}
