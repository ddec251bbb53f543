/** A run for numbers: each says, by its remainder, which of what is possible is taken. It ends where nothing is, or where a step fails. */
import { transitions } from '../../src/semantics/machine.ts'
import type { Machine, Run, State } from '../../src/semantics/machine.ts'

export function walk(machine: Machine, start: number, numbers: readonly number[]): Run {
  const initial = machine.initial[start % machine.initial.length]
  if (initial === undefined) throw new RangeError(`${machine.model.name} has no initial state`)
  const steps: Run['steps'][number][] = []
  let state: State | undefined = initial.state
  for (const number of numbers) {
    const all = transitions(machine, state)
    const transition = all[number % all.length]
    if (transition === undefined) break
    state = transition.outcome.kind === 'next' ? transition.outcome.state : undefined
    steps.push({ transition, ...(state === undefined ? {} : { state }) })
    if (state === undefined) break
  }
  return { initial, steps }
}
