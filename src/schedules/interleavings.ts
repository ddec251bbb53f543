/**
 * Random schedules for properties of fast-check: drawn by a strategy over the reference semantics, and shrunk to
 * smaller runs of the model.
 */
import * as fc from 'fast-check'
import { bracketsOf } from '../compiler/brackets.ts'
import { lowerThread } from '../compiler/lowering/lower.ts'
import type { WalkState } from '../explorer/walks/walk.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { UsageError } from '../catalogue/usage.ts'
import { machine, threadOf, transitions } from '../semantics/machine.ts'
import type { Machine, Run, State, Transition } from '../semantics/machine.ts'
import { atAllowedEnd } from '../semantics/properties.ts'
import { arbitraryOf } from './arbitrary.ts'
import type { Schedule } from './schedule.ts'
import { smaller } from './smaller.ts'
import {
  findInitial,
  findTransition,
  initialStarts,
  nameInitial,
  nameTransition,
  refusedStep,
  showStep,
} from './steps.ts'
import { uniform } from './strategies/uniform.ts'
import type { Draw, Strategy } from './strategies/strategy.ts'

/** A run of a model, with the machine that plays it. */
export interface Interleaving extends Run {
  readonly machine: Machine
  /** The code that makes it again: a call of `interleaving`. */
  readonly [fc.toStringMethod]: () => string
}

/** A run in the words of a schedule. */
export type InterleavingSteps = Pick<Schedule, 'initial' | 'steps'>

export interface InterleavingOptions {
  /** Transitions at most; 100 if nothing is said. */
  readonly maxSteps?: number
  /** The strategy that draws them; `uniform` if it is left out. */
  readonly strategy?: Strategy
}

/**
 * An arbitrary of runs: each goes on for `maxSteps` transitions, or until nothing is possible or a step ends it: by a
 * domain error, or lock misuse.
 *
 * It shrinks to valid runs: without threads, stretches and single steps, and with what one thread does put together.
 * A property that fails is printed by fast-check with its seed and path, and with a small schedule as a call of
 * `interleaving`, to be pasted into a test.
 *
 *     fc.assert(fc.property(interleavings(model), (run) => violationsOf(run).length === 0))
 *
 * @param model with the properties that are judged: `selectProperties`
 */
export function interleavings(
  model: ConfiguredModel,
  { maxSteps = 100, strategy = uniform }: InterleavingOptions = {},
): fc.Arbitrary<Interleaving> {
  const graph = machine(model)
  const walk = walker(graph, maxSteps, strategy)
  return arbitraryOf({
    draw: (draw) => asInterleaving(graph, walk(draw)),
    isOne: (value): value is Interleaving =>
      typeof value === 'object' && value !== null && 'machine' in value && value.machine === graph,
    *shrink(run, phase) {
      for (const one of smaller(graph, run, phase)) yield { value: asInterleaving(graph, one.run), hint: one.phase }
    },
  })
}

/**
 * The run of these steps.
 *
 * @throws UsageError HMM240 if one of them is not enabled where it comes
 */
export function interleaving(model: ConfiguredModel, { initial, steps }: InterleavingSteps): Interleaving {
  const graph = machine(model)
  const start = findInitial(graph, initial)
  if (start === undefined)
    throw new UsageError(
      'HMM240',
      'there is no such initial state',
      `choose one of: ${initialStarts(graph).join('; ')}`,
    )
  let state: State | undefined = start.state
  const played = steps.map((step, n): Run['steps'][number] => {
    const transition: Transition | undefined = state && findTransition(graph, state, step)
    if (transition === undefined) {
      if (state === undefined)
        throw new UsageError('HMM240', `step ${n + 1} is not enabled (${showStep(step)})`, {
          cause: 'the step before it ends the run',
        })
      const { wanted, enabled } = refusedStep(graph, state, step)
      throw new UsageError(
        'HMM240',
        `step ${n + 1} is not enabled (${wanted})`,
        `take one that is enabled there: ${enabled.join('; ')}`,
      )
    }
    state = transition.outcome.kind === 'next' ? transition.outcome.state : undefined
    return { transition, ...(state === undefined ? {} : { state }) }
  })
  return asInterleaving(graph, { initial: start, steps: played })
}

/** The words of a run. */
export function interleavingSteps({ machine: graph, initial, steps }: Interleaving): InterleavingSteps {
  return {
    initial: nameInitial(graph, initial),
    steps: steps.map(({ transition }, n) => nameTransition(graph, steps[n - 1]?.state ?? initial.state, transition)),
  }
}

function asInterleaving(graph: Machine, { initial, steps }: Run): Interleaving {
  const made: Interleaving = { machine: graph, initial, steps, [fc.toStringMethod]: () => pasteable(made) }
  return made
}

/** One line per transition. */
function pasteable(run: Interleaving): string {
  const { initial, steps } = interleavingSteps(run)
  const lines = steps.map((step) => `    ${JSON.stringify(step)},\n`).join('')
  return `interleaving(model, {\n  initial: ${JSON.stringify(initial)},\n  steps: [\n${lines}  ],\n})`
}

/** A function that draws runs of a machine. */
function walker(graph: Machine, maxSteps: number, strategy: Strategy): (draw: Draw) => Run {
  const { model } = graph
  const named = model.threads.map((thread) => {
    const program = lowerThread(model, thread)
    return new Set([...bracketsOf(program)].map((point) => program.points[point]?.name ?? ''))
  })
  const annotate = (state: State, all: readonly Transition[]): WalkState => ({
    count: all.length,
    threadOf: (ordinal) => all[ordinal]?.thread ?? -1,
    isIdle: (thread) => atAllowedEnd(graph, state, thread),
    isInside: (thread) => named[model.instances[thread]?.thread ?? -1]?.has(threadOf(state, thread).point) === true,
  })
  return (draw) => {
    const initial = graph.initial[draw(graph.initial.length)]
    if (initial === undefined) throw new RangeError(`${model.name} has no initial state`)
    const choose = strategy.start(draw, { threads: graph.runners.length, maxSteps })
    const steps: Run['steps'][number][] = []
    let { state } = initial
    while (steps.length < maxSteps) {
      const all = transitions(graph, state)
      if (all.length === 0) break
      const transition = all[choose(annotate(state, all))]
      if (transition === undefined) throw new RangeError(`${strategy.name} chose what is not possible`)
      if (transition.outcome.kind !== 'next') {
        steps.push({ transition })
        break
      }
      state = transition.outcome.state
      steps.push({ transition, state })
    }
    return { initial, steps }
  }
}
