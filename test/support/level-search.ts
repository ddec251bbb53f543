/**
 * A second search for the shortest counterexamples, to hold the first one to: level by level over the compiled successor function.
 * It has its own set of states, its own frontier and its own count of levels. With the engine's search it shares neither the table nor the log.
 */
import { partition } from '../../src/explorer/partition.ts'
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
  const wasm = new WebAssembly.Module(compiled.emit({ boxes: 0, shared: false }) as Uint8Array<ArrayBuffer>)
  const engine = partition(compiled, wasm, { log: 0, boxes: 0, bytes: 2 ** 16 })
  const { words } = compiled.layout
  const shortest = new Map<string, number>()
  const seen = new Set<string>()
  let next: Uint16Array[] = []
  const meet = (state: Uint16Array): void => {
    const before = seen.size
    seen.add(String.fromCharCode(...state))
    if (seen.size > before) next.push(state)
  }
  for (const state of initial) meet(new Uint16Array(BigUint64Array.from(state).buffer))
  for (let steps = 0; next.length > 0 && !wanted.every((name) => shortest.has(name)); steps++) {
    const level = next
    next = []
    for (const state of level) {
      const { count, states, findings } = engine.successors(new Uint8Array(state.buffer, state.byteOffset, state.byteLength))
      const all = new Uint16Array(states.buffer, states.byteOffset, count * words * 4)
      for (let n = 0; n < count; n++) meet(all.slice(n * words * 4, (n + 1) * words * 4))
      for (const { watch } of findings) {
        const { name = '', property, covers } = compiled.watched[watch] ?? {}
        const met = property !== undefined && OF_STATES.includes(property.kind) ? steps : steps + 1
        const known = covers?.name ?? name
        shortest.set(known, Math.min(met, shortest.get(known) ?? met))
      }
    }
  }
  return { shortest, states: seen.size, complete: next.length === 0 }
}
