/**
 * A second search for the shortest counterexamples, to hold the first one to: level by level over the compiled
 * successor function.
 * It has its own set of states, its own frontier and its own count of levels. With the engine's search it shares
 * neither the table nor the log.
 */
import { oracle } from '../../src/engine/oracle.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'

export interface LevelSearch {
  /** The fewest transitions after which each property that was met is violated, or witnessed. */
  readonly shortest: ReadonlyMap<string, number>
  /** Met until then. */
  readonly states: number
  /** Whether there is nothing left to expand. */
  readonly complete: boolean
}

/** Judged in a state, so before any of its transitions; the others by a transition. */
const OF_STATES = ['invariant', 'sometimes', 'deadlock', 'lock-deadlock']

/**
 * @param model with the properties to judge; they stand in each other's way as in a check
 * @param wanted when all of these are met, the search ends with that level
 */
export function levelSearch(model: ConfiguredModel, wanted: readonly string[]): LevelSearch {
  const { compiled, initial } = prepare(model, {})
  const engine = oracle(compiled)
  const { words } = compiled.layout
  const shortest = new Map<string, number>()
  const seen = new Map<string, number>()
  const graph = model.properties.some(({ kind, name }) => kind === 'recoverable' && wanted.includes(name))
    ? graphOf(model)
    : undefined
  let next: Uint16Array[] = []
  const meet = (state: Uint16Array): number => {
    const key = String.fromCharCode(...state)
    const known = seen.get(key)
    if (known !== undefined) return known
    seen.set(key, seen.size)
    next.push(state)
    return seen.size - 1
  }
  for (const state of initial) meet(new Uint16Array(BigUint64Array.from(state).buffer))
  for (let steps = 0; next.length > 0 && !wanted.every((name) => shortest.has(name)); steps++) {
    const level = next
    next = []
    for (const state of level) {
      const bytes = new Uint8Array(state.buffer, state.byteOffset, state.byteLength)
      const ends = graph === undefined ? 0n : engine.idle(bytes)
      const { count, states, findings } = engine.successorsOfAll(bytes)
      const all = new Uint16Array(states.buffer, states.byteOffset, count * words * 4)
      const targets = Array.from({ length: count }, (_, n) => meet(all.slice(n * words * 4, (n + 1) * words * 4)))
      graph?.add(steps, ends, targets)
      for (const { watch } of findings) {
        const { claim, by } = compiled.watched[watch] ?? {}
        const met = by !== 'covers' && OF_STATES.includes(claim?.kind ?? '') ? steps : steps + 1
        const known = claim?.name ?? ''
        shortest.set(known, Math.min(met, shortest.get(known) ?? met))
      }
    }
  }
  const unrecoverable = graph?.firstUnrecoverable()
  if (unrecoverable !== undefined)
    for (const { name, kind } of model.properties) if (kind === 'recoverable') shortest.set(name, unrecoverable)
  return { shortest, states: seen.size, complete: next.length === 0 }
}

/**
 * The states in the order in which they are expanded, to be followed backwards from where each thread is at an
 * allowed end.
 */
function graphOf({ instances }: ConfiguredModel) {
  const levels: number[] = []
  const ends: bigint[] = []
  const targets: (readonly number[])[] = []
  const canReach = (thread: number): readonly boolean[] => {
    const can = ends.map((bits) => ((bits >> BigInt(thread)) & 1n) === 1n)
    // Most steps lead on, to what was found later: a few rounds backwards see all.
    for (let changed = true; changed; ) {
      changed = false
      for (let n = can.length - 1; n >= 0; n--)
        if (can[n] === false && targets[n]?.some((to) => can[to]) === true) changed = can[n] = true
    }
    return can
  }
  return {
    add(level: number, end: bigint, to: readonly number[]): void {
      levels.push(level)
      ends.push(end)
      targets.push(to)
    },
    /** The first level with a state from which some thread cannot come back. */
    firstUnrecoverable(): number | undefined {
      const unrecoverable = instances
        .map((_, thread) => canReach(thread).indexOf(false))
        .filter((n) => n >= 0)
        .map((n) => levels[n] ?? 0)
      return unrecoverable.length === 0 ? undefined : Math.min(...unrecoverable)
    },
  }
}
