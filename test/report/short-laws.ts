/** The laws of short drawings: what is true of each, whatever run it is of. */
import { labelOf } from '../../src/report/folded.ts'
import { plainPaint } from '../../src/report/paint.ts'
import { drawShort } from '../../src/report/short.ts'
import type { Trace } from '../../src/report/trace.ts'

/** The short drawing without colours. */
export const shortLines = (trace: Trace, width: number, ascii = false): readonly string[] =>
  drawShort(trace, { width, paint: plainPaint, ascii })

/** A line of a drawing that stands for steps, with the lines under it that belong to it. */
interface DrawnRow {
  readonly first: number
  readonly last: number
  readonly lines: readonly string[]
}

/** The rows of a drawing: its first part, up to an empty line. */
export function drawnRows(lines: readonly string[]): readonly DrawnRow[] {
  const rows: { first: number; last: number; lines: string[] }[] = []
  for (const line of lines.slice(0, lines.includes('') ? lines.indexOf('') : undefined)) {
    const [, first, last = first] = /^ *(\d+)(?:-(\d+))? {2}/.exec(line) ?? []
    if (first !== undefined) rows.push({ first: Number(first), last: Number(last), lines: [line] })
    else rows.at(-1)?.lines.push(line)
  }
  return rows
}

/** What breaks a law in the drawing of a trace. */
export function unlawful(trace: Trace, width: number, ascii = false): readonly string[] {
  const lines = shortLines(trace, width, ascii)
  const rows = drawnRows(lines)
  const drawn = rows.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n))
  const whole = lines.join(' ').replaceAll(/\s+/g, '')
  const [mark, cut] = ascii ? ['x', '~'] : ['✗', '…']
  const spread = (text: string): string => text.replaceAll(/\s+/g, '')
  return [
    ...lines.filter((line) => line.length > width).map((line) => `wider than ${width}: ${line}`),
    ...lines.filter((line) => line !== line.trimEnd()).map((line) => `spaces at the end: ${line}`),
    ...(drawn.join() === trace.steps.map((_, n) => n + 1).join() ? [] : [`steps ${drawn.join()} are drawn`]),
    ...trace.steps.flatMap(({ turnsFalse }, n) => {
      const row = rows.find(({ first, last }) => first === n + 1 && last === n + 1)
      const beside = spread(
        row?.lines.map((line) => line.slice(line.lastIndexOf(ascii ? '|' : '│') + 1)).join('') ?? '',
      )
      return turnsFalse
        .filter((property) => !beside.includes(spread(`${mark} ${property}`)))
        .map((property) => `step ${n + 1} does not say that it breaks ${property}`)
    }),
    ...rows
      .filter(({ lines: [line = ''] }) => line.includes(cut))
      .flatMap(({ first }) => {
        const step = trace.steps[first - 1]
        return step === undefined || whole.includes(spread(`${first}  ${labelOf(step)}`))
          ? []
          : [`the label of step ${first} is cut, and nowhere in full`]
      }),
  ]
}
