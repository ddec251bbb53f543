/**
 * A thread that rests while it holds a lock: at its end, or at an Idle() where it may stay for ever. Another thread
 * that wants the lock may then wait for ever, and if it waits at an Idle() itself, no property sees that.
 *
 * The engine looks for it in each step that brings a thread to one of these places.
 */
import type { ConfiguredModel, Expression, Statement, ModelThread } from '../language/ast.ts'
import { flowOf } from '../language/flow.ts'
import { visitStatements } from '../language/walk.ts'
import { locksOf } from './locks.ts'
import { warning, type Warning } from './warning.ts'

/** A place where threads rest, and a lock that they may hold there. */
export interface RestingPlace {
  /** Number of the thread in the model. */
  readonly thread: number
  /** The control point: a statement's path, or `end`. */
  readonly point: string
  /** That `current` holds the lock. */
  readonly isHeld: Expression
  readonly lock: string
  readonly field: string
}

/** @param model as it is searched */
export function restsOf(model: ConfiguredModel): readonly RestingPlace[] {
  const locks = locksOf(model)
  return locks.length === 0
    ? []
    : model.threads.flatMap((one, thread) =>
        one.keepsLocks !== undefined || !model.instances.some((instance) => instance.thread === thread)
          ? []
          : [...restingPlaces(one).keys()].flatMap((point) =>
              locks.map(({ isHeld, lock, field }) => ({ thread, point, isHeld, lock, field })),
            ),
      )
}

/** The control points at which a thread may stay for ever, each with its Idle() or the last line of the text. */
function restingPlaces({
  body,
  name,
}: ModelThread): ReadonlyMap<string, { readonly label: string | undefined; readonly at: string }> {
  const flow = flowOf(body)
  const places = new Map<string, { readonly label: string | undefined; readonly at: string }>()
  visitStatements(body, (s) => {
    if (s.kind !== 'label' || !s.idle) return
    const seen = new Set<Statement>()
    let point = flow.next(s)
    for (
      let on = point === 'end' ? undefined : flow.pureControl(point);
      on !== undefined && point !== 'end' && !seen.has(point);
      on = point === 'end' ? undefined : flow.pureControl(point)
    ) {
      seen.add(point)
      point = on
    }
    const path = point === 'end' ? 'end' : point.path
    if (!places.has(path)) places.set(path, { label: s.name, at: s.at })
  })
  if (!places.has('end')) places.set('end', { label: undefined, at: body.at(-1)?.at ?? name })
  return places
}

/** @param seen by rest: whether a thread came there with the lock */
export function restWarnings(
  model: ConfiguredModel,
  rests: readonly RestingPlace[],
  seen: (rest: number) => boolean,
): readonly Warning[] {
  const places = model.threads.map(restingPlaces)
  // one lock of an array is enough
  const found = new Map(
    rests
      .filter((_, n) => seen(n))
      .toReversed()
      .map((rest) => [`${rest.thread} ${rest.point} ${rest.field.replace(/\.[\w$]+$/, '')}`, rest]),
  )
  return [...found.values()].toReversed().flatMap(({ thread, point, lock }) => {
    const place = places[thread]?.get(point),
      name = model.threads[thread]?.name ?? ''
    if (place === undefined) return []
    const what =
      place.label === undefined ? `${name} ends and holds ${lock}` : `${name} rests at ${place.label} and holds ${lock}`
    return [warning('HMM066', `${what}: a thread that waits for it may wait for ever`, place.at)]
  })
}
