/**
 * The observer of the compiler's functions while they go through transitions: it writes their reports where
 * TypeScript finds it.
 */
import type { Observer } from '../../compiler/to-wasm/observer.ts'
import { watchOf } from '../../compiler/watch.ts'
import type { Func } from '../../wasm/function.ts'
import { ifFalse, when } from '../../wasm/control.ts'
import { all, typed32, type I32 } from '../../wasm/typed.ts'
import { control, finding, findingOf, type MemoryPlan } from '../memory.ts'
import { statesIn, type EngineScope } from './scope.ts'

/** Has a watch been found, or is it not looked for any more? */
export const isSettled = (plan: MemoryPlan, watch: number): I32 => findingOf(plan, watch).status.load()

/** Writes a finding down: its parent, and the numbers of successors and failures before it. */
function emitRecord(f: Func, plan: MemoryPlan, watch: number, successor: I32): void {
  const { status, parent, successorBytes, fails } = findingOf(plan, watch)
  status.store(f, finding.found)
  parent.store(f, control.parent.load())
  successorBytes.store(f, successor.sub(control.firstSuccessor.load()))
  fails.store(f, control.fails.load())
  control.found.store(f, control.found.load().add(1))
}

/** Writes a finding down, if it is the first of its watch and the condition holds. */
export function emitFound(f: Func, plan: MemoryPlan, watch: number, condition: I32, successor: I32): void {
  when(f, all([isSettled(plan, watch).isZero(), condition]), () => {
    emitRecord(f, plan, watch, successor)
  })
}

/** The observer without reports of threads that come to rest. */
export function observerOf({ compiled, plan, options }: EngineScope): Omit<Observer, 'rest'> {
  const { watched, edges } = compiled
  const taken = Array.from({ length: plan.edges.count }, (_, number) => plan.edges.cell(number))
  const mark = (f: Func, number: number): void => {
    taken[number]?.store(f, 1)
  }
  return {
    watch: (claim) => watchOf(watched, claim),
    covers: (property) => watched.findIndex(({ by, claim }) => by === 'covers' && claim.name === property),
    fail(f, watch, successor) {
      if (watch >= 0)
        ifFalse(f, isSettled(plan, watch), () => {
          emitRecord(f, plan, watch, typed32(successor))
        })
      control.fails.store(f, control.fails.load().add(1))
    },
    found(f, watch, condition, successor) {
      emitFound(f, plan, watch, typed32(condition), typed32(successor))
    },
    settled: (watch) => isSettled(plan, watch).w,
    take(f, instance, edge, successor) {
      const number = instance.thread.firstEdge + edge
      mark(f, number)
      if (options.labelled !== true) return
      const n = statesIn(plan, typed32(successor).sub(plan.successors.address))
      plan.labels.store(f, n, number)
    },
    tried(f, instance, edge) {
      mark(f, instance.thread.firstEdge + edge)
    },
    arm(f, instance, arm) {
      mark(f, edges.length + instance.thread.firstArm + arm)
    },
    stutterAddress: (watch) => plan.unchanged.addressOf(watch),
    fails: () => control.fails.load().w,
  }
}
