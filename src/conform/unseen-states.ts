/** Which states were there before, as far as what is still to come can tell. */
import { is } from 'immutable'
import type { State, ThreadState } from '../semantics/machine.ts'

/** The locals that matter at a control point. */
type Live = (point: string) => readonly number[]

/** Says of each state whether it is new. They share most of their parts: comparing is cheaper than hashing them. */
export function unseenStates(live: Live): (state: State) => boolean {
  const byPoints = new Map<string, State[]>()
  return (state) => {
    const key = state.threads.map(({ point }) => point).join(' ')
    const known = byPoints.get(key)
    if (known === undefined) {
      byPoints.set(key, [state])
      return true
    }
    if (known.some((one) => isSameState(one, state, live))) return false
    known.push(state)
    return true
  }
}

/** Two states in which all threads stand at the same points. */
function isSameState(one: State, other: State, live: Live): boolean {
  const isSameThread = ({ point, locals }: ThreadState, n: number): boolean => {
    const mine = other.threads.get(n)?.locals
    return mine === locals || live(point).every((local) => is(mine?.get(local), locals.get(local)))
  }
  return (
    one === other ||
    (one.shared.every((value, name) => is(other.shared.get(name), value)) && one.threads.every(isSameThread))
  )
}
