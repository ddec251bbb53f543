/** Judgements of a state alone: its invariants and `sometimes`, and the locks with which a thread rests in it. */
import type { CompiledInstance } from '../../compiler/layout.ts'
import { emitCondition } from '../../compiler/to-wasm/expression.ts'
import { breaks, succeeded, type Observer } from '../../compiler/to-wasm/observer.ts'
import { scopeIn } from '../../compiler/to-wasm/scope.ts'
import { fork, stateIn } from '../../compiler/to-wasm/state.ts'
import { keep, writing } from '../../compiler/to-wasm/writing.ts'
import type { Watch } from '../../compiler/watch.ts'
import type { Expression } from '../../language/ast.ts'
import { ifFalse, when } from '../../wasm/control.ts'
import type { Module } from '../../wasm/assembler.ts'
import type { Func } from '../../wasm/function.ts'
import { get, i32, either32 } from '../../wasm/expression.ts'
import { const32, parameter32, typed32 } from '../../wasm/typed.ts'
import { emitFound, isSettled } from './observer.ts'
import type { EngineScope } from './scope.ts'

/** Is there a condition to be judged of each state? */
export const judgesStates = ({ compiled: { watched } }: EngineScope): boolean =>
  watched.some(({ property }) => property?.condition !== undefined)

/**
 * (address of a state) Judges invariants and `sometimes`, and whether a step that changes nothing would break a
 * property of transitions.
 *
 *     (for each watch of a state
 *       (if (it is settled) (else (if condition (record)))))
 */
export function emitJudge(f: Func, { compiled, plan }: EngineScope): void {
  const { model, layout, watched } = compiled
  const w = writing(f, model, layout)
  const state = stateIn(f, layout, get(0, 'i32'))
  watched.forEach((watch, n) => {
    const condition = watch.property?.condition
    const judged = judgedAs(watch)
    if (condition === undefined || judged === undefined) return
    const scope = scopeIn(undefined, fork(state))
    const settled = isSettled(plan, n)
    switch (judged) {
      case 'invariant':
        ifFalse(f, settled, () => {
          emitFound(f, plan, n, typed32(breaks(f, emitCondition(w, condition, scope))), const32(0))
        })
        return
      case 'sometimes':
        ifFalse(f, settled, () => {
          emitFound(f, plan, n, typed32(succeeded(f, emitCondition(w, condition, scope))), const32(0))
        })
        return
      case 'transition': {
        const unchanged = plan.unchanged.cell(n)
        when(
          f,
          settled,
          () => {
            unchanged.store(f, 0)
          },
          () => {
            const bad = breaks(f, emitCondition(w, condition, { ...scope, before: scope.state }))
            unchanged.store(f, typed32(bad))
          },
        )
      }
    }
  })
}

/** The kind of property as which a watch is judged in a state, if it is. */
function judgedAs({ property, by }: Watch): 'invariant' | 'sometimes' | 'transition' | undefined {
  if (by === 'premise') return 'sometimes'
  if (by !== 'itself') return undefined
  switch (property?.kind) {
    case 'invariant':
    case 'sometimes':
    case 'transition':
      return property.kind
    default:
      return undefined
  }
}

/** For each instance and control point where it may rest: the function that looks at the locks it holds there. */
type Rests = ReadonlyMap<CompiledInstance, ReadonlyMap<number, number>>

/** A lock that an instance may hold at a control point, and the watch of that. */
interface RestingLock {
  readonly watch: number
  readonly point: number
  readonly isHeld: Expression
}

/** The functions of a state in which a thread comes to rest: they report the locks that it holds there. */
export function emitRests(m: Module, scope: EngineScope): Rests {
  const { layout, threads, watched } = scope.compiled
  const locksOf = ({ thread }: CompiledInstance): readonly RestingLock[] =>
    watched.flatMap(({ rest }, watch) =>
      rest !== undefined && threads[rest.thread] === thread
        ? [{ watch, isHeld: rest.isHeld, point: thread.points.findIndex(({ name }) => name === rest.point) }]
        : [],
    )
  const functionsOf = (instance: CompiledInstance): ReadonlyMap<number, number> => {
    const locks = locksOf(instance)
    const functionAt = (point: number): number =>
      m.function(['i32'], [], (f) => {
        emitRest(
          f,
          scope,
          instance,
          locks.filter((one) => one.point === point),
        )
      })
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
  { compiled: { model, layout }, plan }: EngineScope,
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
    for (const { watch, isHeld } of held) emitFound(f, plan, watch, typed32(isHeld), parameter32(0))
  })
}

/** The observer, with reports of threads that come to rest. */
export const withRests = (observer: Omit<Observer, 'rest'>, rests: Rests): Observer => ({
  ...observer,
  rest(f, instance, point, successor) {
    const looks = rests.get(instance)?.get(point)
    if (looks !== undefined) f.do(looks, successor)
  },
})
