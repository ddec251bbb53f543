/** Random schedules, for properties of fast-check: a walk over the graph of a model, shrunk by what was drawn for it. */
import * as fc from 'fast-check'
import { transitions } from '../semantics/machine.ts'
import type { Machine, Run, State } from '../semantics/machine.ts'

/**
 * Runs of a machine. Each step takes any of the transitions that are enabled, failing ones too; a run ends early where nothing is enabled or a step fails.
 *
 * What is drawn is a number a step, so a failing run shrinks to one with fewer steps and earlier transitions.
 */
export function arbitraryRun(machine: Machine, { minSteps = 0, maxSteps = 100 }: { readonly minSteps?: number; readonly maxSteps?: number } = {}): fc.Arbitrary<Run> {
  const steps = fc.array(fc.nat(), { minLength: minSteps, maxLength: maxSteps, size: 'max' })
  return fc.record({ start: fc.nat(), steps }).map((drawn) => walk(machine, drawn.start, drawn.steps))
}

/** The run of these numbers: each says, by its remainder, which of what is possible is taken. */
export function walk(machine: Machine, start: number, numbers: readonly number[]): Run {
  const initial = machine.initial[start % machine.initial.length]
  if (initial === undefined) throw new RangeError(`${machine.model.name} has no initial state`)
  const steps: Run['steps'][number][] = []
  let state: State = initial.state
  for (const number of numbers) {
    const all = transitions(machine, state)
    const transition = all[number % all.length]
    if (transition === undefined) break
    if (transition.outcome.kind === 'fails') {
      steps.push({ transition })
      break
    }
    state = transition.outcome.state
    steps.push({ transition, state })
  }
  return { initial, steps }
}
