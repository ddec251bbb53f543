/** The end of a drawing: the property that the last step shows, and for a hang where each thread stands. */
import type { Statement } from '../language/ast.ts'
import { isSameClaim } from '../language/claims.ts'
import { statementLabel } from '../language/labels.ts'
import { visitStatements } from '../language/walk.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { lastMoment } from '../semantics/kinds/shown-by.ts'
import { failuresOf, executions, threadOf, transitionsOf } from '../semantics/machine.ts'
import type { Machine, Run, State } from '../semantics/machine.ts'
import { unrecoverableAtEnd } from '../schedules/judge.ts'
import { whyStuck } from './guards.ts'
import { nameUses, showLocks } from './locks.ts'
import { sitesAt } from './sites.ts'
import type { Locate } from './sites.ts'
import type { AnnotatedRun } from './annotated-run.ts'
import { instanceName } from './values.ts'

export interface Ending {
  readonly property: string
  readonly kind: ScheduleProperty['kind']
  readonly outcome: ScheduleProperty['outcome']
  /** `P-NOUAF: the device reads a page that was freed` */
  readonly text: string
  /** For each thread, where it stands, if the threads can't go on. */
  readonly standing: readonly string[]
}

/** The threads that do not go on from the end of a run that shows a hang; none for a property of another kind. */
export function hangingAt({ machine, run, states }: AnnotatedRun, { kind }: ScheduleProperty): readonly number[] {
  if (!isAtState(run) || states.length === 0) return []
  const moment = lastMoment({
    machine,
    run,
    ends: (after) => states[after]?.ends ?? [],
    unrecoverable: () => unrecoverableAtEnd(machine, run),
  })
  return kinds[kind].hanging?.(moment) ?? []
}

/**
 * The sentence about the last step of a run, or the state after it.
 *
 * @param threads that do not go on, as `hangingAt` finds them
 */
export function endOf(
  annotated: AnnotatedRun,
  property: ScheduleProperty,
  threads: readonly number[],
  locate: Locate,
): Ending {
  const { machine, run, states } = annotated
  const { sentence } = kinds[property.kind]
  const at = states.at(-1)
  return {
    property: property.name,
    kind: property.kind,
    outcome: property.outcome,
    text: sentence({
      name: property.name,
      message: messageOf(run, property),
      threads: threads.map((thread) => instanceName(machine.model, thread)),
    }),
    standing: at === undefined ? [] : threads.map((thread) => standingOf(machine, at, thread, locate)),
  }
}

/** Whether there is a state after the last step of a run. */
const isAtState = ({ steps }: Run): boolean => steps.length === 0 || steps.at(-1)?.state !== undefined

/**
 * The message of the last step of a run about an assertion, a domain error or a misuse that it shows; empty if it
 * shows none.
 */
export function messageOf({ steps }: Run, property: ScheduleProperty): string {
  const last = steps.at(-1)
  return (
    (last === undefined ? [] : failuresOf(last.transition)).find(({ claim }) => isSameClaim(claim, property))
      ?.message ?? ''
  )
}

/**
 * A sentence, without a full stop, about the end of a run. It uses the run alone: to find the threads that cannot reach
 * their ends would take a search.
 */
export function endText(machine: Machine, run: Run, property: ScheduleProperty): string {
  const { hanging, sentence, judgedOn } = kinds[property.kind]
  const threads = judgedOn === 'state' && isAtState(run) ? (hanging?.(lastMoment({ machine, run })) ?? []) : []
  return sentence({
    name: property.name,
    message: messageOf(run, property),
    threads: threads.map((thread) => instanceName(machine.model, thread)),
  })
}

const blockersIn = ({ ends }: AnnotatedRun['states'][number], thread: number): ReadonlySet<number> =>
  new Set((ends[thread] ?? []).flatMap((end) => (end.kind === 'waits' ? [...(end.blockers ?? [])] : [])))

/** Steps that a thread is followed to see where it gets stuck. */
const AHEAD = 100

/**
 * The future of a thread that can go on and never ends: if no other thread acts, it reaches a false guard, or its steps
 * form a cycle.
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
    const ends = executions(machine, state)[thread] ?? []
    const { point } = threadOf(state, thread)
    if (ends.some(({ kind }) => kind === 'done') || point === 'end') break
    const place = locate(sitesAt(machine.model, thread, ends.find((end) => end.kind === 'waits')?.path ?? point))
    return `it comes to ${pointLabel(machine, thread, point)}${place === undefined ? '' : ` (${place.file}:${place.line})`}: ${whyStuck(machine, state, thread, ends)}`
  }
  return 'it can go on, but its steps change nothing or form a cycle'
}

/**
 * The situation of a thread that should go on: its place, its locks, and the threads it waits for or the false
 * condition.
 */
function standingOf(machine: Machine, at: AnnotatedRun['states'][number], thread: number, locate: Locate): string {
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
