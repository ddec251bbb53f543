/** Deadlocks: whether threads are at an allowed end, and whether some wait for each other alone. */
import { readAt } from '../../compiler/to-wasm/access.ts'
import { emitWaits } from '../../compiler/to-wasm/instance-functions.ts'
import { locate } from '../../compiler/to-wasm/location.ts'
import type { Observer } from '../../compiler/to-wasm/observer.ts'
import { stateIn } from '../../compiler/to-wasm/state.ts'
import { keep, writing } from '../../compiler/to-wasm/writing.ts'
import type { Module } from '../../wasm/assembler.ts'
import type { Func } from '../../wasm/function.ts'
import { doWhile, forUpTo, leaveIf, ifFalse, when } from '../../wasm/control.ts'
import { binaryOp, get, i32, i64, either32, unary, type W } from '../../wasm/expression.ts'
import { all, call32, call64, const32, const64, local32, local64, parameter32, parameter64 } from '../../wasm/typed.ts'
import type { I32, Local32 } from '../../wasm/typed.ts'
import { control } from '../memory.ts'
import { emitFound, isSettled } from './observer.ts'
import type { EngineScope } from './scope.ts'
import { wordsAt } from './words.ts'

/** (address of a state) -> the instances that are at an allowed end there, a bit for each. */
export function emitIdle(f: Func, { compiled: { model, layout } }: EngineScope): void {
  const state = stateIn(f, layout, get(0, 'i32'))
  const w = writing(f, model, layout)
  let mask: W = i64(0)
  for (const { number, thread, point: slot } of layout.instances) {
    const point = keep(w, readAt(w, state, locate(slot)), true)
    const ends = thread.points.flatMap(({ idle }, n) => (idle ? [binaryOp('eq64', point, i64(n))] : []))
    const isThere = thread.source.daemon ? i32(1) : ends.reduce(either32, i32(0))
    mask = keep(w, binaryOp('or64', mask, binaryOp('shl64', unary('extend', isThere), i64(number))), true)
  }
  f.result(mask)
}

/**
 * (address of a state, mask of the instances without a transition) -> is there a set of them that wait for each other
 * alone? An instance that also waits for one outside leaves the set, until no more leave.
 *
 *     (loop $again
 *       (changed := 0)
 *       (for each instance in the mask
 *         (if (it waits for some of the mask alone) (else (mask := mask without it) (changed := 1))))
 *       (br_if $again changed and (mask is not empty)))
 */
export function emitStuck(m: Module, { compiled }: EngineScope, observer: Observer): number {
  const waits = emitWaits(m, compiled, observer)
  return m.function(['i32', 'i64'], ['i32'], (f) => {
    const state = parameter32(0)
    const mask = local64(f, 1),
      changed = local32(f)
    doWhile(
      f,
      () => {
        changed.set(0)
        waits.forEach((wait, i) => {
          const own = 1n << BigInt(i)
          ifFalse(f, mask.and(own).isZero(), () => {
            ifFalse(f, call32(wait, state, mask), () => {
              mask.set(mask.and(~own))
              changed.set(1)
            })
          })
        })
      },
      () => all([changed.ne(0), mask.ne(0n)]),
    )
    f.result(parameter64(1).ne(0n).w)
  })
}

/** A state whose successors have been written. */
interface Expanded {
  readonly state: I32
  /** The address of the first successor, and behind the last. */
  readonly first: I32
  readonly end: I32
  /** A local that is not needed any more. */
  readonly spare: Local32
}

/**
 * Judges whether the state is a deadlock: no transition, or none that changes the state, and a thread that is not at
 * an allowed end. If a transition failed, that is unknown.
 *
 *     (if fails (else
 *       (block $out
 *         (if (there is no successor)
 *           (if (deadlock is settled) (else (record)))
 *           (br $out))
 *         (br_if $out (standstill is settled))
 *         (for each successor
 *           (br_if $out (it differs from the state)))
 *         (record))))
 */
export function emitDeadlock(f: Func, scope: EngineScope, idle: number, { state, first, end, spare }: Expanded): void {
  const { compiled, plan } = scope
  const { watched, model } = compiled
  const deadlock = watched.findIndex((w) => w.claim.kind === 'deadlock' && w.by === 'itself')
  const standstill = watched.findIndex((w) => w.claim.kind === 'deadlock' && w.by === 'standstill')
  if (deadlock < 0) return
  const everybody = (1n << BigInt(model.instances.length)) - 1n
  const somebodyIsNotAtAnEnd = call64(idle, state).ne(everybody)
  when(f, control.fails.load().isZero(), () => {
    f.block((out) => {
      when(f, first.eq(end), () => {
        when(f, isSettled(plan, deadlock).isZero(), () => {
          emitFound(f, scope, deadlock, somebodyIsNotAtAnEnd, const32(0))
        })
        f.br(out)
      })
      leaveIf(f, out, isSettled(plan, standstill))
      forUpTo(f, spare, { from: first, end, step: plan.stateBytes }, () => {
        const [successor, before] = [wordsAt(plan.words, spare), wordsAt(plan.words, state)]
        successor.forEach((word, n) => {
          leaveIf(f, out, word.ne(before[n] ?? const64(0n)))
        })
      })
      emitFound(f, scope, standstill, somebodyIsNotAtAnEnd, const32(0))
    })
  })
}
