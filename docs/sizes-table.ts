/** The table of sizes in docs/models/*.md: what `fixed` has in each scenario, between two marks. */
import { readFileSync } from 'node:fs'
import type { Protocol } from '../src/catalogue/protocol.ts'
import { showCount } from '../src/report/numbers.ts'
import { showSizes } from '../src/report/text.ts'
import { between, documentOf } from './marked.ts'

const NAME = 'sizes'

export interface Measured {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly bits: number
  /** As printed; of one machine, and no claim. */
  readonly seconds: string
}

/** The rows that a document has, by scenario. */
export function measuredIn(document: string): ReadonlyMap<string, Measured> {
  const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))
  return new Map(
    between(document, NAME)
      .text.split('\n')
      .filter((line) => /^\| `/.test(line))
      .map((line) => {
        const [name = '', , states, transitions, depth, bits, seconds = ''] = line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
        const scenario = /`([^`]+)`/.exec(name)?.[1] ?? ''
        return [
          scenario,
          {
            states: number(states),
            transitions: number(transitions),
            depth: number(depth),
            bits: number(bits),
            seconds,
          },
        ] as const
      }),
  )
}

/** The document with the table of these rows in place of its own. */
export function withSizes(
  document: string,
  { name: protocol, scenarios }: Protocol,
  measured: ReadonlyMap<string, Measured>,
): string {
  const rows = scenarios.flatMap(({ name, sizes, large }) => {
    const row = measured.get(name)
    if (row === undefined) return []
    const { states, transitions, depth, bits, seconds } = row
    return [
      `| \`${name}\`${large === true ? ' (large)' : ''} | ${showSizes(sizes)} | ${showCount(states)} | ${showCount(transitions)} | ${showCount(depth)} | ${bits} | ${seconds} |`,
    ]
  })
  const { before, after } = between(document, NAME)
  return [
    before,
    `\`fixed\`, by \`npm run docs:sizes -- ${protocol}\`, the large ones by \`npm run docs:sizes -- --large ${protocol}\`; seconds with compiling and judging, on two cores of a server:`,
    '',
    '| scenario | sizes | states | transitions | depth | bits per state | seconds |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    after,
  ].join('\n')
}

/** What the document about a protocol says. */
export const saidOf = (protocol: Protocol): ReadonlyMap<string, Measured> =>
  measuredIn(readFileSync(documentOf(protocol), 'utf8'))
