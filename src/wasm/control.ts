/** Control flow with the words of programming languages. Above each stands the shape that it emits. */
import type { Func, BranchTarget } from './function.ts'
import { opposite, type I32, type Local32 } from './typed.ts'

/** `(if condition then)`, with an `else` where there is one. */
export function when(f: Func, condition: I32, then: () => void, otherwise?: () => void): void {
  f.if(condition.w, then, otherwise)
}

/** `(if condition (then) (else otherwise))` */
export function ifFalse(f: Func, condition: I32, otherwise: () => void): void {
  f.if(condition.w, () => undefined, otherwise)
}

/** `(br_if target condition)` */
export function leaveIf(f: Func, target: BranchTarget, condition: I32): void {
  f.brIf(target, condition.w)
}

/**
 *     (block $done
 *       (loop $again
 *         (br_if $done (not condition))
 *         body
 *         (br $again)))
 *
 * @param condition computed before each round
 * @param body may leave the loop by a branch to `done`
 */
export function loopWhile(f: Func, condition: I32, body: (done: BranchTarget) => void): void {
  f.block((done) => {
    f.loop((again) => {
      leaveIf(f, done, opposite(condition))
      body(done)
      f.br(again)
    })
  })
}

/**
 *     (loop $again
 *       body
 *       (br_if $again condition))
 */
export function doWhile(f: Func, body: () => void, condition: () => I32): void {
  f.loop((again) => {
    body()
    leaveIf(f, again, condition())
  })
}

/** Never ends by itself: `body` leaves it by a branch to `done`. */
export function forever(f: Func, body: (done: BranchTarget) => void): void {
  f.block((done) => {
    f.loop((again) => {
      body(done)
      f.br(again)
    })
  })
}

/** For `i` = from, from + step, ..., as long as it is less than `end`. */
export function forUpTo(
  f: Func,
  i: Local32,
  { from, end, step = 1 }: { readonly from: I32 | number; readonly end: I32; readonly step?: number },
  body: (done: BranchTarget) => void,
): void {
  i.set(from)
  loopWhile(f, i.lt(end), (done) => {
    body(done)
    i.set(i.add(step))
  })
}
