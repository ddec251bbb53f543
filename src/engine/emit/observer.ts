/**
 * The observer of the compiler's functions while they go through transitions: it writes their reports where
 * TypeScript finds it.
 */
import type { Observer } from '../../compiler/functions/observer.ts'
import { watchOf } from '../../compiler/watch.ts'
import type { Func } from '../../wasm/function.ts'
import type { Module } from '../../wasm/assembler.ts'
import { ifFalse, when } from '../../wasm/control.ts'
import { i32, type W } from '../../wasm/expression.ts'
import { all, parameter32, typed32, type I32 } from '../../wasm/typed.ts'
import { control, finding, findingFields, findingOf, type MemoryPlan } from '../memory.ts'
import { statesIn, type EngineScope, type Recorders } from './scope.ts'

/** Has a watch been found, or is it not looked for any more? */
export const isSettled = (plan: MemoryPlan, watch: number): I32 => findingOf(plan, watch).status.load()

/** The address of the entry of a watch. */
const entryOf = ({ findings }: MemoryPlan, watch: number): W => i32(findings.addressOf(watch))

/** The functions that write findings down. They are called at each place where a transition is judged, or fails. */
export function emitRecorders(m: Module): Recorders {
  const { status, parent, successorBytes, fails } = findingFields
  const [entry, successor] = [parameter32(0), parameter32(1)]
  const record = m.function(['i32', 'i32'], [], (f) => {
    status.store(f, entry, finding.found)
    parent.store(f, entry, control.parent.load())
    successorBytes.store(f, entry, successor.sub(control.firstSuccessor.load()))
    fails.store(f, entry, control.fails.load())
    control.found.store(f, control.found.load().add(1))
  })
  const fail = m.function(['i32', 'i32'], [], (f) => {
    ifFalse(f, status.load(entry), () => {
      f.do(record, entry.w, successor.w)
    })
    control.fails.store(f, control.fails.load().add(1))
  })
  return { record, fail }
}

/** Writes a finding down, if it is the first of its watch and the condition holds. */
export function emitFound(
  f: Func,
  { plan, recorders }: EngineScope,
  watch: number,
  condition: I32,
  successor: I32,
): void {
  when(f, all([isSettled(plan, watch).isZero(), condition]), () => {
    f.do(recorders.record, entryOf(plan, watch), successor.w)
  })
}

/** The observer without reports of threads that come to rest. */
export function observerOf(scope: EngineScope): Omit<Observer, 'rest'> {
  const { compiled, plan, options, recorders } = scope
  const { watched, edges } = compiled
  const taken = Array.from({ length: plan.edges.count }, (_, number) => plan.edges.cell(number))
  const mark = (f: Func, number: number): void => {
    taken[number]?.store(f, 1)
  }
  return {
    watch: (claim) => watchOf(watched, claim),
    covers: (property) => watched.findIndex(({ by, claim }) => by === 'covers' && claim.name === property),
    fail(f, watch, successor) {
      f.do(recorders.fail, entryOf(plan, watch), successor)
    },
    found(f, watch, condition, successor) {
      emitFound(f, scope, watch, typed32(condition), typed32(successor))
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
    stutters: (watch) => plan.unchanged.cell(watch).load().w,
    fails: () => control.fails.load().w,
  }
}
