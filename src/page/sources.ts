/** The lines of the model's source that a page shows: those around each step. */
import type { PageSource, PageStep } from './document.ts'

/** The text of a file as places name it; undefined if it can't be read. */
export type ReadSource = (file: string) => string | undefined

/** Lines before and after that of a step. */
const AROUND = 12

/** For each file that a step names, the lines around the steps, in parts that do not overlap. */
export function sourcesOf(steps: readonly PageStep[], read: ReadSource): readonly PageSource[] {
  const wanted = new Map<string, Set<number>>()
  for (const { place } of steps) {
    if (place === undefined) continue
    const lines = wanted.get(place.file) ?? new Set<number>()
    wanted.set(place.file, lines.add(place.line))
  }
  return [...wanted].flatMap(([file, lines]): readonly PageSource[] => {
    const text = read(file)
    return text === undefined ? [] : [{ file, parts: partsOf(text.split(/\r?\n/), lines) }]
  })
}

function partsOf(lines: readonly string[], wanted: ReadonlySet<number>): PageSource['parts'] {
  const parts: { from: number; to: number }[] = []
  for (const line of [...wanted].toSorted((a, b) => a - b)) {
    const [from, to] = [Math.max(1, line - AROUND), Math.min(lines.length, line + AROUND)]
    const last = parts.at(-1)
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
    else if (from <= to) parts.push({ from, to })
  }
  return parts.map(({ from, to }) => ({ from, lines: lines.slice(from - 1, to) }))
}
