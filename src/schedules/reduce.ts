/** Reduces a run that shows a property to a small one that shows it, too. */
import { kinds } from '../semantics/kinds/index.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { firstShown } from './judge.ts'
import type { ScheduleProperty } from './schedule.ts'
import { tries } from './smaller.ts'

/**
 * Takes the first smaller run that shows the property, again and again, until none does. The reference interpreter
 * plays every run that is tried.
 *
 * The result is small, not minimal: another path to the property may be shorter. For a very long run not everything is
 * tried, see `effortFor`.
 *
 * @param run of the machine's model; shows the property
 * @returns a run that shows it after its last step
 */
export function reduce(machine: Machine, run: Run, property: ScheduleProperty): Run {
  let smallest = run
  for (const one of reductions(machine, run, property)) smallest = one.run
  return smallest
}

/** The smallest run so far. */
export interface Reduced {
  readonly run: Run
  /** None if there was nothing left to try; else why the search for a smaller one ends here. */
  readonly ends?: 'effort'
}

/**
 * The limit of steps to try, for a run of `steps` steps. Each try plays up to all of them, and there are several tries
 * for each step, so trying everything would cost the square of the length. The limit does not affect runs of a few
 * hundred steps.
 */
export const effortFor = (steps: number): number => 1_000_000 + 40 * steps

/**
 * The same, for who wants to stop it: the run itself up to where it shows the property, then after each run that is
 * tried the smallest so far.
 */
export function* reductions(
  machine: Machine,
  run: Run,
  property: ScheduleProperty,
  effort: number = effortFor(run.steps.length),
): Generator<Reduced> {
  let current = upTo(run, firstShown(machine, run, property) ?? run.steps.length)
  yield { run: current }
  let played = 0
  for (let phase: number | undefined = 0; phase !== undefined; ) {
    const from: number = phase
    phase = undefined
    for (const one of tries(machine, current, from)) {
      played += current.steps.length
      const shown = one.isSmaller ? shownAfter(machine, current, one.run, property) : undefined
      if (shown !== undefined) {
        current = upTo(one.run, shown)
        phase = one.phase
      }
      const isOver = played > effort
      if (one.isSmaller || isOver) yield { run: current, ...(isOver ? { ends: 'effort' } : {}) }
      if (isOver) return
      if (shown !== undefined) break
    }
  }
}

const upTo = ({ initial, steps }: Run, count: number): Run => ({ initial, steps: steps.slice(0, count) })

/**
 * As `firstShown`, of a run that begins as one that shows the property with its last step only: what they have in
 * common shows nothing.
 */
function shownAfter(machine: Machine, current: Run, made: Run, property: ScheduleProperty): number | undefined {
  if (kinds[property.kind].judgedOn === 'end') return firstShown(machine, made, property)
  const differs = made.steps.findIndex((step, n) => step !== current.steps[n])
  const common = Math.min(differs < 0 ? made.steps.length : differs, current.steps.length - 1)
  const state = made.steps[common - 1]?.state
  if (state === undefined) return firstShown(machine, made, property)
  const shown = firstShown(machine, { initial: { ...made.initial, state }, steps: made.steps.slice(common) }, property)
  return shown === undefined ? undefined : common + shown
}
