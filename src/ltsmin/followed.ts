/**
 * A trace of LTSmin as a schedule of ours: each of its states must be a successor of the one before, as our own engine
 * has it. Who goes on from there replays the schedule in the reference interpreter.
 */
import type { Compiled } from '../compiler/compile.ts'
import type { Origin, StateId } from '../engine/log.ts'
import type { Oracle } from '../engine/oracle.ts'
import { packed } from '../engine/states.ts'
import { Disagreement } from '../explorer/disagreement.ts'
import type { FoundAt } from '../explorer/search.ts'
import type { StatePath } from './trace.ts'

/** Schedules that were followed, and what their ends show. */
export interface FollowedTraces {
  readonly found: readonly FoundAt[]
  /** Takes in traces; returns the watches that one of them shows. */
  take(traces: readonly StatePath[], sought: readonly number[]): ReadonlySet<number>
  origin(id: StateId): Origin
}

/** The number of the initial state, and of each transition among those of its state that do not fail. */
interface Schedule {
  readonly initial: number
  readonly ordinals: readonly number[]
}

/** @param initial the initial states, packed */
export function followedTraces(
  compiled: Compiled,
  initial: readonly (readonly bigint[])[],
  oracle: () => Oracle,
): FollowedTraces {
  const schedules: Schedule[] = []
  const found = new Map<number, FoundAt>()
  return {
    get found() {
      return [...found.values()]
    },
    take(traces, sought) {
      const shown = new Set<number>()
      const engine = oracle()
      for (const trace of traces.toSorted((a, b) => a.length - b.length)) {
        const log = schedules.push(scheduleOf(engine, initial, trace)) - 1
        for (const one of shownAtEnd(engine, trace, sought)) {
          shown.add(one.watch)
          // the shorter traces come first
          if (!found.has(one.watch)) found.set(one.watch, { ...one, state: { log, index: trace.length - 1 } })
        }
      }
      return shown
    },
    origin({ log, index }) {
      const schedule = schedules[log]
      const ordinal = index === 0 ? schedule?.initial : schedule?.ordinals[index - 1]
      if (ordinal === undefined) throw new Error(`no state ${index} in trace ${log}`)
      return { parent: index === 0 ? { log: -1, index: 0 } : { log, index: index - 1 }, ordinal }
    },
  }
}

const isSame = (a: readonly bigint[], b: readonly bigint[]): boolean =>
  a.length === b.length && a.every((word, n) => word === b[n])

function scheduleOf(oracle: Oracle, initial: readonly (readonly bigint[])[], trace: StatePath): Schedule {
  const [first = [], ...others] = trace
  const start = initial.findIndex((state) => isSame(state, first))
  if (start < 0) throw new Disagreement('a trace of LTSmin does not begin in an initial state')
  let state = packed(first)
  const ordinals = others.map((next, n) => {
    const wanted = packed(next)
    const { states, count } = oracle.successorsOfAll(state)
    const ordinal = Array.from({ length: count }, (_, at) => at).find((at) =>
      wanted.every((byte, i) => states[at * oracle.stateBytes + i] === byte),
    )
    if (ordinal === undefined)
      throw new Disagreement(`a trace of LTSmin has a step ${n + 1} which the engine does not have`)
    state = wanted
    return ordinal
  })
  return { initial: start, ordinals }
}

/** What the last state of a trace shows, or one of its transitions. */
function shownAtEnd(oracle: Oracle, trace: StatePath, sought: readonly number[]): readonly Omit<FoundAt, 'state'>[] {
  oracle.watches.lookFor(sought)
  const { findings } = oracle.successorsOfAll(packed(trace.at(-1) ?? []))
  return findings.map(({ watch, successors, fails }) => ({ watch, successors, fails, level: trace.length }))
}
