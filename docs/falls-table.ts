/**
 * The table of variants in docs/models/*.md: what is expected of each, from where it is known, and what a run showed.
 */
import { readFileSync } from 'node:fs'
import type { PropertyResult } from '../src/explorer/result.ts'
import type { Expectation, Protocol } from '../src/catalogue/protocol.ts'
import { between, documentOf } from './marked.ts'

const NAME = 'falls'

/** The key of a row. */
export const rowKey = ({ variant, scenario }: Pick<Expectation, 'variant' | 'scenario'>): string =>
  `${variant} ${scenario}`

/**
 * The result of a run for an expectation, as the table has it: `holds`, or each property with the transitions of its
 * shortest schedule. A `sometimes` that is never met has no schedule, so it has no number; a relation has one for
 * each pair of its cycle, and the longest counts.
 */
export function fallsOf({ verdict, violated = [] }: Expectation, properties: readonly PropertyResult[]): string {
  if (verdict === 'holds') return 'holds'
  return violated
    .map((name) => {
      const property = properties.find((one) => one.name === name && one.verdict === 'violated')
      const lengths = (property?.cycle ?? [property]).flatMap((one) => one?.steps ?? [])
      return lengths.length === 0 ? name : `${name} ${Math.max(...lengths)}`
    })
    .join(', ')
}

/** The cells that a document has, by row. */
export function fallsIn(document: string): ReadonlyMap<string, string> {
  const rows = between(document, NAME).text.matchAll(/^\| `([^`]+)` \| (\S+)(?: \(large\))? \| ([^|]+) \|/gm)
  return new Map([...rows].map(([, variant = '', scenario = '', falls = '']) => [rowKey({ variant, scenario }), falls]))
}

/**
 * The document with the table of these cells in place of its own; what was not run, as a large scenario, has the
 * names of what falls.
 */
export function withFalls(
  document: string,
  { expectations, scenarios }: Protocol,
  falls: ReadonlyMap<string, string>,
): string {
  const isLarge = (name: string): boolean => scenarios.find((one) => one.name === name)?.large === true
  const row = (expectation: Expectation): string => {
    const { variant, scenario, source } = expectation
    return `| \`${variant}\` | ${scenario}${isLarge(scenario) ? ' (large)' : ''} | ${falls.get(rowKey(expectation)) ?? fallsOf(expectation, [])} | ${source.replaceAll('|', '\\|')} |`
  }
  const { before, after } = between(document, NAME)
  const table = [
    '| variant | scenario | falls, in steps | known from, or why redundant |',
    '|---|---|---|---|',
    ...expectations.map(row),
  ]
  return `${before}\n${table.join('\n')}\n${after}`
}

/** The table in the document about a protocol. */
export const fallsSaidOf = (protocol: Protocol): ReadonlyMap<string, string> =>
  fallsIn(readFileSync(documentOf(protocol), 'utf8'))
