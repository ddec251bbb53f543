/** From what was done by hand to a schedule, and back. */
import { runClaim, isSameClaim, type Claim } from '../language/claims.ts'
import { refusalOf } from '../report/replay.ts'
import { readSchedule } from '../schedules/read.ts'
import { originOf, record } from '../schedules/record.ts'
import { replay } from '../schedules/replay.ts'
import type { Schedule, ScheduleProperty } from '../schedules/schedule.ts'
import { findInitial, findTransition, nameInitial, nameTransition } from '../schedules/steps.ts'
import { writeSchedule } from '../schedules/write.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { UsageError } from '../catalogue/usage.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { runOf, type Node } from './history.ts'
import type { Answer, OpenNames } from './messages.ts'
import type { Opened } from './opened.ts'

/**
 * What the steps to the last node of a path show: a property that it violates, and no node before it; else that they
 * can be taken.
 */
export function shownAt(path: readonly Node[]): ScheduleProperty {
  const before = path.slice(0, -1)
  const isNew = (claim: Node['violated'][number]): boolean =>
    !before.some(({ violated }) => violated.some((one) => isSameClaim(one, claim)))
  const claim = path.at(-1)?.violated.find(isNew)
  return claim === undefined ? { ...runClaim, outcome: 'witnessed' } : { ...claim, outcome: 'violated' }
}

/** The steps to the last node of a path as a schedule, which `replay` confirms. */
export const scheduleOf = ({ setting, whole, history: { machine } }: Opened, path: readonly Node[]): Schedule =>
  record(originOf(setting), { property: shownAt(path), model: whole, machine, run: runOf(path) })

/**
 * The same as a file.
 *
 * @throws UsageError if no command could name the configuration
 */
export function savedSchedule(
  opened: Opened,
  path: readonly Node[],
): Omit<Extract<Answer, { readonly kind: 'saved' }>, 'kind'> {
  const { variant, setting } = opened
  if (variant === undefined)
    throw new UsageError(
      'HMM202',
      `${setting.protocol.name} has no variant with these fixes, so no command could replay the schedule`,
      'switch to the fixes of one of its variants',
    )
  const schedule = scheduleOf(opened, path)
  const { name, kind } = schedule.property
  const file = [`${setting.protocol.name}@${variant}`, setting.scenario.name, kind === 'run' ? 'by-hand' : name, 'json']
  return {
    file: file.join('.').replaceAll(/[^\w.@+-]+/g, '-'),
    text: writeSchedule(schedule),
    note: kind === 'run' ? 'a run by hand' : `${name} is violated`,
  }
}

/**
 * Takes the steps of a run of another machine of the same protocol, as far as they can be taken.
 *
 * @param from where to go on; default: the initial state of the run
 * @returns the last node, and how many steps lead there
 */
export function playInto(
  { history }: Opened,
  machine: Machine,
  { initial, steps }: Run,
  from?: Node,
): { readonly node: Node; readonly taken: number } {
  const start = from === undefined ? findInitial(history.machine, nameInitial(machine, initial)) : undefined
  let node = from ?? history.begin(start ?? firstOf(history.machine))
  let { state } = initial
  for (const [taken, { transition, state: after }] of steps.entries()) {
    const found = node.state && findTransition(history.machine, node.state, nameTransition(machine, state, transition))
    if (found === undefined) return { node, taken }
    node = history.take(node, found)
    state = after ?? state
  }
  return { node, taken: steps.length }
}

/** The first initial state: a model has one. */
export function firstOf({ initial: [first], model }: Machine): Machine['initial'][number] {
  if (first === undefined) throw new RangeError(`${model.name} has no initial state`)
  return first
}

/** A schedule that was read: the configuration that it belongs to, and what it is there. */
export interface LoadedSchedule {
  readonly names: OpenNames
  /** The part of it that could be played. */
  readonly machine: Machine
  readonly run: Run | undefined
  /** What it shows, and was recorded for. */
  readonly shows?: Claim
  readonly note: string
  /** Whether it shows what it was recorded for. */
  readonly isConfirmed: boolean
}

/**
 * Reads a schedule or a lock of a protocol, and plays it.
 *
 * @throws UsageError if it is none, is of another model, or names something that the protocol does not have
 */
export function loadSchedule(protocol: Protocol, text: string, file: string): LoadedSchedule {
  const schedule = readSchedule(text, file)
  if (schedule.model !== protocol.name)
    throw new UsageError(
      'HMM201',
      `${file} is a schedule of ${schedule.model}, and this page is of ${protocol.name}`,
      `open it with: hmmcheck explore ${schedule.model}`,
    )
  const played = replay(protocol, schedule)
  const refusal = refusalOf(played)
  const { property, steps } = played.schedule
  const { scenario, sizes } = schedule.configuration
  const changes = played.changes.length === 0 ? '' : `; the model has changed since: ${played.changes.join('; ')}`
  return {
    names: { variant: schedule.variant, scenario, sizes },
    machine: played.machine,
    run: played.run,
    note: `${file}: ${refusal ?? `${property.name}, ${property.outcome} after ${steps.length} steps`}${changes}`,
    isConfirmed: refusal === undefined,
    ...(refusal === undefined && property.outcome === 'violated' ? { shows: property } : {}),
  }
}
