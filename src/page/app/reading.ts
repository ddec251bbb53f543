/** What a document says of one of its moments. Nothing here touches the page. */
import type { PictureMoment } from '../memory.ts'
import type { PageDocument, PageLock, PageStep, PageValue, PageTarget } from '../document.ts'

/** All moments of a document, worked out once. */
export interface Reading {
  readonly document: PageDocument
  /** The number of the last moment. */
  readonly last: number
  /** For each moment, the number of each cell's value. */
  readonly values: readonly (readonly number[])[]
  /** For each moment, who is at which lock. */
  readonly locks: readonly (readonly PageLock[])[]
  /** For each moment, what each thread would do next; an empty text of one that has ended. */
  readonly next: readonly (readonly string[])[]
}

const readings = new WeakMap<PageDocument, Reading>()

export function readingOf(document: PageDocument): Reading {
  const known = readings.get(document)
  if (known !== undefined) return known
  const values: (readonly number[])[] = [document.initial]
  const locks: (readonly PageLock[])[] = [document.initialLocks]
  const next: (readonly string[])[] = [
    texts(
      document.threads.map(() => ''),
      document.initialNext,
    ),
  ]
  for (const step of document.steps) {
    const now = [...(values.at(-1) ?? [])]
    for (const [cell, value] of step.changes) now[cell] = value
    values.push(now)
    locks.push(step.locks ?? locks.at(-1) ?? [])
    next.push(texts(next.at(-1) ?? [], step.next))
  }
  const reading = { document, last: document.steps.length, values, locks, next }
  readings.set(document, reading)
  return reading
}

const texts = (before: readonly string[], changed: PageStep['next']): readonly string[] =>
  before.map((text, thread) => changed[thread] ?? text)

/** A moment that exists. */
export const clamp = ({ last }: Reading, moment: number): number => Math.max(0, Math.min(last, Math.round(moment)))

export const valueAt = ({ document, values }: Reading, moment: number, cell: number): PageValue =>
  document.values[values[moment]?.[cell] ?? -1] ?? { text: '' }

/** The cells whose values differ between two moments. */
export function changedBetween({ values }: Reading, one: number, other: number): ReadonlySet<number> {
  const [a, b] = [values[one] ?? [], values[other] ?? []]
  return new Set(b.flatMap((value, cell) => (value === a[cell] ? [] : [cell])))
}

/**
 * The elements that a cell named when it named some last, at or before a moment. A cell that got its value as a copy
 * never did: then it is what the cell named that it was copied from, if the run says which. That is the only cell that
 * had the same value before and lost it in the step, or the only one that had it.
 */
export function namedBefore(reading: Reading, moment: number, cell: number): readonly PageTarget[] {
  const { values } = reading
  const value = values[moment]?.[cell]
  let since = moment
  for (let at = moment; at >= 0; at -= 1) {
    const { refs } = valueAt(reading, at, cell)
    if (refs !== undefined) return refs
    if (values[at]?.[cell] !== value) break
    since = at
  }
  const [before, after] = [values[since - 1] ?? [], values[since] ?? []]
  const had = before.flatMap((one, other) => (one === value && other !== cell ? [other] : []))
  const lost = had.filter((other) => after[other] !== value)
  const [source, ...others] = lost.length > 0 ? lost : had
  return source === undefined || others.length > 0 ? [] : namedBefore(reading, since - 1, source)
}

/** A moment as the picture of memory needs it. */
export const momentOf = (reading: Reading, moment: number, compared: number): PictureMoment => ({
  values: reading.values[moment] ?? [],
  changed: changedBetween(reading, compared, moment),
  named: (cell) => namedBefore(reading, moment, cell),
})

/** Properties that turn false in a step: they held at the moment before. At 0, those that are false from the start. */
export const fallsAt = ({ document: { properties } }: Reading, moment: number): readonly string[] =>
  properties.filter(({ falseAt }) => falseAt.includes(moment) && !falseAt.includes(moment - 1)).map(({ name }) => name)

/** A thread as a link names it: `cpu0` for `cpu[0]`. */
export const linkName = (thread: string): string => thread.replaceAll(/[[\]\s]/g, '')

/** `step=9&thread=cpu0` */
export interface Link {
  readonly moment?: number
  /** Index of a thread. */
  readonly thread?: number
  readonly compare?: number
  readonly view?: string
}

export function readLink(hash: string, { threads }: PageDocument): Link {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const number = (name: string): number | undefined => {
    const text = given.get(name)
    return text !== null && /^\d{1,7}$/.test(text) ? Number(text) : undefined
  }
  const thread = threads.findIndex(({ name }) => linkName(name) === linkName(given.get('thread') ?? ''))
  const [moment, compare, view] = [number('step'), number('compare'), given.get('view')]
  return {
    ...(moment === undefined ? {} : { moment }),
    ...(thread < 0 ? {} : { thread }),
    ...(compare === undefined ? {} : { compare }),
    ...(view === null ? {} : { view }),
  }
}

export function writeLink({ moment, thread, compare, view }: Link, { threads }: PageDocument): string {
  const parts = [
    ...(moment === undefined ? [] : [`step=${moment}`]),
    ...(thread === undefined ? [] : [`thread=${encodeURIComponent(linkName(threads[thread]?.name ?? ''))}`]),
    ...(compare === undefined ? [] : [`compare=${compare}`]),
    ...(view === undefined ? [] : [`view=${encodeURIComponent(view)}`]),
  ]
  return parts.length === 0 ? '' : `#${parts.join('&')}`
}
