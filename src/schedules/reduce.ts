/** Reduces a run that shows a property to a small one that shows it, too. */
import type { Machine, Run } from '../semantics/machine.ts'
import { firstShown } from './judge.ts'
import type { ScheduleProperty } from './schedule.ts'
import { smaller } from './smaller.ts'

/**
 * Takes the first smaller run that shows the property, again and again, until none does. Every run on the way is played by the reference interpreter.
 *
 * The result is small, not minimal: another way to the property may be shorter.
 *
 * @param run of the machine's model; shows the property
 * @returns a run that shows it after its last step
 */
export function reduce(machine: Machine, run: Run, property: ScheduleProperty): Run {
  let smallest = run
  for (const one of reductions(machine, run, property)) smallest = one
  return smallest
}

/** The same, for who wants to stop it: the run itself up to where it shows the property, then after each run that is tried the smallest so far. */
export function* reductions(machine: Machine, run: Run, property: ScheduleProperty): Generator<Run> {
  let current = upTo(run, firstShown(machine, run, property) ?? run.steps.length)
  yield current
  for (let phase: number | undefined = 0; phase !== undefined;) {
    const from: number = phase
    phase = undefined
    for (const one of smaller(machine, current, from)) {
      const shown = firstShown(machine, one.run, property)
      if (shown !== undefined) {
        current = upTo(one.run, shown)
        phase = one.phase
      }
      yield current
      if (shown !== undefined) break
    }
  }
}

const upTo = ({ initial, steps }: Run, count: number): Run => ({ initial, steps: steps.slice(0, count) })
