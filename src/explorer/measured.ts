/**
 * The smallest schedules by another measure than steps: a search of the product of the states with the thread that
 * ran last, in the order of (measure, steps), so that the first schedule found is the smallest. For the fewest
 * threads, a search for each set of threads, the small sets first.
 */
import type { Compiled } from '../compiler/compile.ts'
import { ask, keyOf, stateOf, type Asked, type GiveUp } from './ask.ts'
import type { Goal, PackedSchedule } from './fewest-switches.ts'
import { packed } from '../engine/states.ts'
import type { Measure } from './result.ts'

/** Pairs of a state and a thread that are come upon. */
const nodeLimit = 4_000_000

/** Whether some thread cannot come back from a state; for `recoverable`. */
export type IsUnrecoverable = (state: Uint8Array) => boolean

/** The search space, and the goals of the search. */
interface Quest {
  readonly asked: Asked
  readonly starts: readonly Uint8Array[]
  readonly goals: readonly Goal[]
  readonly isUnrecoverable: IsUnrecoverable
  readonly giveUp: GiveUp
}

/** A state, who came there last, and how. */
interface Node {
  /** By its key: millions of nodes wait. */
  readonly state: string
  /** -1 at the start. */
  readonly last: number
  /** None at the start. */
  readonly from: Node | undefined
  /**
   * The transition taken, by its number among those of that thread that do not fail; at the start, the initial
   * state's.
   */
  readonly ordinal: number
}

type Last = NonNullable<PackedSchedule['last']>
/** A node that shows something, or from which one transition of a thread does. */
interface End {
  readonly node: Node
  readonly watch: number
  readonly last?: { readonly thread: number; readonly at: Last }
}
interface ValueRanges {
  readonly end: End
  readonly steps: number
}

/**
 * The smallest schedules for some goals, as far as 4,000,000 pairs of a state and a thread, and the user's patience,
 * show them.
 *
 * @returns by the number of the goal
 */
export async function smallestBy(
  measure: Exclude<Measure, 'steps'>,
  compiled: Compiled,
  initial: readonly (readonly bigint[])[],
  goals: readonly Goal[],
  isUnrecoverable: IsUnrecoverable,
  giveUp: GiveUp,
): Promise<ReadonlyMap<number, PackedSchedule>> {
  const asked = ask(compiled)
  const quest: Quest = { asked, goals, isUnrecoverable, giveUp, starts: initial.map(packed) }
  const threads = compiled.model.instances.map((_, thread) => thread)
  const { reached } =
    measure === 'threads'
      ? { reached: await fewestThreads(quest, threads) }
      : await bestFirst(
          quest,
          goals.map((_, n) => n),
          threads,
          measure === 'switches' ? switchCost : preemptionCost,
          nodeLimit,
        )
  return new Map([...reached].map(([goal, { end }]) => [goal, packedScheduleOf(asked, end)]))
}

/** For each goal the fewest steps by a smallest set of threads. */
async function fewestThreads(quest: Quest, threads: readonly number[]): Promise<ReadonlyMap<number, ValueRanges>> {
  const best = new Map<number, ValueRanges>()
  let room = nodeLimit
  for (let size = 0; size <= threads.length; size++) {
    const open = quest.goals.flatMap((_, goal) => (best.has(goal) ? [] : [goal]))
    const ofSize = new Map<number, ValueRanges>()
    for (const who of open.length === 0 ? [] : subsets(threads, size)) {
      const { reached, nodes, whole } = await bestFirst(quest, open, who, undefined, room)
      room -= nodes
      if (!whole) return best
      for (const [goal, one] of reached) if (one.steps < (ofSize.get(goal)?.steps ?? Infinity)) ofSize.set(goal, one)
    }
    for (const [goal, one] of ofSize) best.set(goal, one)
  }
  return best
}

/** Cost of scheduling `thread` after `last`; `couldGoOn`: whether `last` could have continued. */
type Cost = (last: number, thread: number, couldGoOn: () => boolean) => number
const switchCost: Cost = (last, thread) => (last < 0 || last === thread ? 0 : 1)
const preemptionCost: Cost = (last, thread, couldGoOn) => (last >= 0 && last !== thread && couldGoOn() ? 1 : 0)

/**
 * Goes on where the cost so far, then the steps, are least, until each of these goals is reached.
 *
 * @param who takes steps
 * @param costOf nothing costs anything: steps alone count, and who was last does not matter
 */
async function bestFirst(
  { asked, starts, goals, isUnrecoverable, giveUp }: Quest,
  wanted: readonly number[],
  who: readonly number[],
  costOf: Cost | undefined,
  limit: number,
): Promise<{ readonly reached: ReadonlyMap<number, ValueRanges>; readonly nodes: number; readonly whole: boolean }> {
  const { stateBytes } = asked
  const reached = new Map<number, ValueRanges>()
  const goalOf = new Map(wanted.flatMap((goal) => (goals[goal]?.watches ?? []).map((watch) => [watch, goal] as const)))
  const lookForTheRest = (): void => {
    asked.watch([...goalOf].flatMap(([watch, goal]) => (reached.has(goal) ? [] : [watch])))
  }
  const reach = (watch: number, end: End, steps: number): void => {
    const goal = goalOf.get(watch)
    if (goal === undefined || reached.has(goal)) return
    reached.set(goal, { end, steps })
    lookForTheRest()
  }
  const recoverable = wanted.filter((goal) => goals[goal]?.states !== undefined)
  /**
   * The least cost and steps with which each pair was come upon, as one number: there are fewer steps than pairs, and
   * no more switches than steps.
   */
  const known = new Map<string, number>()
  const rank = (cost: number, steps: number): number => cost * 2 ** 26 + steps
  const keyWith = (state: string, last: number): string =>
    costOf === undefined ? state : state + String.fromCharCode(last + 1)
  /** By cost, then by steps. Ends stand among the nodes, so that none is taken before its turn. */
  const queue: (Node | End)[][][] = []
  const push = (cost: number, steps: number, one: Node | End): void => {
    ;((queue[cost] ??= [])[steps] ??= []).push(one)
  }
  const come = (cost: number, steps: number, node: Node): void => {
    const key = keyWith(node.state, node.last)
    if (rank(cost, steps) >= (known.get(key) ?? Infinity)) return
    known.set(key, rank(cost, steps))
    push(cost, steps, node)
  }
  let since = 0
  lookForTheRest()
  starts.forEach((state, ordinal) => {
    come(0, 0, { state: keyOf(state), last: -1, from: undefined, ordinal })
  })
  for (let cost = 0; cost < queue.length; cost++) {
    const bySteps = (queue[cost] ??= [])
    for (let steps = 0; steps < bySteps.length; steps++) {
      for (const one of bySteps[steps] ?? []) {
        if ('node' in one) reach(one.watch, one, steps)
        if (reached.size === wanted.length) return { reached, nodes: known.size, whole: true }
        if ('node' in one) continue
        const { last } = one
        if (known.get(keyWith(one.state, last)) !== rank(cost, steps)) continue
        if (known.size > limit || (++since % 1024 === 0 && (await giveUp())))
          return { reached, nodes: known.size, whole: false }
        const state = stateOf(one.state)
        for (const watch of asked.shownBy(state)) reach(watch, { node: one, watch }, steps)
        for (const goal of recoverable)
          if (!reached.has(goal) && isUnrecoverable(state))
            for (const watch of goals[goal]?.watches ?? []) reach(watch, { node: one, watch }, steps)
        let could: boolean | undefined
        const couldGoOn = (): boolean => {
          if (could === undefined) {
            const { count, fails } = asked.successorsOfThread(state, last)
            could = count + fails > 0
          }
          return could
        }
        for (const thread of who) {
          const price = cost + (costOf?.(last, thread, couldGoOn) ?? 0)
          const { count, states, findings } = asked.successorsOfThread(state, thread)
          for (const { watch, successors, fails } of findings)
            push(price, steps + 1, { node: one, watch, last: { thread, at: { successors, fails } } })
          for (let n = 0; n < count; n++)
            come(price, steps + 1, {
              state: keyOf(states.subarray(n * stateBytes, (n + 1) * stateBytes)),
              last: thread,
              from: one,
              ordinal: n,
            })
        }
      }
      bySteps[steps] = []
    }
    queue[cost] = []
  }
  return { reached, nodes: known.size, whole: true }
}

/** The ordinals of a schedule count over all threads. */
function packedScheduleOf(asked: Asked, { node, watch, last }: End): PackedSchedule {
  const nodes: Node[] = []
  for (let at: Node | undefined = node; at !== undefined; at = at.from) nodes.unshift(at)
  const before = (state: Uint8Array, thread: number): Last => {
    let successors = 0,
      fails = 0
    for (let other = 0; other < thread; other++) {
      const found = asked.successorsOfThread(state, other)
      successors += found.count
      fails += found.fails
    }
    return { successors, fails }
  }
  const ordinals = nodes
    .slice(1)
    .map(({ from, last: thread, ordinal }) => before(stateOf((from ?? node).state), thread).successors + ordinal)
  const schedule = { watch, initial: nodes[0]?.ordinal ?? 0, ordinals }
  if (last === undefined) return schedule
  const { successors, fails } = before(stateOf(node.state), last.thread)
  return {
    ...schedule,
    last: { successors: successors + last.at.successors, fails: fails + last.at.fails, thread: last.thread },
  }
}

/** All subsets of that size, in order. */
function subsets(of: readonly number[], size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]]
  return of.flatMap((first, n) => subsets(of.slice(n + 1), size - 1).map((rest) => [first, ...rest]))
}
