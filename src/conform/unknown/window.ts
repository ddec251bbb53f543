/**
 * A window that is checked alone. It begins in a state of which nothing is known, and in which each thread may be
 * anywhere. A thread is put where it can be with its first event: before each of the steps that may stand for it. Until
 * then it may be in the middle of something, so that what its hidden steps may change is forgotten again and again.
 */
import { Map as Persistent } from 'immutable'
import { threadOf, type Machine, type State } from '../../semantics/machine.ts'
import type { Value } from '../../semantics/values.ts'
import type { RecordedEvent } from '../recording.ts'
import type { WhereThreadsAre } from './control.ts'
import { unknownOf } from './value.ts'

/** A window, as the search needs it. */
export interface UnknownWindow {
  /** The state in which it begins. */
  readonly start: State
  /** The states in which the event's thread can be, where it has not shown anything before. */
  begun(state: State, event: RecordedEvent): readonly State[]
  /** Without what threads that have shown nothing yet may change: before the event, or behind it. */
  forgotten(state: State, event: RecordedEvent, isBehind: boolean): State
}

interface Windowed {
  readonly events: readonly RecordedEvent[]
  /** Of threads that show nothing in the window, the last event before it. */
  readonly unseen: readonly RecordedEvent[]
  /** Threads that begin anew with an event, although their names are known. */
  readonly reborn: ReadonlySet<RecordedEvent>
  readonly threads: ReadonlyMap<string, number>
  readonly control: WhereThreadsAre
}

export function unknownWindow(machine: Machine, { events, unseen, reborn, threads, control }: Windowed): UnknownWindow {
  const shared = unknownShared(machine)
  const start = startOf(machine, shared)
  const firsts = lives(events, reborn)
  const beginnings = new Map([...firsts].map(([event, own]) => [event, control.beginnings(own)]))
  const always = new Set(unseen.flatMap((event) => [...control.changesBehind(event)]))
  const { before, behind } = unsettled(events, { always, beginnings, reborn, control })
  return {
    start,
    begun(state, event) {
      const points = beginnings.get(event)
      const thread = threads.get(event.thread)
      if (points === undefined || thread === undefined) return [state]
      const anew = threadOf(start, thread)
      return points.map((point) => state.set('threads', state.threads.set(thread, anew.set('point', point))))
    },
    forgotten(state, event, isBehind) {
      const names = (isBehind ? behind : before).get(event) ?? []
      return state.set(
        'shared',
        names.reduce((all, name) => all.set(name, shared.get(name) ?? null), state.shared),
      )
    },
  }
}

const unknownShared = ({ model: { sizes, variables } }: Machine): Persistent<string, Value> =>
  Persistent(variables.map(({ name, type }): [string, Value] => [name, unknownOf(sizes, type)]))

/** Every thread is where it does nothing, until it is put somewhere. */
function startOf(machine: Machine, shared: Persistent<string, Value>): State {
  const [first] = machine.initial
  const [runner] = machine.runners
  if (first === undefined || runner === undefined) throw new TypeError('a conformance model has a thread')
  const { sizes } = machine.model
  const locals = Persistent(runner.thread.locals.map(({ id, type }): [number, Value] => [id, unknownOf(sizes, type)]))
  const threads = first.state.threads.map((thread) => thread.set('point', 'end').set('locals', locals))
  return first.state.set('shared', shared).set('threads', threads)
}

/** The events of each thread, by the first of them; a thread that begins anew is another one. */
function lives(
  events: readonly RecordedEvent[],
  reborn: ReadonlySet<RecordedEvent>,
): ReadonlyMap<RecordedEvent, readonly RecordedEvent[]> {
  const lives = new Map<RecordedEvent, RecordedEvent[]>()
  const present = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    const own = reborn.has(event) ? undefined : present.get(event.thread)
    if (own !== undefined) own.push(event)
    else {
      const life = [event]
      present.set(event.thread, life)
      lives.set(event, life)
    }
  }
  return lives
}

type Names = ReadonlyMap<RecordedEvent, readonly string[]>

interface Unsettled extends Pick<Windowed, 'reborn' | 'control'> {
  /** The variables that threads which show nothing may change. */
  readonly always: ReadonlySet<string>
  readonly beginnings: ReadonlyMap<RecordedEvent, readonly string[]>
}

/** By event, what threads that are still to show their first event may change before it, and behind it. */
function unsettled(
  events: readonly RecordedEvent[],
  { always, beginnings, reborn, control }: Unsettled,
): { readonly before: Names; readonly behind: Names } {
  const before = new Map<RecordedEvent, readonly string[]>()
  const behind = new Map<RecordedEvent, readonly string[]>()
  let names = [...always]
  for (const event of [...events].reverse()) {
    behind.set(event, names)
    const steps = beginnings.get(event)
    if (steps !== undefined && !reborn.has(event)) names = [...new Set([...names, ...control.changesBefore(steps)])]
    before.set(event, names)
  }
  return { before, behind }
}
