/** What was found, as text. */
import type { ConformanceResult, Counted } from './conform.ts'
import { eventText } from './recording.ts'
import type { Fall } from './falls.ts'
import type { Alternative, Rejection } from './rejection.ts'
import { stepsOf } from './trail.ts'

/** Steps that are drawn before an event that nothing explains. */
const DRAWN_STEPS = 12
/** Alternatives that are told. */
const TOLD = 12

/** The report: the last line begins with `accepted` or `rejected`. */
export function conformanceText(
  result: ConformanceResult,
  ignored: Readonly<Record<string, string>>,
): readonly string[] {
  const { rejection, falls } = result
  return [
    ...kindLines(result.kinds, ignored),
    ...fallLines(falls),
    ...(rejection === undefined ? [] : rejectionLines(rejection)),
    '',
    lastLine(result),
  ]
}

function kindLines(kinds: readonly Counted[], ignored: Readonly<Record<string, string>>): readonly string[] {
  const width = Math.max(...kinds.map(({ kind }) => kind.length))
  const line = ({ kind, explained, ignored: left }: Counted): string =>
    left === 0
      ? `  ${kind.padEnd(width)}  ${explained} explained`
      : `  ${kind.padEnd(width)}  ${left} ignored: ${ignored[kind] ?? ''}`
  return ['events', ...kinds.map(line)]
}

/** For each property, where it falls first, and how often. */
function fallLines(falls: readonly Fall[]): readonly string[] {
  const first = new Map<string, { readonly fall: Fall; times: number }>()
  for (const fall of falls) {
    const known = first.get(fall.property)
    if (known === undefined) first.set(fall.property, { fall, times: 1 })
    else known.times += 1
  }
  return [...first.values()].flatMap(({ fall: { property, message, event, step }, times }) => [
    '',
    step === undefined
      ? `${property} falls at ${eventText(event)}`
      : `${property} falls in the hidden step ${step.label} (${step.at}), before ${eventText(event)}`,
    `  ${message}${times === 1 ? '' : `; it falls ${times} times in all`}`,
  ])
}

function rejectionLines({ event, trail, states, alternatives }: Rejection): readonly string[] {
  const steps = stepsOf(trail).slice(-DRAWN_STEPS)
  return [
    '',
    'the last steps of a longest explanation',
    ...steps.map(({ label, at, event: shown, thread }) =>
      shown === undefined
        ? `  hidden: ${label} of thread ${thread} (${at})`
        : `  ${eventText(shown)} <- ${label} (${at})`,
    ),
    '',
    `no state of ${states} explains ${eventText(event)}`,
    alternatives.length === 0 ? '  the thread could show nothing instead' : '  the thread could show instead',
    ...alternatives.slice(0, TOLD).map((one) => `    ${alternativeText(one)}`),
  ]
}

const alternativeText = ({ event, label, at, difference }: Alternative): string =>
  difference === undefined
    ? `${event} <- ${label} (${at})`
    : `${event} with ${difference.field}=${String(difference.shown)}, not ${String(difference.recorded)} <- ${label} (${at})`

function lastLine({ rejection, falls, explained, ignored, hidden, largest }: ConformanceResult): string {
  const counts = `${explained} events explained, ${ignored} ignored, ${hidden} hidden steps, at most ${largest} states at once`
  if (rejection !== undefined) return `rejected at t=${rejection.event.order}: ${counts}`
  const names = [...new Set(falls.map(({ property }) => property))]
  return names.length === 0
    ? `accepted: ${counts}`
    : `accepted, but ${names.join(', ')} ${names.length === 1 ? 'falls' : 'fall'}: ${counts}`
}
