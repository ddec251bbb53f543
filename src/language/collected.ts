/** Relations that are gathered pair by pair and judged as a whole. */
import type { Property } from './ast.ts'

/** The name of a pair: `P-ORDER: page lock → mmap_sem`. */
export const pairName = (property: string, from: string, to: string): string => `${property}: ${from} → ${to}`

/**
 * The pairs of a shortest cycle of a `collected` property's relation, in the order in which they lead round; nothing
 * if it has none.
 * If there are several, the first by the order in which the pairs were declared.
 *
 * @param isThere whether a pair was collected
 */
export function cycleOf(
  properties: readonly Property[],
  name: string,
  isThere: (pair: Property) => boolean,
): readonly Property[] | undefined {
  const pairs = properties.filter((p) => p.relates?.property === name && isThere(p))
  let shortest: readonly Property[] | undefined
  for (const first of pairs) {
    const reached = new Set([first.relates?.to])
    let chains: readonly (readonly Property[])[] = [[first]]
    while (chains.length > 0 && chains[0] !== undefined && chains[0].length < (shortest?.length ?? Infinity)) {
      const closed = chains.find((chain) => chain.at(-1)?.relates?.to === first.relates?.from)
      if (closed !== undefined) {
        shortest = closed
        break
      }
      chains = chains.flatMap((chain) =>
        pairs.flatMap((next) => {
          if (next.relates?.from !== chain.at(-1)?.relates?.to || reached.has(next.relates?.to)) return []
          reached.add(next.relates?.to)
          return [[...chain, next]]
        }),
      )
    }
  }
  return shortest
}
