/**
 * The schedule with the fewest switches among all shortest schedules that show a property; among several, the first in
 * (thread, statement, choice) order.
 *
 * After k transitions a shortest schedule stands in a state of level k + 1: an earlier level would make it shorter. So
 * the shortest schedules are the paths from level to level that end where the property is shown. They are gathered from
 * the end: the states of each level that show it, and those that lead to a gathered one. The gathered states are a
 * small part of most levels; to find them, every state up to the last level is expanded once more.
 */
import type { Compiled } from '../compiler/compile.ts'
import { ask, isOfState, type Asked, type GiveUp } from './ask.ts'
import type { Levels } from './levels.ts'
import { never, switchesToCome, type SwitchesToCome } from './switches-to-come.ts'
import { moduleOf } from '../engine/code.ts'
import type { Chunk } from '../engine/expander.ts'
import type { Marker } from '../engine/marker.ts'
import type { Orbits } from '../engine/orbits.ts'
import { partition, type Partition } from '../engine/partition.ts'
import { packed } from '../engine/states.ts'

/** The goal of a schedule: the property it must show. */
export interface Goal {
  /** Among the watched: those by which it is shown. */
  readonly watches: readonly number[]
  /** The fewest transitions that show it. */
  readonly steps: number
  /** The states that show it, where no watch does. */
  readonly states?: readonly Uint8Array[]
}

/** A schedule as the engine counts. */
export interface PackedSchedule {
  /** The watch that it shows, by its number among the watched. */
  readonly watch: number
  /** The number of the initial state. */
  readonly initial: number
  /** The transition taken at each step, by its number among the enabled ones that do not fail. */
  readonly ordinals: readonly number[]
  /**
   * The last step, where the property is shown by a transition: how many enabled transitions of the last state, failing
   * or not, come before it, and the thread it belongs to, if that is known.
   */
  readonly last?: { readonly successors: number; readonly fails: number; readonly thread?: number }
}

/** States that lead to a violation and can be gathered, over all levels. */
const gatheredLimit = 4_000_000

/**
 * The schedules for some goals.
 *
 * @param initial the initial states, packed, in their order
 * @param found all states up to the longest of the goals, by level
 * @returns undefined if too many states lead to them, or the user gave up
 */
export async function fewestSwitches(
  compiled: Compiled,
  initial: readonly (readonly bigint[])[],
  found: Levels,
  goals: readonly Goal[],
  giveUp: GiveUp,
): Promise<readonly PackedSchedule[] | undefined> {
  const known = partition(compiled, moduleOf(compiled, {}), { log: 0, tableBytes: 2 ** 16 })
  try {
    const gathered = await gather(known, compiled, found, goals, giveUp)
    const starts = initial.map(packed)
    return gathered === undefined ? undefined : goals.map((goal, n) => bestSchedule(gathered, starts, goal, n))
  } finally {
    known.release()
  }
}

interface Gathered {
  readonly asked: Asked
  readonly compiled: Compiled
  readonly threads: number
  /**
   * Switches still to come in a state of that level, if that thread takes the next step; `never` if it leads nowhere.
   */
  next(state: Uint8Array, level: number, goal: number, thread: number): number
  /** The same, of the best thread, counting the switch to it from `last`; 0 where the goal is reached. */
  after(state: Uint8Array, level: number, goal: number, last: number | undefined): number
}

/** Gathers states level by level, from the last: those that show a property, or lead to a gathered one. */
async function gather(
  known: Partition,
  compiled: Compiled,
  found: Levels,
  goals: readonly Goal[],
  giveUp: GiveUp,
): Promise<Gathered | undefined> {
  const asked = ask(compiled, known.oracle)
  const { formOf } = known.oracle.orbits
  const threads = compiled.model.instances.length
  const table = switchesToCome(goals.length, threads)
  const statesOf = goals.map(({ states }) => new Set(states))
  const gathering: Gathering = { compiled, asked, goals, statesOf, threads, table, formOf }
  /** The numbers of a level begin here. */
  const firstOf: number[] = []

  for (let level = Math.max(0, ...goals.map(({ steps }) => steps)) + 1; level > 0; level--) {
    watchLevel(gathering, level)
    const leading = goals.flatMap(({ steps, states = [] }) => (steps === level - 1 ? states : []))
    for (const chunk of found.of(level)) {
      leading.push(...marked(known.marker, chunk, asked.stateBytes))
      if (await giveUp()) return undefined
    }
    if (table.size() + leading.length > gatheredLimit) return undefined
    firstOf[level] = table.nextNumber()
    const numbers = table.number(leading)
    for (const [n, state] of leading.entries()) {
      if (n % 1024 === 1023 && (await giveUp())) return undefined
      learn(gathering, level, state, numbers[n] ?? deadEnd())
    }
    table.know()
    if (!know(known, leading)) return undefined
  }
  /**
   * The number of a state of a level. A state that leads back to an earlier level is not part of a shortest schedule.
   */
  const atLevel = (state: Uint8Array, level: number): number | undefined => {
    const number = table.numberOf(state)
    return number !== undefined &&
      number >= (firstOf[level] ?? 0) &&
      number < (firstOf[level - 1] ?? table.nextNumber())
      ? number
      : undefined
  }
  // what is gathered are forms of orbits: what is known of a thread is known of the one that it becomes there
  return {
    asked,
    compiled,
    threads,
    next(state, level, goal, thread) {
      const form = formOf(state)
      return table.next(atLevel(form.state, level), goal, form.threads[thread] ?? thread)
    },
    after(state, level, goal, last) {
      const form = formOf(state)
      return table.after(atLevel(form.state, level), goal, last === undefined ? undefined : form.threads[last])
    },
  }
}

interface Gathering extends Pick<Gathered, 'asked' | 'compiled' | 'threads'> {
  readonly goals: readonly Goal[]
  /** By goal, the states that show it where no watch does. */
  readonly statesOf: readonly ReadonlySet<Uint8Array>[]
  readonly table: SwitchesToCome
  readonly formOf: Orbits['formOf']
}

/** Looks for what the states of a level show, and for what the transitions from them do. */
function watchLevel({ compiled, asked, goals }: Gathering, level: number): void {
  const shownBy = (steps: number, ofState: boolean): readonly number[] =>
    goals.flatMap((goal) =>
      goal.steps === steps ? goal.watches.filter((watch) => isOfState(compiled, watch) === ofState) : [],
    )
  asked.watch([...shownBy(level - 1, true), ...shownBy(level, false)])
}

/** Writes down which goals a gathered state reaches, and which it leads to. */
function learn(gathering: Gathering, level: number, state: Uint8Array, number: number): void {
  const { asked, goals, statesOf, threads, table, formOf } = gathering
  const { stateBytes } = asked
  const goalOf = (watch: number): number => goals.findIndex(({ watches }) => watches.includes(watch))
  goals.forEach(({ steps }, goal) => {
    if (steps === level - 1 && statesOf[goal]?.has(state) === true) table.reach(number, goal)
  })
  for (const watch of asked.shownBy(state)) table.reach(number, goalOf(watch))
  for (let thread = 0; thread < threads; thread++) {
    const { count, states, findings } = asked.successorsOfThread(state, thread)
    for (const { watch } of findings) table.reach(number, goalOf(watch), thread)
    for (let n = 0; n < count; n++) {
      const form = formOf(states.subarray(n * stateBytes, (n + 1) * stateBytes))
      const successor = table.numberOf(form.state)
      if (successor === undefined) continue
      goals.forEach(({ steps }, goal) => {
        if (steps >= level) table.lead(number, goal, thread, table.after(successor, goal, form.threads[thread]))
      })
    }
  }
}

/** The states of a chunk that show what is looked for, or lead to a state that is gathered. */
function marked(marker: Marker, chunk: Chunk, stateBytes: number): readonly Uint8Array[] {
  const marks = marker.mark(chunk)
  const all: Uint8Array[] = []
  for (let n = marks.indexOf(1); n >= 0; n = marks.indexOf(1, n + 1))
    all.push(chunk.states.slice(n * stateBytes, (n + 1) * stateBytes))
  return all
}

/** Inserts states into the visited set; false if there is not enough room. */
function know({ sizes, visited, expander }: Partition, states: readonly Uint8Array[]): boolean {
  const { stateBytes, insertStates } = sizes
  for (let from = 0; from < states.length; from += insertStates) {
    while (visited.isFull()) if (!visited.grow(2 ** 31)) return false
    const some = states.slice(from, from + insertStates)
    const bytes = new Uint8Array(some.length * stateBytes)
    some.forEach((state, n) => {
      bytes.set(state, n * stateBytes)
    })
    expander.insertAll({ states: bytes, count: some.length })
  }
  return true
}

/** Follows the gathered states from the start, and takes the first of the best. */
function bestSchedule(
  { asked, compiled, threads, next, after }: Gathered,
  initial: readonly Uint8Array[],
  { watches, steps }: Goal,
  goal: number,
): PackedSchedule {
  const { stateBytes } = asked
  const starts = initial.map((state) => after(state, 1, goal, undefined))
  const start = starts.indexOf(Math.min(...starts))
  let state = initial[start] ?? deadEnd()
  let last: number | undefined
  const ordinals: number[] = []
  asked.watch(watches.filter((watch) => !isOfState(compiled, watch)))
  for (;;) {
    const level = ordinals.length + 1
    const left = after(state, level, goal, last)
    if (left === never) return deadEnd()
    if (ordinals.length === steps)
      return { watch: watches.find((watch) => isOfState(compiled, watch)) ?? deadEnd(), initial: start, ordinals }
    let before = 0,
      fails = 0
    for (let thread = 0; ; thread++) {
      if (thread === threads) return deadEnd()
      const found = asked.successorsOfThread(state, thread)
      if (next(state, level, goal, thread) + (last === undefined || thread === last ? 0 : 1) !== left) {
        before += found.count
        fails += found.fails
        continue
      }
      if (ordinals.length === steps - 1 && found.findings.length > 0) {
        const first = found.findings.toSorted((a, b) => a.successors + a.fails - b.successors - b.fails)[0] ?? deadEnd()
        return {
          watch: first.watch,
          initial: start,
          ordinals,
          last: { successors: before + first.successors, fails: fails + first.fails, thread },
        }
      }
      const successors = Array.from({ length: found.count }, (_, n) =>
        found.states.slice(n * stateBytes, (n + 1) * stateBytes),
      )
      const chosen = successors.findIndex(
        (one) => after(one, level + 1, goal, thread) === next(state, level, goal, thread),
      )
      state = successors[chosen] ?? deadEnd()
      ordinals.push(before + chosen)
      last = thread
      break
    }
  }
}

function deadEnd(): never {
  throw new Error('a shortest schedule leads nowhere')
}
