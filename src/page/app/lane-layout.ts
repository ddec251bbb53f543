/** Where the bars of the lanes stand: every lock of a thread has a track of its own for as long as it is held. */
import type { PageDocument } from '../document.ts'
import type { Reading } from './reading.ts'

/** A lock that a thread holds or waits for, from one moment to another, both included. */
export interface Bar {
  readonly thread: number
  readonly lock: string
  readonly role: string
  readonly waits: boolean
  readonly from: number
  readonly to: number
  /** Counted from the left. */
  readonly track: number
}

/** A part of a bar or a span in one row: the upper half is the time before the step, the lower half that after it. */
export interface BarPart {
  readonly bar: Bar
  readonly part: 'upper' | 'lower' | 'whole'
  /** Whether it begins or ends in this row. */
  readonly begins: boolean
  readonly ends: boolean
}

export interface LaneLayout {
  /** The threads that have a lane, in order. */
  readonly lanes: readonly number[]
  readonly bars: readonly Bar[]
  /** Tracks that each thread needs. */
  readonly tracks: ReadonlyMap<number, number>
  /** All locks of the run, in the order in which they are first seen: their places in the palette. */
  readonly locks: readonly string[]
}

/** @param shown whether a thread is shown; those that never act are not */
export function laneLayout(reading: Reading): LaneLayout {
  const { document } = reading
  const acting = document.threads.flatMap(({ acts }, thread) => (acts ? [thread] : []))
  const lanes = acting.length > 0 ? acting : document.threads.map((_, thread) => thread)
  const bars = lanes.flatMap((thread) => onTracks(barsOf(reading, thread)))
  return {
    lanes,
    bars,
    tracks: new Map(
      lanes.map((thread) => [
        thread,
        Math.max(0, ...bars.filter((bar) => bar.thread === thread).map(({ track }) => track + 1)),
      ]),
    ),
    locks: [...new Set(reading.locks.flat().map(({ lock }) => lock))],
  }
}

type Stretch = Omit<Bar, 'track'>

/** Each stretch of moments at which a thread holds a lock, or waits for it. */
function barsOf({ locks }: Reading, thread: number): readonly Stretch[] {
  const found: Stretch[] = []
  let open: Stretch[] = []
  for (const [at, all] of locks.entries()) {
    const now = all
      .filter((one) => one.thread === thread)
      .map(({ lock, role, waits }): Stretch => {
        const known = open.find((one) => one.lock === lock && one.role === role && one.waits === waits)
        return { thread, lock, role, waits, from: known?.from ?? at, to: at }
      })
    found.push(...open.filter((one) => !now.some((other) => isSame(one, other))))
    open = now
  }
  return [...found, ...open].toSorted((a, b) => a.from - b.from || b.to - a.to)
}

const isSame = (a: Stretch, b: Stretch): boolean =>
  a.lock === b.lock && a.role === b.role && a.waits === b.waits && a.from === b.from

/** Each on the first track that is free. A wait that becomes a hold stays on its track. */
function onTracks(stretches: readonly Stretch[]): readonly Bar[] {
  const bars: Bar[] = []
  for (const stretch of stretches) {
    const waited = bars.find((bar) => bar.lock === stretch.lock && bar.waits && bar.to === stretch.from - 1)
    const isFree = (track: number): boolean =>
      !bars.some((bar) => bar.track === track && bar.to >= stretch.from - 1 && bar !== waited && bar.from <= stretch.to)
    let track = waited?.track ?? 0
    while (!isFree(track)) track += 1
    bars.push({ ...stretch, track })
  }
  return bars
}

/** The parts of a thread's bars in the row of a step, or in that of the initial state, which is all after. */
export function segmentsIn(bars: readonly Bar[], thread: number, row: number): readonly BarPart[] {
  return bars.flatMap((bar): readonly BarPart[] => {
    if (bar.thread !== thread) return []
    const [before, after] = [bar.from < row && bar.to >= row - 1, bar.from <= row && bar.to >= row]
    if (!before && !after) return []
    return [
      {
        bar,
        part: before && after ? 'whole' : after ? 'lower' : 'upper',
        begins: bar.from === row,
        ends: before && !after,
      },
    ]
  })
}

/** Rows of a page from a first to a last one. */
export interface Rows {
  readonly from: number
  readonly to: number
}

/** More steps than these are never in the page at once. */
export const MOST_ROWS = 240

/**
 * The rows around those in sight that are in the page.
 *
 * @param first the first row in sight
 */
export function rowsAround(first: number, count: number): Rows {
  if (count <= MOST_ROWS) return { from: 0, to: count }
  const from = Math.max(0, Math.min(count - MOST_ROWS, first - Math.floor(MOST_ROWS / 3)))
  return { from, to: from + MOST_ROWS }
}

/** Colours for threads, and for locks. */
export const threadHue = ({ threads }: PageDocument, thread: number): number => {
  const acting = threads.flatMap(({ acts }, n) => (acts ? [n] : []))
  const at = acting.indexOf(thread)
  return (at < 0 ? thread : at) % 6
}
