/** Code from a control point on: each path through it writes one packed successor. */
import type { Property } from '../../language/ast.ts'
import type { BranchTarget } from '../../wasm/function.ts'
import { binaryOp, get, i32, i64, isNo, isYes, either32, type W } from '../../wasm/expression.ts'
import { internal } from '../encoding.ts'
import { codeBehind, unrollLimit, type Code, type CodeOf } from '../program.ts'
import { remembered } from '../../language/remembered.ts'
import { readsIn, variablesWritten } from '../reads.ts'
import { unionOf } from '../sets.ts'
import { writeAt } from './access.ts'
import { emitChoose, emitPick } from './choices.ts'
import type { Continuations } from './continuation.ts'
import { emitEffect, unlessSettled } from './effects.ts'
import { emitCondition } from './expression.ts'
import { learn } from './facts.ts'
import { locate } from './location.ts'
import { breaks, type Observer } from './observer.ts'
import { scopeIn } from './scope.ts'
import { currentWord, fork, type PackedState } from './state.ts'
import { conditionIn, type TransitionWriting } from './store.ts'

/** The edges by which transitions through the code can end. */
const edgesOf: (code: Code) => ReadonlySet<number> = remembered((code) => {
  if (code.op === 'goto') return new Set([code.edge])
  const [first = new Set<number>(), ...others] = codeBehind(code).map(edgesOf)
  return unionOf(first, ...others)
})

/** The place where code begins: a control point, or a block. */
export interface Begin {
  /** The state in which the transition began. */
  readonly before: PackedState
  /** The state as it is now, and the variables written since. */
  readonly state: PackedState
  readonly written: ReadonlySet<string>
}

/** The writes and branches on the path to a place in the code. */
interface Path {
  readonly written: ReadonlySet<string>
  readonly arms: readonly number[]
}

/** Inputs of the code that writes the successors of an instance. */
export interface SuccessorInput extends Omit<TransitionWriting, 'here'> {
  /** The local in which the address of the next successor is. */
  readonly successor: number
  /** The properties of transitions that are judged. */
  readonly transitions: readonly Property[]
  readonly blocks: Continuations
}

interface SuccessorWriting extends SuccessorInput, TransitionWriting {
  readonly before: PackedState
  /**
   * The edges ahead of the effect or condition that is being written, and the branches on the path to it: they count as
   * tried if it fails.
   */
  tried: { readonly arms: readonly number[]; readonly ahead: ReadonlySet<number> }
}

/** Writes code from a control point or block on: from the state there to successors from `successor` on. */
export function emitPaths(input: SuccessorInput, code: Code, { before, state, written }: Begin): void {
  const { f } = input.w
  const here = get(input.successor, 'i32')
  const t: SuccessorWriting = {
    ...input,
    observer: {
      ...input.observer,
      fail(_, property, successor) {
        if (property < 0) internal('a transition fails, and nothing watches for it')
        tellTried(t, input.observer)
        input.observer.fail(f, property, successor)
      },
    },
    here,
    before,
    tried: { arms: [], ahead: new Set() },
  }
  f.block((out) => {
    follow(t, code, fork(state), { written, arms: [] }, out)
  })
}

function tellTried({ w: { f }, instance, tried: { arms, ahead } }: SuccessorWriting, observer: Observer): void {
  for (const arm of arms) observer.arm(f, instance, arm)
  for (const edge of ahead) if (edge < instance.thread.edges.length) observer.tried(f, instance, edge)
}

function follow(t: SuccessorWriting, code: Code, state: PackedState, path: Path, out: BranchTarget): void {
  const { f } = t.w
  t.tried = { arms: path.arms, ahead: edgesOf(code) }
  switch (code.op) {
    case 'block': {
      const called = t.blocks.go(t.w, code, state)
      if (called === undefined) follow(t, code.next, state, path, out)
      else goOn(t, called, path.arms)
      return
    }
    case 'goto':
      complete(t, code, state, path)
      return
    case 'effect': {
      // reported once there is a transition: a guard may come
      if (code.effect.op === 'arm') {
        follow(t, code.next, state, { ...path, arms: [...path.arms, code.effect.arm] }, out)
        return
      }
      emitEffect(t, code.effect, state, out)
      const written = unionOf(path.written, variablesWritten(code.effect))
      follow(t, code.next, state, { ...path, written }, out)
      return
    }
    case 'guard': {
      const condition = conditionIn(t, code.condition, state, out)
      if (isNo(condition)) return
      learn(state, code.condition, true)
      passIf(t, condition, () => {
        follow(t, code.next, state, path, out)
      })
      return
    }
    case 'branch':
      branch(t, code, state, path, out)
      return
    case 'either':
      for (const one of code.branches)
        f.block((end) => {
          follow(t, one, fork(state), path, end)
        })
      return
    case 'choose':
      emitChoose(t, code, state, unrollLimit, (chosen, end) => {
        const where = code.where === undefined ? i32(1) : conditionIn(t, code.where, chosen, end)
        passIf(t, where, () => {
          follow(t, code.next, chosen, path, end)
        })
      })
      return
    case 'pick':
      emitPick(t, code, state, (picked, end) => {
        follow(t, code.next, picked, path, end)
      })
      return
  }
}

/** Runs `pass` if the condition is true. A condition that is known is not tested. */
function passIf({ w }: SuccessorWriting, condition: W, pass: () => void): void {
  if (isNo(condition)) return
  if (isYes(condition)) pass()
  else w.f.if(condition, pass)
}

function branch(t: SuccessorWriting, code: CodeOf<'branch'>, state: PackedState, path: Path, out: BranchTarget): void {
  const condition = conditionIn(t, code.condition, state, out)
  const side = (outcome: boolean, s: PackedState): void => {
    learn(s, code.condition, outcome)
    follow(t, outcome ? code.then : code.otherwise, s, path, out)
  }
  if (isYes(condition)) side(true, state)
  else if (isNo(condition)) side(false, state)
  else
    t.w.f.if(
      condition,
      () => {
        side(true, fork(state))
      },
      () => {
        side(false, fork(state))
      },
    )
}

/** Goes on in a block. The branches on the path to it are taken, or tried, if it makes a transition, or fails. */
function goOn(
  { w: { f }, observer, instance, successor, here }: SuccessorWriting,
  called: W,
  arms: readonly number[],
): void {
  if (arms.length === 0) {
    f.set(successor, called)
    return
  }
  const old = f.local('i32'),
    failed = f.local('i32')
  f.set(old, here)
  f.set(failed, observer.fails())
  f.set(successor, called)
  f.if(
    either32(binaryOp('ne32', here, get(old, 'i32')), binaryOp('ne32', observer.fails(), get(failed, 'i32'))),
    () => {
      for (const arm of arms) observer.arm(f, instance, arm)
    },
  )
}

/** The transition is complete: it is judged and reported, and its successor is stored. */
function complete(t: SuccessorWriting, code: CodeOf<'goto'>, state: PackedState, path: Path): void {
  const { w, observer, instance, here } = t
  const { f } = w
  if (code.edge < instance.thread.edges.length) observer.take(f, instance, code.edge, here)
  for (const arm of path.arms) observer.arm(f, instance, arm)
  writeAt(w, state, locate(instance.point), i64(code.point))
  for (const property of t.transitions) judge(t, property, state, path.written)
  for (const { property, seen } of state.covers) {
    const n = observer.covers(property)
    if (n >= 0) observer.found(f, n, seen, here)
  }
  for (let i = 0; i < w.layout.words; i++) f.store(64, here, 8 * i, currentWord(w, state, i))
  observer.rest(f, instance, code.point, here)
  f.set(t.successor, binaryOp('add32', here, i32(8 * w.layout.words)))
}

/** A property of transitions: one that changes nothing that it reads is judged as one that changes nothing at all. */
function judge(t: SuccessorWriting, property: Property, state: PackedState, written: ReadonlySet<string>): void {
  const { w, observer, here } = t
  const n = observer.watch(property)
  const { condition } = property
  if (n < 0 || condition === undefined) return
  const { variables } = readsIn(condition)
  if (![...variables].some((v) => written.has(v))) {
    observer.found(w.f, n, observer.stutters(n), here)
    return
  }
  unlessSettled(t, n, () => {
    const scope = { ...scopeIn(undefined, fork(state)), before: fork(t.before) }
    observer.found(w.f, n, breaks(w.f, emitCondition(w, condition, scope)), here)
  })
}
