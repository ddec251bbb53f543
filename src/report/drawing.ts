/**
 * Draws a run: one column per thread with its steps in the words of the kernel, the locks it holds and waits for, and
 * the changes of the state.
 */
import { drawnLabel } from './drawn.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { RAILS, colourOf, indented, listed } from './canvas.ts'
import type { Canvas } from './canvas.ts'
import { layOutTable } from './columns.ts'
import type { CellText, Row } from './columns.ts'
import { isViolationOf } from './first-violations.ts'
import { inAscii, toAscii } from './glyphs.ts'
import type { Colour, Paint } from './paint.ts'
import { lockText, traceOf, valuedLabel } from './trace.ts'
import type { Trace, TraceOptions, TraceStep } from './trace.ts'

export interface DrawingOptions extends Canvas, TraceOptions {}

/** More cells than these are summed up in the line of the initial state. */
const INITIAL_CELLS = 24
/**
 * A run of more than `above` steps is folded: the drawing has the first and the last steps, and those between that
 * matter.
 */
const FOLD = { above: 1000, first: 100, last: 200 }
/**
 * The drawing of a run as lines of text.
 *
 * @param machine of the model that the run is a run of
 */
export function drawRun(machine: Machine, run: Run, options: DrawingOptions): readonly string[] {
  return drawTrace(traceOf(machine, run, options), options)
}

/**
 * The drawing of a run: the initial state, the steps, the properties that they show, the next step of each thread, and
 * the source of each step.
 */
export function drawTrace(given: Trace, canvas: Canvas): readonly string[] {
  const { width, paint, ascii = false } = canvas
  const trace = ascii ? inAscii(given) : given
  const heads = trace.threads.map((name, n): CellText => ({ text: name, colours: ['bold', colourOf(n)] }))
  const rows = rowsOf(trace)
  const table = rows.length === 0 ? [] : layOutTable({ heads, besideHead: 'what changed', rows }, width, paint)
  const parts = [
    initialLines(trace, canvas),
    [...table, ...legend(rows, paint)],
    drawEnd(trace, canvas),
    nextLines(trace, canvas),
    placeLines(trace, canvas),
  ]
  const lines = parts.filter(({ length }) => length > 0).flatMap((part, n) => (n === 0 ? part : ['', ...part]))
  return ascii ? lines.map(toAscii) : lines
}

/** The end of the drawing: the property that the last step shows, the others that turned false, and the race. */
export function drawEnd(given: Trace, canvas: Canvas): readonly string[] {
  const { ascii = false } = canvas
  const { end, falls, race } = ascii ? inAscii(given) : given
  if (end === undefined) return []
  const violated = end.outcome === 'violated'
  const colour: Colour = violated ? 'red' : 'green'
  const others = falls
    .filter((violation) => !isViolationOf(violation, { name: end.property, kind: end.kind }))
    .map(
      ({ property, step }) =>
        `✗ ${property} ${step === 0 ? 'is false from the start' : `turned false in step ${step}`}`,
    )
  const lines = [
    ...[`${violated ? '✗' : '✓'} ${end.text}`, ...end.standing.map((line) => `  ${line}`)].flatMap((line) =>
      indented(line, canvas, colour),
    ),
    ...others.flatMap((line) => indented(line, canvas, 'red')),
    ...(race === undefined ? [] : indented(race.text, canvas, 'yellow')),
  ]
  return ascii ? lines.map(toAscii) : lines
}

function initialLines({ initial, falls }: Trace, canvas: Canvas): readonly string[] {
  const more = initial.length - INITIAL_CELLS
  const cells = initial.slice(0, INITIAL_CELLS).join(', ') + (more > 0 ? `, and ${more} more` : '')
  const false_ = falls.filter(({ step }) => step === 0).map(({ property }) => `✗ ${property}`)
  return [
    ...(initial.length === 0 ? [] : indented(`initially ${cells}`, canvas, 'dim')),
    ...false_.flatMap((line) => indented(line, canvas, 'red')),
  ]
}

/**
 * One row per step. The middle of a long run is folded, except for steps in which a property turns false and the steps
 * of the race.
 */
function rowsOf(trace: Trace): readonly Row[] {
  const { steps, race } = trace
  if (steps.length <= FOLD.above) return steps.map((step, n) => rowOf(trace, step, n + 1))
  const rows: Row[] = []
  let folded = 0
  const unfold = (): void => {
    if (folded === 0) return
    const text = `${folded.toLocaleString('en')} steps are not drawn; a saved schedule has them all`
    rows.push({
      number: '',
      column: 0,
      own: [{ text, colours: ['dim'] }],
      beside: [],
      rails: trace.threads.map(() => ''),
    })
    folded = 0
  }
  steps.forEach((step, n) => {
    const isDrawn =
      n < FOLD.first ||
      n >= steps.length - FOLD.last ||
      step.turnsFalse.length > 0 ||
      race?.read === n + 1 ||
      race?.write === n + 1
    if (!isDrawn) {
      folded++
      return
    }
    unfold()
    rows.push(rowOf(trace, step, n + 1))
  })
  return rows
}

/** Ascending numbers as people write them: `1, 3 to 7`. */
function rangesOf(numbers: readonly number[]): string {
  const parts: { first: number; last: number }[] = []
  for (const n of numbers) {
    const open = parts.at(-1)
    if (open?.last === n - 1) open.last = n
    else parts.push({ first: n, last: n })
  }
  return parts
    .flatMap(({ first, last }) =>
      last - first < 2 ? (first === last ? [`${first}`] : [`${first}`, `${last}`]) : [`${first} to ${last}`],
    )
    .join(', ')
}

function rowOf(trace: Trace, step: TraceStep, number: number): Row {
  const column = trace.threads.indexOf(step.thread)
  const line = (text: string, colour: Colour): CellText => ({ text: `  ${text}`, colours: [colour] })
  const own = step.lockChanges.find(({ thread }) => thread === step.thread)
  const drawn = step.lockChanges.filter(({ thread }) => thread !== step.thread && trace.threads.includes(thread))
  const { race } = trace
  return {
    number: String(number),
    column,
    own: [
      {
        text: drawnLabel(valuedLabel(step)) + (step.choices.length === 0 ? '' : ` [${step.choices.join(', ')}]`),
        colours: [colourOf(column)],
      },
      ...step.locals.map((text) => line(text, 'dim')),
      ...(own === undefined ? [] : [line(lockText(trace, step, own), 'dim')]),
      ...(race?.read === number ? [line(`race: reads ${race.cell}`, 'yellow')] : []),
      ...(race?.write === number ? [line(`race: changes ${race.cell}`, 'yellow')] : []),
      ...step.turnsFalse.map((property) => line(`✗ ${property}`, 'red')),
    ],
    beside: [...step.changes, ...drawn.map((other) => `${other.thread} ${lockText(trace, step, other)}`)].map(
      (text) => ({ text, colours: [] }),
    ),
    rails: step.rails.map((rail) => RAILS[rail]),
  }
}

function legend(rows: readonly Row[], paint: Paint): readonly string[] {
  const drawn = new Set(rows.flatMap(({ rails, column }) => rails.filter((_, at) => at !== column)))
  const parts = [
    ...(drawn.has(RAILS.holds) ? [`${RAILS.holds} holds a lock`] : []),
    ...(drawn.has(RAILS.waits) ? [`${RAILS.waits} waits for one`] : []),
  ]
  return parts.length === 0 ? [] : ['', `     ${paint('dim', parts.join('   '))}`]
}

/** The next steps. A deadlock already shows where each thread stands. */
function nextLines({ steps, end, next }: Trace, canvas: Canvas): readonly string[] {
  if (steps.length === 0 || (end !== undefined && end.standing.length > 0)) return []
  return listed(
    'next step of each thread',
    next.map(({ thread, text }) => [thread, text] as const),
    canvas,
  )
}

/** One line per statement, with the numbers of its steps. */
function placeLines({ steps }: Trace, canvas: Canvas): readonly string[] {
  const numbers = new Map<string, number[]>()
  steps.forEach(({ place, source }, n) => {
    const text = [
      ...(place === undefined ? [] : [`${place.file}:${place.line}`]),
      ...(source === undefined ? [] : [source]),
    ].join('  ')
    if (text === '') return
    const known = numbers.get(text)
    if (known === undefined) numbers.set(text, [n + 1])
    else known.push(n + 1)
  })
  return listed(
    'source of each step',
    [...numbers].map(([text, at]) => [rangesOf(at), text] as const),
    canvas,
  )
}
