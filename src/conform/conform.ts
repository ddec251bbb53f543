/** Whether a recording is a run of a model. */
import { configure } from '../language/configure.ts'
import type { Bound, Model } from '../language/ast.ts'
import { UsageError } from '../catalogue/usage.ts'
import type { ConformanceModel, ConformanceVariant, EventPattern } from './conformance.ts'
import { declaredIn, objectNames, type Declared, type ObjectNames } from './declared.ts'
import type { Fall } from './falls.ts'
import { eventText, type RecordedEvent, type Recording } from './recording.ts'
import type { Rejection } from './rejection.ts'
import { MOST_EXPLANATIONS, explainer, TooManyExplanations, type Explainer } from './search.ts'

/**
 * The part of a recording that is judged, by `t`, both ends included. It begins in the states that explain all events
 * before it: they are reachable, and what has fallen on the way to them is forgotten. Nothing behind it is looked at.
 */
export interface Window {
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Nothing is known of what comes before: the window begins in a state of which only what it shows is known. */
  readonly alone?: boolean | undefined
}

/** How many events of a kind were explained, and how many were ignored. */
export interface Counted {
  readonly kind: string
  readonly explained: number
  readonly ignored: number
}

export interface ConformanceResult {
  readonly model: string
  readonly variant: ConformanceVariant
  /** Events looked at. */
  readonly events: number
  readonly explained: number
  readonly ignored: number
  readonly kinds: readonly Counted[]
  /** Hidden steps of a longest explanation. */
  readonly hidden: number
  /** The most states that explained a prefix. */
  readonly largest: number
  /** In the order in which they fell. */
  readonly falls: readonly Fall[]
  readonly rejection?: Rejection
}

/** Called now and then. */
export type OnProgress = (done: number, all: number) => void

const PROGRESS_EVERY = 200

/**
 * Looks for a run of the model that shows the events of the recording.
 *
 * @throws UsageError HMM281 if there is something that is out of the model's scope, HMM282 if there is an event that
 *   no step declares and that is not ignored either, HMM283 if the model leaves too much open
 */
export function conform(
  { name, model: build, variants, ignored, refused, refusedTogether = [], freed }: ConformanceModel,
  variant: ConformanceVariant,
  { events: all, besides }: Recording,
  { from, to, alone = false }: Window = {},
  onProgress?: OnProgress,
): ConformanceResult {
  const isBefore = ({ order }: RecordedEvent): boolean => from !== undefined && order < from
  const events = all.filter((event) => !isBefore(event) && (to === undefined || event.order <= to))
  const seen = alone ? events : all.filter(({ order }) => to === undefined || order <= to)
  if (events.length === 0) throw new UsageError('HMM280', 'the recording has no event in this window')
  const model = build()
  const declared = declaredIn(model)
  checkScope(seen, { name, declared, ignored, refused, refusedTogether })
  const wanted = seen.filter(({ kind }) => declared.has(kind))
  const names = objectNames(declared, { events: wanted, besides }, alone)
  const configured = configure(
    model,
    { sizes: sizesOf(model, names, wanted), constants: { ...variants[0]?.constants, ...variant.constants } },
    { keepsShown: true, most: Number.MAX_SAFE_INTEGER },
  )
  const unseen = alone
    ? lastOfOthers(
        all.filter((event) => isBefore(event) && declared.has(event.kind)),
        wanted,
      )
    : undefined
  const search = explainer(configured, { declared, names, events: wanted, freed: freed?.(seen) ?? [], unseen })
  beginBehind(search, name, wanted.filter(isBefore))
  const counts = new Map<string, { explained: number; ignored: number }>()
  let rejection: Rejection | undefined
  let done = 0
  for (const event of events) {
    const counted = counts.get(event.kind) ?? { explained: 0, ignored: 0 }
    counts.set(event.kind, counted)
    if (declared.has(event.kind)) {
      rejection = explained(search, event)
      if (rejection !== undefined) break
      counted.explained += 1
    } else counted.ignored += 1
    done += 1
    if (done % PROGRESS_EVERY === 0) onProgress?.(done, events.length)
  }
  const kinds = [...counts].map(([kind, counted]) => ({ kind, ...counted })).sort((a, b) => (a.kind < b.kind ? -1 : 1))
  const sum = (of: (counted: Counted) => number): number => kinds.reduce((total, one) => total + of(one), 0)
  const ends = rejection === undefined ? search.set().map(({ trail }) => trail) : [rejection.trail]
  return {
    model: name,
    variant,
    events: events.length,
    explained: sum((one) => one.explained),
    ignored: sum((one) => one.ignored),
    kinds,
    hidden: Math.max(0, ...ends.map((trail) => trail?.hidden ?? 0)),
    largest: search.largest(),
    falls: search.set()[0]?.falls ?? [],
    ...(rejection === undefined ? {} : { rejection }),
  }
}

/** Of each thread that shows nothing in a window, the last event before it. */
function lastOfOthers(before: readonly RecordedEvent[], window: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const last = new Map(before.map((event) => [event.thread, event]))
  for (const { thread } of window) last.delete(thread)
  return [...last.values()]
}

/** Comes to the states in which a window begins. */
function beginBehind(search: Explainer, name: string, events: readonly RecordedEvent[]): void {
  if (events.length === 0) return
  for (const event of events) {
    if (explained(search, event) === undefined) continue
    throw new UsageError(
      'HMM281',
      `no state of ${name} explains ${eventText(event)}, which is before --from: it is not known where the window begins`,
      'check what comes before without --from, and begin with the first event of the recording',
    )
  }
  search.begin()
}

function explained(search: Explainer, event: RecordedEvent): Rejection | undefined {
  try {
    return search.explain(event)
  } catch (error) {
    if (error instanceof TooManyExplanations)
      throw new UsageError(
        'HMM283',
        `at ${eventText(event)} there are more than ${MOST_EXPLANATIONS} states that explain the recording`,
      )
    throw error
  }
}

interface Scope extends Pick<Required<ConformanceModel>, 'name' | 'ignored' | 'refused' | 'refusedTogether'> {
  readonly declared: Declared
}

/** Nothing is skipped in silence. */
function checkScope(
  events: readonly RecordedEvent[],
  { name, declared, ignored, refused, refusedTogether }: Scope,
): void {
  const outOfScope = (event: RecordedEvent, reason: string): UsageError =>
    new UsageError('HMM281', `${eventText(event)} is out of the scope of ${name}: ${reason}`)
  for (const event of events) {
    const reason = refused.find((pattern) => fits(event, pattern))?.reason
    if (reason !== undefined) throw outOfScope(event, reason)
    if (!declared.has(event.kind) && !(event.kind in ignored))
      throw new UsageError(
        'HMM282',
        `no step of ${name} stands for ${event.kind}, and it is not ignored: ${eventText(event)}`,
      )
  }
  for (const { first, reason } of refusedTogether) {
    const event = first(events)
    if (event !== undefined) throw outOfScope(event, reason)
  }
}

const fits = ({ kind, fields }: RecordedEvent, pattern: EventPattern): boolean =>
  kind === pattern.kind && Object.entries(pattern.where ?? {}).every(([name, value]) => fields[name] === value)

/** Each sort has as many elements as the recording names; that of threads, as many as it has threads. */
function sizesOf(model: Model, names: ObjectNames, events: readonly RecordedEvent[]): Readonly<Record<string, number>> {
  const threads = model.threads[0]?.count
  return Object.fromEntries(
    model.sorts
      .filter((sort) => sort !== 'Thread')
      .map((sort) => [
        sort,
        Math.max(1, isSizeOf(threads, sort) ? new Set(events.map(({ thread }) => thread)).size : names.size(sort)),
      ]),
  )
}

const isSizeOf = (bound: Bound | undefined, sort: string): boolean => typeof bound === 'object' && bound.sizeOf === sort
