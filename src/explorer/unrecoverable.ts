/**
 * Whether some thread cannot come back from the end of one schedule: the question of `recoverable` about one state,
 * without the rest of the graph.
 */
import type { ConfiguredModel } from '../language/ast.ts'
import { oracle } from '../engine/oracle.ts'
import { packed } from '../engine/states.ts'
import { keyOf } from './ask.ts'
import { prepare } from './prepare.ts'

/** States that are looked at. */
const limit = 2_000_000

/**
 * Follows everything that can happen after a schedule, with the compiled successor function. Behind a failing
 * transition the rest is unknown.
 *
 * @param schedule the number of the initial state, and the ordinal of each step among the transitions that do not fail
 * @returns the thread instances that cannot come back; undefined if there is more to follow than 2,000,000 states
 */
export function unrecoverableAfter(
  model: ConfiguredModel,
  { initial, ordinals }: { readonly initial: number; readonly ordinals: readonly number[] },
): readonly number[] | undefined {
  const {
    compiled,
    initial: starts,
    model: { instances },
  } = prepare(model, {})
  const engine = oracle(compiled)
  const size = compiled.layout.words * 8
  const successors = (state: Uint8Array): { readonly states: readonly Uint8Array[]; readonly fails: number } => {
    const { count, states, fails } = engine.successorsOfAll(state)
    const all = states.slice(0, count * size)
    return { states: Array.from({ length: count }, (_, n) => all.subarray(n * size, (n + 1) * size)), fails }
  }
  const end = ordinals.reduce<Uint8Array>(
    (state, ordinal) => successors(state).states[ordinal] ?? state,
    packed(starts[initial] ?? []),
  )
  const seen = new Set([keyOf(end)])
  const todo = [end]
  let unrecoverable = (1n << BigInt(instances.length)) - 1n
  for (let state = todo.pop(); state !== undefined && unrecoverable !== 0n; state = todo.pop()) {
    unrecoverable &= ~engine.idle(state)
    if (seen.size > limit) return undefined
    const { states, fails } = successors(state)
    if (fails > 0) return []
    for (const one of states) {
      const before = seen.size
      if (seen.add(keyOf(one)).size > before) todo.push(one)
    }
  }
  return instances.flatMap((_, thread) => (((unrecoverable >> BigInt(thread)) & 1n) === 1n ? [thread] : []))
}
