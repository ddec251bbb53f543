/** Finds words that a user's files name but do not call. Only their text can tell. */
import { readFileSync } from 'node:fs'
import { uncalledIn } from '../analysis/uncalled.ts'
import { warning, type Warning } from '../analysis/warning.ts'
import type { Definition } from '../language/definitions.ts'
import * as language from '../language/index.ts'
import { isUsers, sourceFile } from '../language/position.ts'

const words = new Set(Object.entries(language).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])))

/**
 * Procedures, and words such as Idle, that stand alone and without () in the files in which a user's procedures and
 * threads are defined.
 */
export function uncalledWarnings(definitions: readonly Definition[]): readonly Warning[] {
  const procedures = new Set(definitions.flatMap(({ what, name }) => (what === 'procedure' ? [name] : [])))
  const files = new Set(definitions.flatMap(({ at }) => (isUsers(at) ? [at.replace(/:\d+$/, '')] : [])))
  return [...files].flatMap((file) =>
    uncalledIn(textOf(sourceFile(file) ?? file), (name) => procedures.has(name) || words.has(name)).map(
      ({ name, line }) =>
        warning('HMM069', `${name} is named and not called`, `${file}:${line}`, {
          remedy: 'call it with (), or leave the name out',
        }),
    ),
  )
}

/** The text of a source; empty if it does not exist. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
