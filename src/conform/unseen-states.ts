/** Which states were there before, as far as what is still to come can tell. */
import { is } from 'immutable'
import type { Machine, State, ThreadState } from '../semantics/machine.ts'

/** The locals that matter at a control point. */
type Live = (point: string) => readonly number[]

/** Says of each state whether it is new. They share most of their parts: comparing is cheaper than hashing them. */
export type IsNew = (state: State) => boolean

/** @returns what makes sets of states that are empty at first */
export function unseenStates({ model }: Machine, live: Live): () => IsNew {
  const isSame = comparing(
    model.variables.map(({ name }) => name),
    live,
  )
  return () => {
    const byPoints = new Map<string, State[]>()
    return (state) => {
      const key = state.threads.map(({ point }) => point).join(' ')
      const known = byPoints.get(key)
      if (known === undefined) {
        byPoints.set(key, [state])
        return true
      }
      if (known.some((one) => isSame(one, state))) return false
      known.push(state)
      return true
    }
  }
}

/** Compares two states in which all threads stand at the same points. */
function comparing(variables: readonly string[], live: Live): (one: State, other: State) => boolean {
  // most states differ in a variable in which others have differed just before: it is compared first
  const likely = [...variables]
  const differs = (one: State, other: State): boolean => {
    const at = likely.findIndex((name) => !is(one.shared.get(name), other.shared.get(name)))
    if (at > 0) likely.unshift(...likely.splice(at, 1))
    return at >= 0
  }
  return (one, other) => {
    const isSameThread = ({ point, locals }: ThreadState, n: number): boolean => {
      const mine = other.threads.get(n)?.locals
      return mine === locals || live(point).every((local) => is(mine?.get(local), locals.get(local)))
    }
    return one === other || (!differs(one, other) && one.threads.every(isSameThread))
  }
}
