/** The successors of single states. */
import type { Func } from '../../wasm/function.ts'
import { when } from '../../wasm/control.ts'
import type { Numbers } from '../../wasm/memory.ts'
import { all, call32, const32, local32, local64, parameter32 } from '../../wasm/typed.ts'
import { control } from '../memory.ts'
import { emitDeadlock } from './deadlock.ts'
import { judgesStates } from './judge.ts'
import { emitFound, isSettled } from './observer.ts'
import { beginParent, type EngineScope } from './scope.ts'

/** Functions that the others call, by their numbers. */
export interface Parts {
  /** By instance: (state, where its successors go) -> behind the last. */
  readonly successorsOf: readonly number[]
  /** (state) -> the mask of the instances at an allowed end. */
  readonly idle: number
  /** (state, mask) -> whether some wait for each other alone; where a lock deadlock is looked for. */
  readonly stuck: number | undefined
  /** (state) Judges it. */
  readonly judge: number
}

/**
 * (address of a state, where its successors go) -> behind its last successor. Judges the state too.
 *
 *     judge state
 *     (for each instance
 *       (end := its successors, from end on)
 *       (if (none, and none failed) (without := without | instance)))
 *     (if (without and the lock deadlock is not settled) (if stuck (record)))
 *     deadlock?
 *
 * @param ends where the successors of the first instance begin is written there, then where those of each end
 */
export function emitSuccessorsOfState(
  f: Func,
  scope: EngineScope,
  { successorsOf, idle, stuck, judge }: Parts,
  ends?: Numbers,
): void {
  const { compiled, plan } = scope
  const state = parameter32(0),
    end = local32(f, 1)
  const old = local32(f),
    first = local32(f),
    failsBefore = local32(f),
    without = local64(f)
  first.set(end)
  if (judgesStates(scope)) f.do(judge, state.w)
  without.set(0n)
  ends?.cell(0).store(f, first)
  successorsOf.forEach((successors, i) => {
    if (stuck === undefined) {
      end.set(call32(successors, state, end))
      ends?.cell(i + 1).store(f, end)
      return
    }
    old.set(end)
    failsBefore.set(control.fails.load())
    end.set(call32(successors, state, end))
    when(f, all([old.eq(end), failsBefore.eq(control.fails.load())]), () => {
      without.set(without.or(1n << BigInt(i)))
    })
    ends?.cell(i + 1).store(f, end)
  })
  const lock = compiled.watched.findIndex((w) => w.property?.kind === 'lock-deadlock')
  if (stuck !== undefined && lock >= 0)
    when(f, all([without.ne(0n), isSettled(plan, lock).isZero()]), () => {
      emitFound(f, scope, lock, call32(stuck, state, without), const32(0))
    })
  emitDeadlock(f, scope, idle, { state, first, end, spare: old })
  f.result(end.w)
}

/** -> bytes of the successors of the first state of the input. */
export function emitSuccessorsOfAll(f: Func, { plan: { input, successors } }: EngineScope, ofState: number): void {
  beginParent(f, const32(0), successors.start)
  f.result(call32(ofState, input.start, successors.start).sub(successors.start).w)
}

/** (instance, address of a state, where its successors go) -> behind the last of those that the instance has. */
export function emitSuccessorsOfInstance(f: Func, { successorsOf }: Pick<Parts, 'successorsOf'>): void {
  const end = local32(f, 2)
  f.block((done) => {
    successorsOf.forEach((ofInstance, instance) => {
      when(f, parameter32(0).eq(instance), () => {
        end.set(call32(ofInstance, parameter32(1), end))
        f.br(done)
      })
    })
  })
  f.result(end.w)
}

/** (instance) -> bytes of the successors that it has in the first state of the input. */
export function emitSuccessorsOfThread(
  f: Func,
  scope: EngineScope,
  { ofInstance, judge }: Pick<Parts, 'judge'> & { readonly ofInstance: number },
): void {
  const { input, successors } = scope.plan
  beginParent(f, const32(0), successors.start)
  if (judgesStates(scope)) f.do(judge, input.start.w)
  f.result(call32(ofInstance, parameter32(0), input.start, successors.start).sub(successors.start).w)
}
