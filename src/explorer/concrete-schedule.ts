/**
 * From a schedule over forms of orbits to one of the model. A step from a form leads to a state of some orbit; so does
 * a step from each state of the orbit of the form.
 */
import type { Compiled } from '../compiler/compile.ts'
import type { Oracle } from '../engine/oracle.ts'
import { packed } from '../engine/states.ts'
import { ask, isOfState, keyOf } from './ask.ts'
import { Disagreement } from './disagreement.ts'
import type { PackedSchedule } from './fewest-switches.ts'

/**
 * @param schedule as the log has it: its ordinals are among the transitions of forms
 * @param initial the initial states, packed
 */
export function concreteSchedule(
  compiled: Compiled,
  oracle: Oracle,
  initial: readonly (readonly bigint[])[],
  schedule: PackedSchedule,
): PackedSchedule {
  const { formOf, isTrivial } = oracle.orbits
  if (isTrivial) return schedule
  const { watch } = schedule
  let state = packed(initial[schedule.initial] ?? lost(watch))
  let form = formOf(state).state
  const ordinals = schedule.ordinals.map((ordinal) => {
    form = formOf(successorsOf(oracle, form)[ordinal] ?? lost(watch)).state
    const wanted = keyOf(form)
    const successors = successorsOf(oracle, state)
    const taken = successors.findIndex((one) => keyOf(formOf(one).state) === wanted)
    state = successors[taken] ?? lost(watch)
    return taken
  })
  const { initial: number } = schedule
  if (isOfState(compiled, watch)) return { watch, initial: number, ordinals }
  return { watch, initial: number, ordinals, last: lastStep(compiled, oracle, state, watch) }
}

function successorsOf(oracle: Oracle, state: Uint8Array): readonly Uint8Array[] {
  const { states, count } = oracle.successorsOfAll(state)
  return Array.from({ length: count }, (_, n) => states.slice(n * oracle.stateBytes, (n + 1) * oracle.stateBytes))
}

/** The first transition of a state in which a watch finds something. */
function lastStep(
  { model, ...compiled }: Compiled,
  oracle: Oracle,
  state: Uint8Array,
  watch: number,
): NonNullable<PackedSchedule['last']> {
  const asked = ask({ model, ...compiled }, oracle)
  asked.watch([watch])
  let [before, fails] = [0, 0]
  for (const thread of model.instances.keys()) {
    const found = asked.successorsOfThread(state, thread)
    const [first] = found.findings
    if (first !== undefined) return { successors: before + first.successors, fails: fails + first.fails, thread }
    before += found.count
    fails += found.fails
  }
  return lost(watch)
}

function lost(watch: number): never {
  throw new Disagreement(`the schedule found for the watch ${watch} cannot be followed from an initial state`)
}
