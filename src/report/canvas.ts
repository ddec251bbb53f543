/** The surface that drawings are made on, and the parts that all of them have. */
import type { Colour, Paint } from './paint.ts'
import type { Activity } from './trace.ts'
import { wrap } from './wrap.ts'

/** The surface that it is drawn on. */
export interface Canvas {
  /** Columns of the terminal. */
  readonly width: number
  readonly paint: Paint
  /** Whether only plain ASCII may be drawn. */
  readonly ascii?: boolean | undefined
}

/** Columns to the left of a drawing, for the numbers of steps. */
export const MARGIN = 5

const COLOURS: readonly Colour[] = ['cyan', 'yellow', 'magenta', 'green', 'blue']
/** The lane of a thread while another one acts. */
export const RAILS: Readonly<Record<Activity, string>> = { ended: '', runs: '│', holds: '┃', waits: '┆' }

/** The colour of the thread in that column. */
export const colourOf = (n: number): Colour => COLOURS[n % COLOURS.length] ?? 'cyan'

/** A text under the columns. */
export function indented(text: string, { width, paint }: Canvas, colour: Colour, hang = 2): readonly string[] {
  return wrap(text, width - MARGIN, hang).map((line) => `${' '.repeat(MARGIN)}${paint(colour, line)}`)
}

/** Names in one column, a text about each in the next. */
export function listed(
  title: string,
  rows: readonly (readonly [name: string, text: string])[],
  { width, paint }: Canvas,
): readonly string[] {
  if (rows.length === 0) return []
  const column = Math.min(24, Math.max(...rows.map(([name]) => name.length)))
  return [
    `     ${paint('dim', title)}`,
    ...rows.flatMap(([name, text]) => {
      const names = wrap(name, column)
      const texts = wrap(text, width - MARGIN - column - 4)
      return Array.from({ length: Math.max(names.length, texts.length) }, (_, n) => {
        const line = `${(names[n] ?? '').padEnd(column)}  ${texts[n] ?? ''}`.trimEnd()
        return `       ${paint('dim', line)}`
      })
    }),
  ]
}
