/** Lays rows out in columns, one per thread and one for the state; knows nothing of models. */
import type { Colour, Paint } from './paint.ts'
import { wrap } from './wrap.ts'

/** A line of a cell, and how it looks. */
export interface CellText {
  readonly text: string
  readonly colours: readonly Colour[]
}

/** One transition: the text in its thread's column, and the text beside it. */
export interface Row {
  /** In the margin. */
  readonly number: string
  /** The column that acts. */
  readonly column: number
  readonly own: readonly CellText[]
  /** The changes of the state. */
  readonly beside: readonly CellText[]
  /** Text that runs through the other columns meanwhile. */
  readonly rails: readonly string[]
}

export interface Table {
  readonly heads: readonly CellText[]
  /** The head of the column beside. */
  readonly besideHead: string
  readonly rows: readonly Row[]
}

const MARGIN = 5
const GAP = 2
const DIVIDER = '│ '
/** Below these widths the state goes under the step instead of beside it. */
const NARROWEST_COLUMN = 18
const NARROWEST_BESIDE = 30
const WIDEST_COLUMN = 40

interface Widths {
  readonly column: number
  readonly beside: number
  readonly total: number
}

function widthsOf({ heads, rows }: Table, total: number): Widths {
  const available = total - MARGIN
  const natural = (cells: readonly (readonly CellText[])[]): number =>
    Math.max(0, ...cells.flat().map(({ text }) => text.length))
  const wanted = Math.min(WIDEST_COLUMN, Math.max(NARROWEST_COLUMN, natural([heads, ...rows.map(({ own }) => own)])))
  const besideWanted = Math.max(NARROWEST_BESIDE, natural(rows.map(({ beside }) => beside)))
  const room = (beside: number): number => Math.floor((available - DIVIDER.length - beside) / heads.length) - GAP
  const column = Math.min(wanted, Math.max(room(besideWanted), Math.min(room(NARROWEST_BESIDE), NARROWEST_COLUMN + 6)))
  if (column >= NARROWEST_COLUMN)
    return { column, beside: available - DIVIDER.length - heads.length * (column + GAP), total }
  return { column: Math.max(10, Math.floor(available / heads.length) - GAP), beside: 0, total }
}

/** A text in its colours, filled up with spaces. */
function put(paint: Paint, { text, colours }: CellText, width: number): string {
  return (
    colours.reduce((painted, colour) => paint(colour, painted), text) + ' '.repeat(Math.max(0, width - text.length))
  )
}

function wrapCells(cells: readonly CellText[], width: number): readonly CellText[] {
  return cells.flatMap(({ text, colours }) => wrap(text, Math.max(8, width)).map((line) => ({ text: line, colours })))
}

const NOTHING: CellText = { text: '', colours: [] }
const rail = (text: string | undefined): CellText => ({ text: text ?? '', colours: ['dim'] })

/**
 * The table as lines without spaces at their ends.
 *
 * @param width of the terminal, 60 or more
 */
export function layOutTable(table: Table, width: number, paint: Paint): readonly string[] {
  const widths = widthsOf(table, width)
  const lines = [
    ...headLines(table, widths, paint),
    ...table.rows.flatMap((row) =>
      widths.beside > 0 ? rowBeside(row, table, widths, paint) : rowStacked(row, table, widths, paint),
    ),
  ]
  return lines.map((line) => line.trimEnd())
}

function headLines({ heads, besideHead }: Table, { column, beside }: Widths, paint: Paint): readonly string[] {
  const margin = ' '.repeat(MARGIN)
  const names = heads.map((head) => wrapCells([head], column))
  const height = Math.max(...names.map((lines) => lines.length))
  const top = Array.from({ length: height }, (_, n) => {
    const last =
      n === height - 1 && beside > 0
        ? paint('dim', DIVIDER) + paint('bold', besideHead)
        : n < height - 1 && beside > 0
          ? paint('dim', DIVIDER)
          : ''
    return (
      margin +
      names.map((lines) => put(paint, lines[n - height + lines.length] ?? NOTHING, column + GAP)).join('') +
      last
    )
  })
  const rule =
    heads.map(() => '─'.repeat(column) + ' '.repeat(GAP)).join('') +
    (beside > 0 ? `┼${'─'.repeat(Math.min(beside, 30))}` : '')
  return [...top, margin + paint('dim', rule)]
}

function rowBeside(
  { number, column: acting, own, beside: changes, rails }: Row,
  { heads }: Table,
  { column, beside }: Widths,
  paint: Paint,
): readonly string[] {
  const left = wrapCells(own, column)
  const right = wrapCells(changes, beside)
  return Array.from({ length: Math.max(left.length, right.length, 1) }, (_, n) => {
    const cells = heads.map((_head, at) => {
      if (at !== acting) return put(paint, rail(rails[at]), column + GAP)
      return put(paint, left[n] ?? rail(rails[at]), column + GAP)
    })
    return margin(number, n, paint) + cells.join('') + paint('dim', DIVIDER) + put(paint, right[n] ?? NOTHING, 0)
  })
}

/** Under the step, from its column on to the right; if there is too little room, as far left as it takes. */
function rowStacked(
  { number, column: acting, own, beside: changes, rails }: Row,
  { heads }: Table,
  { column, total }: Widths,
  paint: Paint,
): readonly string[] {
  const step = column + GAP
  const labels = wrapCells(own, column)
  const start = Math.min(acting * step, Math.max(0, total - MARGIN - NARROWEST_BESIDE - GAP))
  const below = wrapCells(changes, total - MARGIN - start - GAP)
  const before = Math.ceil(start / step)
  return [
    ...labels.map(
      (label, n) =>
        margin(number, n, paint) +
        heads.map((_head, at) => put(paint, at === acting ? label : rail(rails[at]), step)).join(''),
    ),
    ...below.map(({ text, colours }) => {
      const left = heads
        .slice(0, before)
        .map((_head, at) => put(paint, rail(at * step < start ? rails[at] : ''), Math.min(step, start - at * step)))
        .join('')
      return margin('', 1, paint) + left + put(paint, { text: `  ${text}`, colours }, 0)
    }),
  ]
}

function margin(number: string, line: number, paint: Paint): string {
  return line > 0 ? ' '.repeat(MARGIN) : paint('dim', number.padStart(MARGIN - GAP)) + ' '.repeat(GAP)
}
