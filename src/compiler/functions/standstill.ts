/** Threads that go no further: whether they are at an allowed end, and whether some wait for each other alone. */
import type { Functions } from '../../wasm/assembler.ts'
import { doWhile, ifFalse } from '../../wasm/control.ts'
import { binaryOp, either32, get, i32, i64, unary, type W } from '../../wasm/expression.ts'
import type { Func } from '../../wasm/function.ts'
import { all, call32, local32, local64, parameter32, parameter64 } from '../../wasm/typed.ts'
import type { TransitionSystem } from '../transition-system.ts'
import { readAt } from './access.ts'
import { emitWaits } from './instance-functions.ts'
import { locate } from './location.ts'
import type { Observer } from './observer.ts'
import { stateIn } from './state.ts'
import { keep, writing } from './writing.ts'

/** (address of a state) -> the instances that are at an allowed end there, a bit for each. */
export function emitIdle(f: Func, { model, layout }: TransitionSystem): void {
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
export function emitStuck(m: Functions, system: TransitionSystem, observer: Observer): number {
  const waits = emitWaits(m, system, observer)
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
