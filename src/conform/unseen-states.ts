/** Which states were there before, as far as what is still to come can tell. */
import type { Machine, State, ThreadState } from '../semantics/machine.ts'
import type { Value } from '../semantics/values.ts'
import { isSame } from './same.ts'

/** The locals that matter at a control point. */
type Live = (point: string) => readonly number[]

/** Says of each state whether it is new. */
export type IsNew = (state: State) => boolean

/** @returns what makes sets of states that are empty at first */
export function unseenStates({ model }: Machine, live: Live): () => IsNew {
  const isSameShared = comparing(model.variables.map(({ name }) => name))
  let numbers = threadNumbers(live)
  return () => {
    // the numbers are for comparing alone: they can begin anew wherever a set does
    if (numbers.size() > MOST_NUMBERS) numbers = threadNumbers(live)
    const { of } = numbers
    const byThreads = new Map<string, State[]>()
    return (state) => {
      const key = state.threads.toArray().map(of).join(' ')
      const known = byThreads.get(key)
      if (known === undefined) {
        byThreads.set(key, [state])
        return true
      }
      if (known.some((one) => isSameShared(one, state))) return false
      known.push(state)
      return true
    }
  }
}

const MOST_NUMBERS = 100_000

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
function comparing(variables: readonly string[]): (one: State, other: State) => boolean {
  // most states differ in a variable in which others have differed just before: it is compared first
  const likely = [...variables]
  return ({ shared: mine }, { shared: its }) => {
    if (mine === its) return true
    const at = likely.findIndex((name) => !isSame(mine.get(name), its.get(name)))
    if (at > 0) likely.unshift(...likely.splice(at, 1))
    return at < 0
  }
}
