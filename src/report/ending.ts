/** The end of a drawing: what the last step shows, and where the threads stand if it is that they can't go on. */
import { match } from 'ts-pattern'
import type { Statement } from '../language/ast.ts'
import { isSameClaim } from '../language/claims.ts'
import { statementLabel } from '../language/labels.ts'
import { visitStatements } from '../language/walk.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import { failuresOf, possibilities, threadOf, transitionsOf } from '../semantics/machine.ts'
import type { Machine, Run, State } from '../semantics/machine.ts'
import { atAllowedEnd, stuckThreads } from '../semantics/properties.ts'
import { lostAtEnd } from '../schedules/judge.ts'
import { whyStuck } from './guards.ts'
import { nameUses, showLocks } from './locks.ts'
import { sitesAt } from './sites.ts'
import type { Locate } from './sites.ts'
import type { Scene } from './scene.ts'
import { instanceName } from './values.ts'

export interface Ending {
  readonly property: string
  readonly kind: ScheduleProperty['kind']
  readonly outcome: ScheduleProperty['outcome']
  /** `P-NOUAF: the device reads a page that was freed` */
  readonly text: string
  /** Where the threads stand, if it is that they can't go on. */
  readonly standing: readonly string[]
}

/** What the last step of a run, or the state after it, shows. */
export function endOf(scene: Scene, property: ScheduleProperty, locate: Locate): Ending {
  const { machine, run, states } = scene
  const last = run.steps.at(-1)
  const state = last === undefined ? run.initial.state : last.state
  const stuck = state !== undefined && ['deadlock', 'lock-deadlock', 'recoverable'].includes(property.kind)
  const at = states.at(-1)
  const threads = stuck ? stuckIn(scene, property) : []
  return {
    property: property.name,
    kind: property.kind,
    outcome: property.outcome,
    text:
      stuck && property.kind === 'recoverable'
        ? lostSentence(machine, property, threads)
        : sentence(machine, property, state, messageOf(run, property)),
    standing: stuck && at !== undefined ? threads.map((thread) => standing(machine, at, thread, locate)) : [],
  }
}

/**
 * What the last step of a run has to say of an assertion, a domain error or a misuse that it shows; nothing if it
 * shows none.
 */
export function messageOf({ steps }: Run, property: ScheduleProperty): string {
  const last = steps.at(-1)
  return (
    (last === undefined ? [] : failuresOf(last.transition)).find(({ claim }) => isSameClaim(claim, property))
      ?.message ?? ''
  )
}

/** `recoverable: driver can't come to its end any more` */
function lostSentence({ model }: Machine, { name }: ScheduleProperty, threads: readonly number[]): string {
  const names = threads.map((thread) => instanceName(model, thread))
  return names.length === 0
    ? `${name}: from here some thread can't come to its end`
    : `${name}: from here ${names.join(' and ')} can't come to ${names.length === 1 ? 'its end' : 'their ends'}`
}

/** What a property says of the end of a run, without a stop. */
export function sentence(
  { model, ...machine }: Machine,
  { name, kind }: ScheduleProperty,
  state: State | undefined,
  failed: string,
): string {
  const stuck = (): readonly number[] => (state === undefined ? [] : stuckThreads({ model, ...machine }, state))
  return match(kind)
    .with('assertion', 'domain', 'misuse', () => (name.endsWith(failed) ? name : `${name}: ${failed}`))
    .with('invariant', () => `${name} is false here`)
    .with('transition', () => `${name} is false of this step`)
    .with('sometimes', () => `${name} is reached`)
    .with('pair', () => name)
    .with('collected', () => `${name} goes round`)
    .with('deadlock', () => `${name}: no step changes the state any more`)
    .with('lock-deadlock', () => {
      const names = stuck().map((thread) => instanceName(model, thread))
      return names.length === 1
        ? `${name}: ${names.join()} waits for itself`
        : `${name}: ${names.join(', ')} wait for each other`
    })
    .with('recoverable', () => `${name}: from here some thread can't come to its end`)
    .exhaustive()
}

/**
 * Which threads an end is about: all that may not stay where they are or wait for another's lock, or of a property
 * that names them, those.
 */
function stuckIn(scene: Scene, { kind }: ScheduleProperty): readonly number[] {
  const { machine, run, states } = scene
  const at = states.at(-1)
  if (kind === 'lock-deadlock') return at === undefined ? [] : stuckThreads(machine, at.state, at.ends)
  const lost = kind === 'recoverable' ? lostAtEnd(machine, run) : undefined
  if (lost !== undefined) return lost
  return machine.model.instances.flatMap((_, thread) =>
    at === undefined ||
    at.plain.threads[thread]?.point === 'end' ||
    (blockersIn(at, thread).size === 0 && atAllowedEnd(machine, at.state, thread))
      ? []
      : [thread],
  )
}

const blockersIn = ({ ends }: Scene['states'][number], thread: number): ReadonlySet<number> =>
  new Set((ends[thread] ?? []).flatMap((end) => (end.kind === 'waits' ? [...(end.blockers ?? [])] : [])))

/** Steps that a thread is followed to see where it gets stuck. */
const AHEAD = 100

/**
 * What becomes of a thread that can go on and never ends: where it comes to a guard that is false if nobody else
 * acts, or that it goes round.
 */
function whatComes(machine: Machine, from: State, thread: number, locate: Locate): string {
  let state = from
  for (let n = 0; n < AHEAD; n++) {
    const next = transitionsOf(machine, state, thread).flatMap(({ outcome }) =>
      outcome.kind === 'next' && !outcome.state.equals(state) ? [outcome.state] : [],
    )[0]
    if (next !== undefined) {
      state = next
      continue
    }
    const ends = possibilities(machine, state)[thread] ?? []
    const { point } = threadOf(state, thread)
    if (ends.some(({ kind }) => kind === 'done') || point === 'end') break
    const place = locate(sitesAt(machine.model, thread, ends.find((end) => end.kind === 'waits')?.path ?? point))
    return `it comes to ${pointLabel(machine, thread, point)}${place === undefined ? '' : ` (${place.file}:${place.line})`}: ${whyStuck(machine, state, thread, ends)}`
  }
  return 'it can go on, and changes nothing or goes round'
}

/** Where a thread that should go on stands, what it holds, and for whom it waits or which condition is false. */
function standing(machine: Machine, at: Scene['states'][number], thread: number, locate: Locate): string {
  const point = at.plain.threads[thread]?.point ?? 'end'
  if (point === 'end') return `${instanceName(machine.model, thread)} has ended`
  const ends = at.ends[thread] ?? []
  const blockers = blockersIn(at, thread)
  const held = showLocks(nameUses(at.locks.filter((use) => use.thread === thread && !use.waits)))
  const place = locate(sitesAt(machine.model, thread, ends.find((end) => end.kind === 'waits')?.path ?? point))
  const waits =
    blockers.size > 0
      ? `, waits for ${[...blockers].map((other) => instanceName(machine.model, other)).join(' and ')}`
      : ends.some(({ kind }) => kind === 'done' || kind === 'fails')
        ? `; ${whatComes(machine, at.state, thread, locate)}`
        : `: ${whyStuck(machine, at.state, thread, ends)}`
  return `${instanceName(machine.model, thread)} is at ${pointLabel(machine, thread, point)}${place === undefined ? '' : ` (${place.file}:${place.line})`}${held === '' ? '' : `, ${held}`}${waits}`
}

/** The statement that a thread rests at, and the call it is in: `await (...) in down_write(&mm.mmap_sem)`. */
export function pointLabel({ model }: Machine, instance: number, point: string): string {
  const thread = model.threads[model.instances[instance]?.thread ?? -1]
  if (thread === undefined) return point
  let call: Statement | undefined
  let rests: Statement | undefined
  visitStatements(thread.body, (statement) => {
    if (statement.path === point) rests = statement
    else if (statement.kind === 'call' && point.startsWith(`${statement.path}/`)) call = statement
  })
  if (rests === undefined) return point
  const label = statementLabel(rests, thread)
  return call === undefined ? label : `${label} in ${statementLabel(call, thread)}`
}
