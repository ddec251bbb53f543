/**
 * The documents about protocols, docs/models/*.md, and the parts of them that a run makes: each stands between two
 * marks of its name.
 */
import { fileURLToPath } from 'node:url'
import type { Protocol } from '../src/catalogue/protocol.ts'

/** The document about a protocol. */
export const documentOf = ({ name }: Pick<Protocol, 'name'>): string =>
  fileURLToPath(new URL(`./models/${name}.md`, import.meta.url))

export interface Marked {
  readonly before: string
  readonly text: string
  readonly after: string
}

/**
 * A document at the marks of a part, `<!-- NAME -->` and `<!-- /NAME -->`, which belong to what is before and after.
 *
 * @throws Error if the marks are missing
 */
export function between(document: string, name: string): Marked {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [document.indexOf(begin) + begin.length, document.indexOf(end)]
  if (from < begin.length || to < from)
    throw new Error(`a document about a protocol has its ${name} between ${begin} and ${end}`)
  return { before: document.slice(0, from), text: document.slice(from, to), after: document.slice(to) }
}
