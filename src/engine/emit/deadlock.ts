/** Whether a state is a deadlock. */
import type { Func } from '../../wasm/function.ts'
import { forUpTo, leaveIf, when } from '../../wasm/control.ts'
import { call64, const32, const64, type I32, type Local32 } from '../../wasm/typed.ts'
import { control } from '../memory.ts'
import { emitFound, isSettled } from './observer.ts'
import type { EngineScope } from './scope.ts'
import { wordsAt } from './words.ts'

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
