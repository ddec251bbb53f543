/**
 * Folds the steps of a run into the rows of a short drawing. Every step is in exactly one row.
 *
 * A decisive step (story.ts) has a row of its own. The others are joined with their neighbours: those of one thread; if
 * there are still too many rows, those of several threads; at last those that are furthest from the end.
 */
import { drawnLabel } from './drawn.ts'
import { plural } from './numbers.ts'
import { valuedLabel } from './trace.ts'
import type { Activity, Trace, TraceStep } from './trace.ts'

/** Consecutive steps that are drawn in one line. */
export interface FoldedRow {
  /** Numbers of steps, from 1. */
  readonly first: number
  readonly last: number
  /** The column of the thread that acts; undefined if several do. */
  readonly column: number | undefined
  /** The labels of its steps, in full; of several threads, one text that sums their steps up. */
  readonly labels: readonly string[]
  /** The activity of each thread before the first step. */
  readonly rails: readonly Activity[]
}

/** A drawing has at most these rows, but for those that must not be joined. */
const MOST_ROWS = 24

/** The rows of a run, in the order of its steps. */
export function foldSteps(trace: Trace): readonly FoldedRow[] {
  const { steps, story } = trace
  const isDecisive = ({ first, last }: Stretch): boolean => first === last && story.steps[first - 1]?.decisive === true
  const each = steps.map((_, n): Stretch => ({ first: n + 1, last: n + 1 }))
  const threadOf = ({ first }: Stretch): string | undefined => steps[first - 1]?.thread
  const ofThread = joined(each, (a, b) => !isDecisive(a) && !isDecisive(b) && threadOf(a) === threadOf(b))
  const ofAll = ofThread.length <= MOST_ROWS ? ofThread : joined(ofThread, (a, b) => !isDecisive(a) && !isDecisive(b))
  return shortened(trace, ofAll).map((stretch) => rowOf(trace, stretch))
}

interface Stretch {
  readonly first: number
  readonly last: number
}

/** Joins neighbours that may be joined. */
function joined(all: readonly Stretch[], may: (a: Stretch, b: Stretch) => boolean): readonly Stretch[] {
  const made: Stretch[] = []
  for (const one of all) {
    const last = made.at(-1)
    if (last !== undefined && may(last, one)) made.splice(-1, 1, { first: last.first, last: one.last })
    else made.push(one)
  }
  return made
}

/** Joins what is furthest from the end, until there are few enough rows; what a reader looks for keeps its own. */
function shortened({ steps, race }: Trace, rows: readonly Stretch[]): readonly Stretch[] {
  if (rows.length <= MOST_ROWS) return rows
  const isKept = ({ first, last }: Stretch): boolean =>
    last === steps.length ||
    (first === last &&
      ((steps[first - 1]?.turnsFalse.length ?? 0) > 0 ||
        (race !== undefined && [race.read, race.write, race.relies].includes(first))))
  const start = Math.max(0, rows.length - MOST_ROWS / 2)
  return joined(
    rows,
    (a, b) => a.first < (rows[start]?.first ?? 0) && b.first < (rows[start]?.first ?? 0) && !isKept(a) && !isKept(b),
  )
}

function rowOf(trace: Trace, { first, last }: Stretch): FoldedRow {
  const taken = trace.steps.slice(first - 1, last)
  const threads = [...new Set(taken.map(({ thread }) => thread))]
  const [begin] = taken
  const ofOne = threads.length === 1 && begin !== undefined
  return {
    first,
    last,
    column: ofOne ? trace.threads.indexOf(begin.thread) : undefined,
    rails: begin?.rails ?? [],
    labels: ofOne ? taken.map(labelOf) : [sumOf(taken.length, threads)],
  }
}

/** `12 steps of cpu[0], cpu[1] and device[0]` */
const sumOf = (count: number, threads: readonly string[]): string =>
  `${plural(count, 'step')} of ${threads.slice(0, -1).join(', ')} and ${threads.at(-1) ?? ''}`

/** The label of a step, with its choices: `page_fault() [va 0]`. */
export const labelOf = (step: TraceStep): string =>
  drawnLabel(valuedLabel(step)) + (step.choices.length === 0 ? '' : ` [${step.choices.join(', ')}]`)
