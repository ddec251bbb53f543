/** Which states were there before, as far as what is still to come can tell. */
import type { Machine, State, ThreadState } from '../semantics/machine.ts'
import type { Value } from '../semantics/values.ts'
import { isSame } from './same.ts'

/** The locals that matter at a control point. */
type Live = (point: string) => readonly number[]

/** A set of states that grows. */
export interface SeenStates {
  /** The state of the set that is the same. */
  find(state: State): State | undefined
  /** The same; a state that is new comes into the set, and nothing is returned. */
  meet(state: State): State | undefined
}

/** A set with more states than these has a table of them: most have one or two. */
const FEW = 4
/** The numbers of thread states are for comparing alone: they can begin anew wherever a table does. */
const MOST_NUMBERS = 100_000

/** @returns what makes sets that are empty at first */
export function seenStates({ model }: Machine, live: Live): () => SeenStates {
  const isSameShared = comparing(model.variables.map(({ name }) => name))
  const isSameThread = comparingThreads(live)
  let numbers = threadNumbers(live)
  return () => {
    const few: State[] = []
    let table: Table | undefined
    const tableOfMany = (): Table => {
      if (numbers.size() > MOST_NUMBERS) numbers = threadNumbers(live)
      const made = tableOf(numbers.of, isSameShared)
      for (const state of few) made.meet(state)
      return made
    }
    const amongFew = (state: State): State | undefined =>
      few.find((one) => areSameThreads(one, state, isSameThread) && isSameShared(one, state))
    return {
      find: (state) => (table === undefined ? amongFew(state) : table.find(state)),
      meet(state) {
        if (table !== undefined) return table.meet(state)
        const same = amongFew(state)
        if (same === undefined) few.push(state)
        if (few.length > FEW) table = tableOfMany()
        return same
      },
    }
  }
}

type Table = SeenStates

/** A set of many states, by their threads. */
function tableOf(numberOf: (thread: ThreadState) => number, isSameShared: AreSame<State>): Table {
  const byThreads = new Map<string, State[]>()
  const keyOf = (state: State): string => state.threads.toArray().map(numberOf).join(' ')
  const among = (states: readonly State[] | undefined, state: State): State | undefined =>
    states?.find((one) => isSameShared(one, state))
  return {
    find: (state) => among(byThreads.get(keyOf(state)), state),
    meet(state) {
      const key = keyOf(state)
      const known = byThreads.get(key)
      const same = among(known, state)
      if (known === undefined) byThreads.set(key, [state])
      else if (same === undefined) known.push(state)
      return same
    },
  }
}

type AreSame<T> = (one: T, other: T) => boolean

/** Whether states of a thread differ in nothing that matters. */
const comparingThreads =
  (live: Live): AreSame<ThreadState> =>
  (one, other) =>
    one === other ||
    (one.point === other.point &&
      live(one.point).every((local) => isSame(one.locals.get(local), other.locals.get(local))))

const areSameThreads = (one: State, other: State, isSameThread: AreSame<ThreadState>): boolean =>
  one.threads === other.threads ||
  one.threads.every((thread, n) => {
    const its = other.threads.get(n)
    return its !== undefined && isSameThread(thread, its)
  })

/** A number for each state of a thread: the same for those that differ in nothing that matters. */
interface Numbers {
  readonly of: (thread: ThreadState) => number
  readonly size: () => number
}

function threadNumbers(live: Live): Numbers {
  const known = new WeakMap<ThreadState, number>()
  const byText = new Map<string, { readonly collections: readonly Value[]; readonly number: number }[]>()
  let size = 0
  const found = (thread: ThreadState): number => {
    const { point, locals } = thread
    const collections: Value[] = []
    let text = point
    for (const local of live(point)) {
      const value = locals.get(local) ?? null
      if (typeof value === 'object' && value !== null) collections.push(value)
      else text += ` ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
    }
    const alike = byText.get(text) ?? []
    byText.set(text, alike)
    const equal = alike.find((one) => one.collections.every((value, n) => isSame(value, collections[n])))
    const number = equal?.number ?? (size += 1)
    if (equal === undefined) alike.push({ collections, number })
    known.set(thread, number)
    return number
  }
  return { of: (thread) => known.get(thread) ?? found(thread), size: () => size }
}

/** Compares the shared parts of two states. */
function comparing(variables: readonly string[]): AreSame<State> {
  // most states differ in a variable in which others have differed just before: it is compared first
  const likely = [...variables]
  return ({ shared: mine }, { shared: its }) => {
    if (mine === its) return true
    const at = likely.findIndex((name) => !isSame(mine.get(name), its.get(name)))
    if (at > 0) likely.unshift(...likely.splice(at, 1))
    return at < 0
  }
}
