/** The strategies, by name. */
import type { StrategyName } from '../../engine/walks/strategy.ts'
import { brackets } from './brackets.ts'
import { pct } from './pct.ts'
import type { Strategy } from './strategy.ts'
import { uniform } from './uniform.ts'

export const DEFAULT_STRATEGY: StrategyName = 'brackets'

/** The depth that `pct` has if nothing is said: most of the catalogue's bugs are found at it. */
export const DEPTH = 3

/** @param depth of `pct` */
export function strategyOf(
  name: StrategyName,
  { depth = DEPTH }: { readonly depth?: number | undefined } = {},
): Strategy {
  return { uniform, brackets, pct: pct(depth) }[name]
}
