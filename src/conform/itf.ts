/**
 * Reads recordings in the Informal Trace Format of Apalache: each state has a variable `event`, a record with `kind`,
 * `thread` and the fields.
 */
import { UsageError } from '../catalogue/usage.ts'
import type { Field, RecordedEvent, Recording } from './recording.ts'

const refused = (what: string): UsageError =>
  new UsageError('HMM280', `the recording ${what}`, 'see docs/conformance.md for the formats')

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether the text is one JSON object with states. */
export const isItf = (text: string): boolean => /^\s*\{[^]{0,2000}"vars"\s*:/.test(text)

/** @throws UsageError HMM280 */
export function readItf(text: string): Recording {
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch {
    throw refused('is neither JSON Lines nor ITF')
  }
  const states = isObject(whole) ? whole['states'] : undefined
  if (!Array.isArray(states)) throw refused('has no states')
  const events = (states as readonly unknown[]).flatMap((state, n): readonly RecordedEvent[] => {
    const event = isObject(state) ? state['event'] : undefined
    return event === undefined ? [] : [eventOf(event, n)]
  })
  if (events.length === 0) throw refused('has no event')
  return { events, besides: {} }
}

function eventOf(event: unknown, order: number): RecordedEvent {
  if (!isObject(event)) throw refused(`has an event in state ${order} that is not a record`)
  const { kind, thread, ...rest } = event
  if (typeof kind !== 'string') throw refused(`has an event in state ${order} without a kind`)
  if (typeof thread !== 'string' && typeof thread !== 'number')
    throw refused(`has an event in state ${order} without a thread`)
  const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, fieldOf(value, name, order)]))
  return { order, thread: String(thread), kind, fields }
}

function fieldOf(value: unknown, name: string, order: number): Field {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value
  if (isObject(value) && typeof value['#bigint'] === 'string') return Number(value['#bigint'])
  throw refused(`has a field ${name} in state ${order} that is neither a number nor a text`)
}
