/**
 * Lays rows out in lanes, one for each thread, and a column for the state; knows nothing of models. A text begins in its
 * lane and may run over the lanes to its right, so that few texts are cut, and none is broken.
 */
import type { CellText } from './columns.ts'
import { cutMiddle } from './cut.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

/** One line: the text of a lane, and what stands beside it. */
export interface LaneRow {
  /** In the margin: `3`, `5-9`. */
  readonly number: string
  readonly lane: number
  /** The text of at most that many characters. */
  readonly text: (room: number) => string
  /** In how much room it is whole. */
  readonly whole: number
  readonly colours: CellText['colours']
  readonly beside: readonly CellText[]
  /** One for each lane: what runs through it meanwhile. */
  readonly rails: readonly string[]
}

export interface Lanes {
  readonly heads: readonly CellText[]
  readonly besideHead: string
  readonly rows: readonly LaneRow[]
}

/** The places of lanes in a line. */
interface Places {
  readonly margin: number
  /** The column in which each lane begins. */
  readonly lanes: readonly number[]
  /** Whether the heads have room beside each other. */
  readonly isOneLine: boolean
  /** The columns of all lanes. */
  readonly end: number
  /** The width of the column beside; 0 if there is nothing to say in it. */
  readonly beside: number
}

const DIVIDER = ' │ '
const GAP = 2
/** The share of a line that the state may take. */
const MOST_BESIDE = 0.42
/** The last lane has at least this much room, if heads beside each other would leave it less. */
const LEAST_ROOM = 30
/** From one lane to the next where the heads stand below each other; less if there are so many. */
const NARROW = 3
/** The least room for a text in the last lane. */
const LEAST_TEXT = 8

/**
 * The lines, without spaces at their ends, and the rows whose text had too little room.
 *
 * @param width of the terminal, 60 or more
 */
export function layOutLanes(
  lanes: Lanes,
  width: number,
  paint: Paint,
): { readonly lines: readonly string[]; readonly cut: readonly LaneRow[] } {
  const { rows } = lanes
  const places = placesOf(lanes, width)
  return {
    lines: [...headLines(lanes, places, paint), ...rows.flatMap((row) => rowLines(row, places, paint))].map((line) =>
      line.trimEnd(),
    ),
    cut: rows.filter((row) => row.whole > roomOf(places, row.lane)),
  }
}

/** At least `LEAST_TEXT`, since no lane begins later. */
const roomOf = ({ lanes, end }: Places, lane: number): number => end - (lanes[lane] ?? 0)

/**
 * The lanes are as far apart as their heads need. If that leaves too little room, the heads stand below each other. If
 * there is room to spare, the lanes move apart until a text would have to be cut.
 */
function placesOf({ heads, besideHead, rows }: Lanes, width: number): Places {
  const margin = Math.max(3, ...rows.map(({ number }) => number.length)) + GAP
  const widest = Math.max(0, ...rows.flatMap(({ beside }) => beside.map(({ text }) => text.length)))
  const wanted = widest === 0 ? 0 : Math.max(widest, besideHead.length)
  const beside = Math.min(wanted, Math.floor(width * MOST_BESIDE))
  const end = beside === 0 ? width : width - beside - DIVIDER.length
  const before = heads.slice(0, -1)
  const startsOf = (pitches: readonly number[]): readonly number[] =>
    pitches.reduce<readonly number[]>((starts, pitch) => [...starts, (starts.at(-1) ?? 0) + pitch], [margin])
  const needed = startsOf(before.map(({ text }) => text.length + GAP))
  const isOneLine = end - (needed.at(-1) ?? 0) >= Math.max(LEAST_ROOM, heads.at(-1)?.text.length ?? 0)
  if (!isOneLine) {
    const pitch = Math.min(NARROW, (end - LEAST_TEXT - margin) / Math.max(1, before.length))
    return { margin, lanes: heads.map((_, n) => margin + Math.floor(n * pitch)), isOneLine, end, beside }
  }
  const last = end - Math.max(LEAST_TEXT, heads.at(-1)?.text.length ?? 0)
  const spare = before.length === 0 ? 0 : Math.floor((last - (needed.at(-1) ?? 0)) / before.length)
  const candidates = Array.from({ length: spare + 1 }, (_, more): Places => {
    const lanes = needed.map((start, n) => start + n * more)
    return { margin, lanes, isOneLine, end, beside }
  })
  const costs = candidates.map((places) => ({ places, cost: costOf(places, rows) }))
  return costs.reduce((a, b) => (isLess(b.cost, a.cost) ? b : a)).places
}

type Cost = readonly [cut: number, over: number]
const isLess = ([cut, over]: Cost, [otherCut, otherOver]: Cost): boolean =>
  cut < otherCut || (cut === otherCut && over < otherOver)

/** Characters that are cut, and texts that run over another lane. */
function costOf(places: Places, rows: readonly LaneRow[]): Cost {
  const cut = rows.reduce((sum, { lane, whole }) => sum + Math.max(0, whole - roomOf(places, lane)), 0)
  const over = rows.filter(({ lane, whole }) => {
    const next = places.lanes[lane + 1]
    return next !== undefined && (places.lanes[lane] ?? 0) + whole >= next
  })
  return [cut, over.length]
}

function headLines({ heads, besideHead }: Lanes, places: Places, paint: Paint): readonly string[] {
  const { lanes, isOneLine, beside } = places
  const lines = isOneLine ? [heads.map((_, n) => n)] : heads.map((_, n) => [n])
  return lines.map((shown, at) => {
    const line = lineOf(
      heads.map((head, n): Piece | undefined =>
        shown.includes(n)
          ? { at: lanes[n] ?? 0, ...head, text: cutMiddle(head.text, roomOf(places, n)) }
          : n < at
            ? { at: lanes[n] ?? 0, text: '│', colours: ['dim'] }
            : undefined,
      ),
      paint,
    )
    return beside === 0
      ? line.text
      : withBeside(line, places.end, at === lines.length - 1 ? paint('bold', besideHead) : '', paint)
  })
}

/** A line with a text beside it. */
const withBeside = ({ text, length }: Line, end: number, side: string, paint: Paint): string =>
  text + ' '.repeat(Math.max(0, end - length)) + paint('dim', side === '' ? DIVIDER.trimEnd() : DIVIDER) + side

interface Piece extends CellText {
  readonly at: number
}

/** A line that may have colours, and the number of its characters. */
interface Line {
  readonly text: string
  readonly length: number
}

/** Texts at their places in a line; one for which there is no room is left out. */
function lineOf(pieces: readonly (Piece | undefined)[], paint: Paint): Line {
  let [text, length] = ['', 0]
  for (const piece of pieces) {
    if (piece === undefined || piece.text === '' || (length > 0 && piece.at <= length)) continue
    text += ' '.repeat(piece.at - length)
    text += piece.colours.reduce((painted, colour) => paint(colour, painted), piece.text)
    length = piece.at + piece.text.length
  }
  return { text, length }
}

function rowLines(row: LaneRow, places: Places, paint: Paint): readonly string[] {
  const { margin, lanes, end, beside } = places
  const sides = packed(row.beside, beside)
  const rail = (n: number): Piece => ({ at: lanes[n] ?? 0, text: row.rails[n] ?? '', colours: ['dim'] })
  return Array.from({ length: Math.max(1, sides.length) }, (_, n) => {
    const own: Piece = { at: lanes[row.lane] ?? 0, text: row.text(roomOf(places, row.lane)), colours: row.colours }
    const pieces = row.rails.map((_rail, lane) => (n === 0 && lane === row.lane ? own : rail(lane)))
    const number: Piece = { at: 0, text: n === 0 ? row.number.padStart(margin - GAP) : '', colours: ['dim'] }
    const line = lineOf([number, ...pieces], paint)
    const side = (sides[n] ?? []).map(({ text, colours }) =>
      colours.reduce((painted, one) => paint(one, painted), text),
    )
    return beside === 0 ? line.text : withBeside(line, end, side.join(', '), paint)
  })
}

/** Texts in lines: several in one if they fit, one in several if it must. */
function packed(all: readonly CellText[], width: number): readonly (readonly CellText[])[] {
  const lines: CellText[][] = []
  let used = 0
  for (const { text, colours } of all) {
    const parts = wrap(text, Math.max(8, width)).map((part) => ({ text: part, colours }))
    const [only] = parts
    if (parts.length === 1 && only !== undefined && lines.length > 0 && used + 2 + text.length <= width) {
      lines.at(-1)?.push(only)
      used += 2 + text.length
    } else {
      lines.push(...parts.map((part) => [part]))
      used = parts.at(-1)?.text.length ?? 0
    }
  }
  return lines
}
