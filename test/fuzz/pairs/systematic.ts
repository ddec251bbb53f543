/** Models one after the other, each around a pair that none before had, until all are covered. */
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { chance } from '../draw.ts'
import type { Draw } from '../draw.ts'
import { modelWith, together, turns } from './build.ts'
import { pairKey, pairs } from './coverage.ts'
import type { Pair } from './coverage.ts'

export interface Covering { readonly model: ConfiguredModel; readonly uses: readonly Pair[] }

/** A stream of numbers from a seed (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * below)
  }
}

/**
 * Models that cover all pairs together.
 *
 * @param most uses in one model; in every fourth fewer, done by two threads
 */
export function* covering(seed: number, most = 14): Generator<Covering> {
  const draw = drawFrom(seed)
  const turn = turns()
  const waiting = new Map<string, Pair[]>()
  for (const pair of pairs) {
    const of = `${pair.class} | ${pair.width}`
    waiting.set(of, [...waiting.get(of) ?? [], pair])
  }
  while (waiting.size > 0) {
    const [of, left] = [...waiting][draw(waiting.size)] ?? ['', []]
    const uses = together(draw, left, chance(draw, 25) ? 6 : most)
    yield { model: modelWith(draw, uses, turn), uses }
    const done = new Set(uses.map(pairKey))
    const rest = left.filter((pair) => !done.has(pairKey(pair)))
    if (rest.length > 0) waiting.set(of, rest); else waiting.delete(of)
  }
}
