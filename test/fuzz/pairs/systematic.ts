/** Models one after the other, each around something that none before had, until all is covered. */
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { chance } from '../draw.ts'
import type { Draw } from '../draw.ts'
import { modelWith, together, turns } from './build.ts'
import { possible } from './coverage.ts'
import type { Use } from './coverage.ts'

export interface Covering {
  readonly model: ConfiguredModel
  readonly uses: readonly Use[]
}

/** A stream of numbers from a seed (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/**
 * Models that together cover all there is.
 *
 * @param parts what is to be covered in a use: its pairs, or the use itself
 * @param most uses in one model; in every fourth fewer, done by two threads
 */
export function* covering(seed: number, parts: (use: Use) => readonly string[], most = 14): Generator<Covering> {
  const draw = drawFrom(seed)
  const turn = turns()
  const covered = new Set<string>()
  const isNew = (use: Use): boolean => parts(use).some((part) => !covered.has(part))
  for (let waiting = possible; waiting.length > 0; waiting = waiting.filter(isNew)) {
    const first = waiting[draw(waiting.length)]
    if (first === undefined) return
    const alike = waiting.filter((use) => use.class === first.class && use.width === first.width)
    const uses = together(draw, alike, chance(draw, 25) ? 6 : most, (use) => {
      const adds = isNew(use)
      if (adds) for (const part of parts(use)) covered.add(part)
      return adds
    })
    yield { model: modelWith(draw, uses, turn), uses }
  }
}
