/** Answers questions about single states, without keeping any. */
import type { Compiled } from '../compiler/compile.ts'
import { moduleOf } from './code.ts'
import type { EmitOptions } from './emit/scope.ts'
import { watchesOf, type Finding, type Watches } from './findings.ts'
import { startInstance, type EngineInstance } from './instance.ts'
import { orbitsOf, type Orbits } from './orbits.ts'
import { control } from './memory.ts'

/** The successors of one state. */
export interface Successors {
  readonly count: number
  /** In the order of their transitions. */
  readonly states: Uint8Array
  /** Number of transitions that failed. */
  readonly fails: number
  readonly findings: readonly Finding[]
}

export interface Oracle {
  readonly stateBytes: number
  /** The number of thread instances. */
  readonly threads: number
  /** The successors of a state. Findings are of its transitions, and of the state. */
  successorsOfAll(state: Uint8Array): Successors
  /** The same of one thread instance alone. */
  successorsOfThread(state: Uint8Array, instance: number): Successors
  /** The instances that are at an allowed end, a bit for each. */
  idle(state: Uint8Array): bigint
  readonly watches: Watches
  readonly orbits: Orbits
}

export function oracleOf(instance: EngineInstance): Oracle {
  const { plan, engine, view } = instance
  const watches = watchesOf(instance)
  const read = (length: number): Successors => ({
    count: length / plan.stateBytes,
    states: instance.copyOut(plan.successors.address, length),
    fails: control.fails.read(view()),
    findings: watches.take({ log: 0, index: 0 }),
  })
  return {
    stateBytes: plan.stateBytes,
    threads: instance.model.model.instances.length,
    successorsOfAll(state) {
      instance.input(state)
      return read(engine.successorsOfAll())
    },
    successorsOfThread(state, thread) {
      instance.input(state)
      return read(engine.successorsOfThread(thread))
    },
    idle: (state) => engine.idle(instance.input(state)),
    watches,
    orbits: orbitsOf(instance),
  }
}

/**
 * An oracle with a memory of its own.
 *
 * @param options of the module that it runs: any answers the same, so one that is there already saves another
 */
export const oracle = (compiled: Compiled, options: EmitOptions = {}): Oracle =>
  oracleOf(startInstance(compiled, moduleOf(compiled, options), { ...options, tableBytes: 0 }))
