/** Statements of a transition: what they mention, what of it is not needed, and their text. */
import { bare } from './text.ts'
import type { Line } from './paths.ts'

export const printLines = (lines: readonly Line[]): readonly string[] =>
  lines.map((l) => {
    if (l.kind === 'line') return l.text
    const block = (list: readonly Line[]): string => printLines(list).join('; ')
    return `if :: ${bare(l.condition)} -> ${block(l.then)} :: else${l.otherwise.length === 0 ? '' : ` -> ${block(l.otherwise)}`} fi`
  })

const word = (name: string): RegExp => new RegExp(`\\b${name}\\b`)
const wordAt = (target: string): string => target.replace(/\[.*/, '')
/** The text right of the sign, or all of it. */
const readPart = (l: Extract<Line, { kind: 'line' }>): string =>
  l.target === undefined ? l.text : `${l.target.slice(wordAt(l.target).length)} ${l.text.slice(l.target.length)}`
const reads = (name: string, l: Line): boolean =>
  l.kind === 'line'
    ? word(name).test(readPart(l))
    : word(name).test(l.condition.text) || [...l.then, ...l.otherwise].some((x) => reads(name, x))
export const mentions = (name: string, l: Line): boolean =>
  l.kind === 'line'
    ? word(name).test(l.text)
    : word(name).test(l.condition.text) || [...l.then, ...l.otherwise].some((x) => mentions(name, x))

/**
 * Without stores that a later store hides, with nothing that mentions the variable between; and without those to
 * `scratch` that nothing reads.
 */
export function tidy(lines: readonly Line[], scratch: readonly string[]): readonly Line[] {
  const unread = scratch.filter((name) => !lines.some((l) => reads(name, l)))
  return hidden(without(lines, unread))
}
function without(lines: readonly Line[], names: readonly string[]): readonly Line[] {
  return lines.flatMap((l): readonly Line[] => {
    if (l.kind === 'line') return l.target !== undefined && names.includes(l.target) ? [] : [l]
    const then = without(l.then, names),
      otherwise = without(l.otherwise, names)
    return then.length + otherwise.length === 0
      ? []
      : [{ ...l, then: then.length === 0 ? [{ kind: 'line', text: 'skip' }] : then, otherwise }]
  })
}
function hidden(lines: readonly Line[]): readonly Line[] {
  return lines.filter((l, i) => {
    if (l.kind !== 'line' || l.target === undefined) return true
    const { target } = l
    for (const later of lines.slice(i + 1)) {
      if (later.kind === 'line' && later.target === target) return reads(wordAt(target), later)
      if (mentions(wordAt(target), later)) return true
    }
    return true
  })
}
