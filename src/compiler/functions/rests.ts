/** The locks that a thread holds where it comes to rest. */
import type { Expression } from '../../language/ast.ts'
import type { Functions } from '../../wasm/assembler.ts'
import { either32, get, i32 } from '../../wasm/expression.ts'
import type { Func } from '../../wasm/function.ts'
import type { CompiledInstance } from '../layout.ts'
import type { TransitionSystem } from '../transition-system.ts'
import { emitCondition } from './expression.ts'
import { succeeded, type Observer } from './observer.ts'
import { scopeIn } from './scope.ts'
import { stateIn } from './state.ts'
import { keep, writing } from './writing.ts'

/** For each instance and control point where it may rest: the function that looks at the locks it holds there. */
type Rests = ReadonlyMap<CompiledInstance, ReadonlyMap<number, number>>

/** A lock that an instance may hold at a control point, and the watch of that. */
interface RestingLock {
  readonly watch: number
  readonly point: number
  readonly isHeld: Expression
}

/** The observer, with reports of threads that come to rest. */
export function withRests(m: Functions, system: TransitionSystem, observer: Omit<Observer, 'rest'>): Observer {
  const rests = emitRests(m, system, observer)
  return {
    ...observer,
    rest(f, instance, point, successor) {
      const looks = rests.get(instance)?.get(point)
      if (looks !== undefined) f.do(looks, successor)
    },
  }
}

/** The functions of a state in which a thread comes to rest: they report the locks that it holds there. */
function emitRests(m: Functions, system: TransitionSystem, observer: Pick<Observer, 'found'>): Rests {
  const { layout, threads, watched } = system
  const locksOf = ({ thread }: CompiledInstance): readonly RestingLock[] =>
    watched.flatMap(({ rest }, watch) =>
      rest !== undefined && threads[rest.thread] === thread
        ? [{ watch, isHeld: rest.isHeld, point: thread.points.findIndex(({ name }) => name === rest.point) }]
        : [],
    )
  const functionsOf = (instance: CompiledInstance): ReadonlyMap<number, number> => {
    const locks = locksOf(instance)
    const functionAt = (point: number): number =>
      m.function(
        ['i32'],
        [],
        (f) => {
          emitRest(
            f,
            system,
            observer,
            instance,
            locks.filter((one) => one.point === point),
          )
        },
        () => ({ name: 'locks_at_rest', comment: `The locks with which ${instance.name} comes to rest.` }),
      )
    return new Map([...new Set(locks.map(({ point }) => point))].map((point) => [point, functionAt(point)]))
  }
  return new Map(layout.instances.map((instance) => [instance, functionsOf(instance)]))
}

/**
 * (address of a state) Looks at locks that an instance may hold there.
 *
 *     (if (it holds any)
 *       (for each lock (if (it holds it) (record))))
 */
function emitRest(
  f: Func,
  { model, layout }: TransitionSystem,
  observer: Pick<Observer, 'found'>,
  instance: CompiledInstance,
  locks: readonly RestingLock[],
): void {
  const w = writing(f, model, layout)
  const state = stateIn(f, layout, get(0, 'i32'))
  const held = locks.map(({ watch, isHeld }) => ({
    watch,
    isHeld: keep(w, succeeded(f, emitCondition(w, isHeld, scopeIn(instance, state))), true),
  }))
  f.if(held.map(({ isHeld }) => isHeld).reduce(either32, i32(0)), () => {
    for (const { watch, isHeld } of held) observer.found(f, watch, isHeld, get(0, 'i32'))
  })
}
