/**
 * Plays a schedule on the reference interpreter, one transition after the other, and says whether it still shows its
 * property.
 */
import { replayOnWhole } from '../explorer/whole.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { isAlwaysJudged } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { selectProperties } from '../language/select.ts'
import { machine } from '../semantics/machine.ts'
import type { Machine, Run, State, Transition } from '../semantics/machine.ts'
import { carry } from './carry.ts'
import { digestOf } from './digest.ts'
import { firstShown } from './judge.ts'
import { originOf, record } from './record.ts'
import type { Schedule } from './schedule.ts'
import { settingOf } from '../catalogue/setting.ts'
import type { Setting } from '../catalogue/setting.ts'
import { findInitial, findTransition, initialStarts, refusedStep, showPlain, showStep } from './steps.ts'

/** The outcome of a replay. `run` is the part that could be played. */
export type Replay = Played &
  /** Every step was enabled, and after the last one, not earlier, the property is violated or witnessed. */
  (
    | { readonly kind: 'confirmed' }
    /** Every step was enabled, but the property is not shown, or shown by an earlier step: `shownAfter`. */
    | { readonly kind: 'unconfirmed'; readonly shownAfter?: number }
    /** A step (from 1; 0 is the choice of the initial state) is not enabled: `wanted`; `enabled` is. */
    | { readonly kind: 'refused'; readonly step: number; readonly wanted: string; readonly enabled: readonly string[] }
  )

interface Played {
  /**
   * The schedule as it was played: as it was given, or with its steps as they are in a model that has changed since, if
   * there is exactly one way to take them.
   */
  readonly schedule: Schedule
  /**
   * The reason why it was not carried over to a model that has changed: there are several ways to take its steps, or
   * too many candidates.
   */
  readonly notCarried?: 'ambiguous' | 'open'
  readonly machine: Machine
  /** The run; absent if that initial state does not exist. */
  readonly run?: Run
  /** The changes of the model since the schedule was recorded; empty if it has not changed. */
  readonly changes: readonly string[]
}

/**
 * Replays a schedule on a protocol.
 *
 * A schedule is not refused because the model has changed since: it is played, step by step, and `changes` lists the
 * changes. If its recorded steps are no longer enabled, they are searched: statements may have been inserted, moved or
 * renamed. `schedule` has them as they are now.
 *
 * @param variant another variant to play it on: one of a fixed protocol must refuse what breaks the protocol as posted
 * @throws UsageError if the protocol has no such variant or scenario, or can't have these sizes
 */
export function replay(
  protocol: Protocol,
  schedule: Schedule,
  { variant = schedule.variant }: { readonly variant?: string } = {},
): Replay {
  const { scenario, sizes } = schedule.configuration
  const setting = settingOf(protocol, { variant, scenario, sizes })
  const model = configure(protocol.model, setting.configuration)
  const changes = variant === schedule.variant ? changesSince(setting, model, schedule) : []
  const played = { ...follow(model, schedule), changes }
  if (changes.length === 0 || played.kind === 'confirmed' || !isClaimed(model, schedule.property)) return played
  const carried = carry(played.machine, schedule)
  if (carried.kind === 'impossible') return played
  if (carried.kind !== 'carried') return { ...played, notCarried: carried.kind }
  return { ...follow(model, record(originOf(setting), replayOnWhole(model)(schedule.property, carried.run))), changes }
}

/**
 * Plays the steps of a schedule on a configured model, with its property alone. It does not check whether this is the
 * model that the schedule was recorded on.
 */
export function follow(model: ConfiguredModel, schedule: Schedule): Replay {
  const graph = machine(selectProperties(model, [schedule.property.name]))
  const nothing = { schedule, machine: graph, changes: [] }
  const initial = findInitial(graph, schedule.initial)
  if (initial === undefined) {
    const wanted =
      schedule.initial.choices.map(({ name, value }) => `${name} = ${showPlain(value)}`).join(', ') ||
      'without a choice'
    return {
      ...nothing,
      kind: 'refused',
      step: 0,
      wanted: `an initial state with ${wanted}`,
      enabled: initialStarts(graph),
    }
  }
  const steps: Run['steps'][number][] = []
  const run: Run = { initial, steps }
  let state: State | undefined = initial.state
  for (const [n, step] of schedule.steps.entries()) {
    const transition: Transition | undefined = state && findTransition(graph, state, step)
    if (state === undefined || transition === undefined) {
      const refused =
        state === undefined
          ? { wanted: showStep(step), enabled: ['nothing: the step before it fails'] }
          : refusedStep(graph, state, step)
      return { ...nothing, run, kind: 'refused', step: n + 1, ...refused }
    }
    state = transition.outcome.kind === 'next' ? transition.outcome.state : undefined
    steps.push({ transition, ...(state === undefined ? {} : { state }) })
  }
  const shownAfter = isClaimed(model, schedule.property) ? firstShown(graph, run, schedule.property) : undefined
  if (shownAfter === steps.length) return { ...nothing, run, kind: 'confirmed' }
  return { ...nothing, run, kind: 'unconfirmed', ...(shownAfter === undefined ? {} : { shownAfter }) }
}

/** Whether the model has a property of that name and kind, or needs none. A file may say anything. */
function isClaimed({ properties }: ConfiguredModel, { name, kind }: Schedule['property']): boolean {
  if (isAlwaysJudged(kind) || kind === 'run') return true
  const declared = properties.find((property) => property.name === name)
  return declared === undefined ? kind === 'assertion' : declared.kind === kind
}

/** Names what differs from the model that the schedule was recorded on, as far as the schedule knows. */
function changesSince({ configuration }: Setting, model: ConfiguredModel, schedule: Schedule): readonly string[] {
  if (digestOf(model, schedule.property) === schedule.digest) return []
  const { constants, threads } = schedule.configuration
  const names = new Set([...Object.keys(constants), ...Object.keys(configuration.constants)])
  const changed = [...names]
    .filter((name) => constants[name] !== configuration.constants[name])
    .map(
      (name) =>
        `constant ${name}: was ${String(constants[name] ?? 'unknown')}, is ${String(configuration.constants[name] ?? 'gone')}`,
    )
  const [was, is] = [threads?.join(', ') ?? 'all', configuration.threads?.join(', ') ?? 'all']
  const named = [...changed, ...(was === is ? [] : [`threads: were ${was}, are ${is}`])]
  return named.length > 0 ? named : ['the text of the model']
}
