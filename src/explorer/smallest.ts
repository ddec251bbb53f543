/** The schedules of what was found, each as small as it can be shown to be, replayed by the reference interpreter. */
import { definedFields } from '../language/defined-fields.ts'
import { asExample } from '../semantics/counterexample.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { runSizeOf } from '../semantics/size.ts'
import type { GiveUp } from './ask.ts'
import { concreteSchedule } from './concrete-schedule.ts'
import { fewestSwitches, type PackedSchedule } from './fewest-switches.ts'
import { levels, type Levels } from './levels.ts'
import { smallestBy } from './measured.ts'
import type { Prepared } from './prepare.ts'
import type { Unrecoverable } from './recovery.ts'
import type { CheckOptions } from './result.ts'
import { searchInThisThread, wasStopped, type Search, type SearchOptions } from './search.ts'
import { player, replayPacked, unknownWatch, packedScheduleOf } from './trace.ts'
import type { Schedules, Shown } from './verdicts.ts'
import type { ReplayOnWhole } from './whole.ts'

/**
 * States that a search keeps from the start, for what it may find: to keep more costs time and memory, and most
 * searches find nothing.
 */
export const keptLimit = 2_000_000
/** States that are kept by a search made for it. */
const againLimit = 200_000_000

/** Inputs of the minimisation. */
export interface MinimizerInputs {
  readonly search: Search
  /** The search in which a thread that cannot come back was found. */
  readonly graph: Search | undefined
  /** The states of `graph` that were kept. */
  readonly levels: Levels
  /** The options of the search. */
  readonly options: SearchOptions
  readonly unrecoverable: Unrecoverable | undefined
  /** Makes a counterexample of a run of the model that was searched. */
  readonly replayOnWhole: ReplayOnWhole
  readonly giveUp: GiveUp
}

/** The schedules of all properties that are shown. Schedules of witnesses are made small on request. */
export async function smallest(
  prepared: Prepared,
  shown: ReadonlyMap<number, Shown>,
  inputs: MinimizerInputs,
  { minimize = 'steps', witnesses = false }: Pick<CheckOptions, 'minimize' | 'witnesses'>,
): Promise<Schedules> {
  const { compiled, initial, reference } = prepared
  const { search, graph, options, unrecoverable, replayOnWhole, giveUp } = inputs
  const all = [...shown.values()]
  const wanted = all.filter(({ witness }) => !witness || witnesses)
  const schedules = new Map<number, PackedSchedule>()
  if (minimize !== 'steps') {
    for (const [n, schedule] of await smallestBy(
      minimize,
      compiled,
      initial,
      wanted.map(({ goal }) => goal),
      (state) => unrecoverable?.isUnrecoverable(state) === true,
      giveUp,
    ))
      schedules.set(wanted[n]?.watch ?? -1, schedule)
  }
  const proven = new Set(schedules.keys())
  const open = wanted.filter(({ watch }) => !schedules.has(watch))
  const found =
    open.length === 0 ? undefined : await levelsTo(Math.max(...open.map(({ goal }) => goal.steps)), prepared, inputs)
  const shortest =
    found === undefined
      ? undefined
      : await fewestSwitches(
          compiled,
          initial,
          found,
          open.map(({ goal }) => goal),
          giveUp,
        )
  for (const [n, schedule] of shortest?.entries() ?? []) {
    const watch = open[n]?.watch ?? -1
    schedules.set(watch, schedule)
    if (minimize === 'steps') proven.add(watch)
  }
  const oracle = search.oracle()
  const play = player(compiled, oracle, reference)
  return new Map(
    await Promise.all(
      all.map(async ({ watch, found: first, goal }) => {
        const schedule =
          schedules.get(watch) ??
          concreteSchedule(
            compiled,
            oracle,
            initial,
            await packedScheduleOf(compiled, goal.states === undefined ? search : (graph ?? search), first),
          )
        const run = replayPacked(play, schedule)
        // a state that was omitted may be on a shorter way
        const minimal =
          proven.has(watch) && options.fingerprint === undefined
            ? ('proven' as const)
            : wanted.some((one) => one.watch === watch)
              ? ('reduced' as const)
              : undefined
        const { claim } = compiled.watched[watch] ?? unknownWatch(watch)
        const shown = replayOnWhole({ ...claim, outcome: kinds[claim.kind].outcome }, run)
        return [watch, { ...runSizeOf(reference, run), ...definedFields({ minimal }), ...asExample(shown) }] as const
      }),
    ),
  )
}

/**
 * All states up to the level in which a schedule of `steps` steps ends; undefined if room or time does not suffice.
 */
async function levelsTo(
  steps: number,
  { compiled, initial }: Prepared,
  { search, levels: kept, options }: MinimizerInputs,
): Promise<Levels | undefined> {
  if (kept.all() !== undefined && kept.of(steps + 1).length > 0) return kept
  if (wasStopped(search)) return undefined
  const again = levels(againLimit)
  let deep = false
  const more = await searchInThisThread(compiled, initial, {
    ...options,
    levels: again,
    enough: (_, depth) => {
      deep = depth > steps
      return deep
    },
  })
  more.close()
  return again.all() === undefined || (more.incomplete !== undefined && !deep) ? undefined : again
}
