/** The table of sizes in docs/models/*.md: what `fixed` has in each scenario, between two marks. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Protocol } from '../src/language/protocol.ts'
import { showCount } from '../src/report/numbers.ts'
import { showSizes } from '../src/report/text.ts'

const BEGIN = '<!-- sizes -->'
const END = '<!-- /sizes -->'

export interface Measured {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly bits: number
  /** As printed; of one machine, and no claim. */
  readonly seconds: string
}

/** The document about a protocol. */
export const documentOf = ({ name }: Protocol): string => fileURLToPath(new URL(`./models/${name}.md`, import.meta.url))

/** The rows that a document has, by scenario. */
export function measuredIn(document: string): ReadonlyMap<string, Measured> {
  const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))
  return new Map(between(document).text.split('\n').filter((line) => /^\| `/.test(line)).map((line) => {
    const [name = '', , states, transitions, depth, bits, seconds = ''] = line.split('|').slice(1, -1).map((cell) => cell.trim())
    const scenario = /`([^`]+)`/.exec(name)?.[1] ?? ''
    return [scenario, { states: number(states), transitions: number(transitions), depth: number(depth), bits: number(bits), seconds }] as const
  }))
}

/** The document with the table of these rows in place of its own. */
export function withSizes(document: string, { name: protocol, scenarios }: Protocol, measured: ReadonlyMap<string, Measured>): string {
  const rows = scenarios.flatMap(({ name, sizes, large }) => {
    const row = measured.get(name)
    if (row === undefined) return []
    const { states, transitions, depth, bits, seconds } = row
    return [`| \`${name}\`${large === true ? ' (large)' : ''} | ${showSizes(sizes)} | ${showCount(states)} | ${showCount(transitions)} | ${showCount(depth)} | ${bits} | ${seconds} |`]
  })
  const { before, after } = between(document)
  return [
    before + BEGIN,
    `\`fixed\`, by \`npm run docs:sizes -- ${protocol}\`, the large ones by \`npm run docs:sizes -- --large ${protocol}\`; seconds with compiling and judging, on two cores of a server:`,
    '',
    '| scenario | sizes | states | transitions | depth | bits a state | seconds |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    END + after,
  ].join('\n')
}

/** @throws Error if there are no marks */
function between(document: string): { readonly before: string; readonly text: string; readonly after: string } {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`a document about a protocol has its sizes between ${BEGIN} and ${END}`)
  return { before: document.slice(0, from), text: document.slice(from + BEGIN.length, to), after: document.slice(to + END.length) }
}

/** What the document about a protocol says. */
export const saidOf = (protocol: Protocol): ReadonlyMap<string, Measured> => measuredIn(readFileSync(documentOf(protocol), 'utf8'))
