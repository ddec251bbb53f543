/** The steps of an explanation, of which the last ones are kept. */
import type { SoughtTransition } from '../semantics/sought.ts'
import type { RecordedEvent } from './recording.ts'

/** A step of an explanation, and those before it. */
export interface Trail {
  readonly thread: number
  readonly label: string
  readonly at: string
  /** The event that it explains; undefined for a hidden step. */
  readonly event: RecordedEvent | undefined
  readonly before: Trail | undefined
  /** How many hidden steps there are up to this one. */
  readonly hidden: number
  /** How many steps are kept. */
  readonly kept: number
}

/** Steps of a trail that are kept at least, and at most. */
const KEPT_STEPS = 40
const MOST_KEPT = 10 * KEPT_STEPS

/** The trail with one step more; of a long one only the end. */
export function trailWith(
  trail: Trail | undefined,
  { thread, label, at }: SoughtTransition,
  event?: RecordedEvent,
): Trail {
  const before = trail !== undefined && trail.kept >= MOST_KEPT ? shortened(trail) : trail
  return {
    thread,
    label,
    at,
    event,
    before,
    hidden: (trail?.hidden ?? 0) + (event === undefined ? 1 : 0),
    kept: (before?.kept ?? 0) + 1,
  }
}

const shortened = (trail: Trail): Trail | undefined =>
  stepsOf(trail)
    .slice(-KEPT_STEPS)
    .reduce<Trail | undefined>((before, step, n) => ({ ...step, before, kept: n + 1 }), undefined)

/** The steps of a trail, in order. */
export function stepsOf(trail: Trail | undefined): readonly Trail[] {
  const steps: Trail[] = []
  for (let one = trail; one !== undefined; one = one.before) steps.push(one)
  return steps.reverse()
}
