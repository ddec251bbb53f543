/**
 * Documents as tests read them: fenced blocks, files made from them, and what a command printed against what is
 * shown.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** A fenced block: ` ```LANGUAGE NAME `. */
export interface Fence {
  readonly language: string
  /** What stands behind the language; empty if nothing does. */
  readonly name: string
  readonly text: string
}

/** The fenced blocks of a document of the repository, in order. */
export function fencesOf(document: string): readonly Fence[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(([, language = '', name = '', body = '']) => ({
    language,
    name,
    text: body,
  }))
}

/** A file after a change that is shown as a diff: its old lines must stand in it once. */
export function patched(file: string, diff: string): string {
  const lines = diff.trimEnd().split('\n')
  const side = (other: string): string =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => line.slice(1))
      .join('\n')
  const [before, ...after] = file.split(side('+'))
  if (before === undefined || after.length !== 1)
    throw new Error(`the old lines stand ${after.length} times in the file:\n${side('+')}`)
  return [before, ...after].join(side('-'))
}

/** A command of a `console` block, and the lines shown under it. */
export interface Shown {
  readonly command: string
  readonly lines: readonly string[]
}

/** The commands of a `console` block: lines that begin with `$ `. */
export function commandsOf({ text }: Fence): readonly Shown[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n')
      return { command, lines }
    })
}

/**
 * The output with the lines left out that the document leaves out, to be compared with what is shown.
 * `...` on a line of its own stands for any lines, at the end of a line for any end.
 */
export function elided(output: string, shown: readonly string[]): readonly string[] {
  const printed = output
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
  const made: string[] = []
  let at = 0
  shown.forEach((line, n) => {
    const next = shown[n + 1]
    if (line !== '...') {
      const begin = line.endsWith('...') ? line.slice(0, -3) : undefined
      const there = printed[at++] ?? '(the output ends here)'
      made.push(begin !== undefined && there.startsWith(begin) ? line : there)
    } else {
      made.push(line)
      while (at < printed.length && (next === undefined || !isShownAs(printed[at] ?? '', next))) at++
    }
  })
  return [...made, ...printed.slice(at)]
}

const isShownAs = (printed: string, shown: string): boolean =>
  shown.endsWith('...') ? printed.startsWith(shown.slice(0, -3)) : printed === shown
