/** The table of sizes in docs/models/*.md: the counts of `fixed` in each scenario, between two marks. */
import { countKey, type Counts } from '../models/count.ts'
import type { Protocol } from '../src/catalogue/protocol.ts'
import { showCount } from '../src/report/numbers.ts'
import { showSizes } from '../src/report/text.ts'
import { between } from './marked.ts'

const NAME = 'sizes'

const shown = (count: number | undefined): string => (count === undefined ? '' : showCount(count))

/** The document with the table of these counts in place of its own. */
export function withSizes(document: string, { scenarios }: Protocol, counts: Counts): string {
  const rows = scenarios.flatMap(({ name, sizes, large }) => {
    const count = counts[countKey('fixed', name)]
    if (count === undefined) return []
    const { states, stored, transitions, depth, bits } = count
    const cells = [
      `\`${name}\`${large === true ? ' (large)' : ''}`,
      showSizes(sizes),
      showCount(states),
      shown(stored),
      shown(transitions),
      shown(depth),
      shown(bits),
    ]
    return [`| ${cells.join(' | ')} |`]
  })
  const { before, after } = between(document, NAME)
  return [
    before,
    '`fixed`; a test counts the small scenarios anew, `npm run counts -- --large` the large ones:',
    '',
    '| scenario | sizes | states | stored | transitions | depth | bits per state |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    after,
  ].join('\n')
}
