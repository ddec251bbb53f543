/**
 * The short drawing of a run: it fits a screen. Each decisive step has a line, the others are folded; beside them stand
 * only the changes that the end depends on. Labels that had too little room stand in full below, with the source of the
 * steps that a reader goes to first.
 */
import { colourOf, indented, listed, RAILS, type Canvas } from './canvas.ts'
import type { CellText } from './columns.ts'
import { cutMiddle } from './cut.ts'
import { foldSteps, labelOf, type FoldedRow } from './folded.ts'
import { inAscii, toAscii } from './glyphs.ts'
import { layOutLanes, type LaneRow } from './lanes.ts'
import type { Trace } from './trace.ts'

/**
 * Draws a run so that it fits a screen.
 *
 * @returns lines of at most `canvas.width` characters, 60 or more
 */
export function drawShort(given: Trace, canvas: Canvas): readonly string[] {
  const { width, paint, ascii = false } = canvas
  const trace = ascii ? inAscii(given) : given
  const folded = foldSteps(trace)
  const rows = folded.map((row) => laneRowOf(trace, row))
  const heads = trace.threads.map((name, n): CellText => ({ text: name, colours: ['bold', colourOf(n)] }))
  const { lines, cut } =
    rows.length === 0 ? { lines: [], cut: [] } : layOutLanes({ heads, besideHead: 'what matters', rows }, width, paint)
  const cutSteps = cut.flatMap((row) => folded[rows.indexOf(row)]?.first ?? [])
  const parts = [
    [...initialLines(trace, canvas), ...lines],
    endLines(trace, canvas),
    listed('in full', fullRows(trace, cutSteps), canvas),
  ]
  const drawn = parts.filter(({ length }) => length > 0).flatMap((part, n) => (n === 0 ? part : ['', ...part]))
  return ascii ? drawn.map(toAscii) : drawn
}

function initialLines({ story: { initial }, steps, falls }: Trace, canvas: Canvas): readonly string[] {
  const early = falls.filter(({ step }) => step === 0).map(({ property }) => `✗ ${property}`)
  return [
    ...(initial.length === 0
      ? []
      : indented(`initially ${initial.join(', ')}`, canvas, 'dim').slice(0, steps.length === 0 ? undefined : 3)),
    ...early.flatMap((line) => indented(line, canvas, 'red')),
  ]
}

function laneRowOf(trace: Trace, row: FoldedRow): LaneRow {
  const { first, last, column, labels, rails } = row
  return {
    number: first === last ? String(first) : `${first}-${last}`,
    lane: column ?? 0,
    whole: summed(labels, 1).length,
    text: (room) => fitted(labels, room),
    colours: first === last && column !== undefined ? [colourOf(column)] : ['dim'],
    beside: besideOf(trace, row),
    rails: rails.map((rail) => RAILS[rail]),
  }
}

/** The first of some labels, and the number of the others: `page_fault() [va 0], 3 more`. */
function summed(labels: readonly string[], shown: number): string {
  const more = labels.length - shown
  return [...labels.slice(0, shown), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/** As many labels as there is room for, at least the first: it is cut if it must be. */
function fitted(labels: readonly string[], room: number): string {
  const shown = labels.findLastIndex((_, n) => summed(labels, n + 1).length <= room) + 1
  if (shown > 0) return summed(labels, shown)
  const [first = '', ...others] = labels
  const rest = summed(['', ...others], 1)
  return cutMiddle(first, Math.max(1, room - rest.length)) + rest
}

function besideOf({ steps, story, race }: Trace, { first, last }: FoldedRow): readonly CellText[] {
  if (first !== last) return []
  const changes = story.steps[first - 1]?.changes ?? []
  const raced = race?.write === first ? changes.filter((change) => change.startsWith(race.cell)) : []
  return [
    ...(race?.read === first ? [{ text: `race: reads ${race.cell}`, colours: ['yellow'] as const }] : []),
    ...(race?.write === first && raced.length === 0
      ? [{ text: `race: changes ${race.cell}`, colours: ['yellow'] as const }]
      : []),
    ...changes.map(
      (text): CellText =>
        raced.includes(text) ? { text: `race: ${text}`, colours: ['yellow'] } : { text, colours: [] },
    ),
    ...(steps[first - 1]?.turnsFalse ?? []).map((property): CellText => ({ text: `✗ ${property}`, colours: ['red'] })),
  ]
}

/** The property that the end shows, where each thread of a hang stands, and the race. */
function endLines({ end, race }: Trace, canvas: Canvas): readonly string[] {
  if (end === undefined) return []
  const [mark, colour] = end.outcome === 'violated' ? (['✗', 'red'] as const) : (['✓', 'green'] as const)
  return [
    ...indented(`${mark} ${end.text}`, canvas, colour),
    ...end.standing.flatMap((line) => indented(`  ${line}`, canvas, colour)),
    ...(race === undefined ? [] : indented(race.text, canvas, 'yellow')),
  ]
}

/** Labels that were cut, and the source of the race's steps and of the last one; a hang says where its threads stand. */
function fullRows(
  { steps, race, end }: Trace,
  cut: readonly number[],
): readonly (readonly [number: string, text: string])[] {
  const hangs = end !== undefined && end.standing.length > 0
  const sought = new Set([...(race === undefined ? [] : [race.read, race.write]), ...(hangs ? [] : [steps.length])])
  return steps.flatMap((step, n) => {
    const number = n + 1
    const { place, source } = step
    const texts = [
      ...(cut.includes(number) ? [labelOf(step)] : []),
      ...(sought.has(number) && place !== undefined
        ? [[`${place.file}:${place.line}`, ...(source === undefined ? [] : [source])].join('  ')]
        : []),
    ]
    return texts.map((text, at) => [at === 0 ? String(number) : '', text] as const)
  })
}
