/** Takes a schedule or a lock from text, and says which field is at fault if it is none. */
import type { z } from 'zod'
import { UsageError } from '../catalogue/usage.ts'
import type { Lock, LockNote } from './lock.ts'
import type { Schedule } from './schedule.ts'
import { lockSchema, scheduleSchema } from './schema.ts'

/** `steps[3].choices[0].value`. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`),
    '',
  )
}

/** A union's own message says nothing: the first of its branches' that goes deepest does. */
function showIssue(issue: z.core.$ZodIssue): string {
  const where = fieldName(issue.path)
  return shortened(where === '' ? issue.message : `${where}: ${issue.message}`)
}

/** A mangled file may have very long names. */
const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}...` : text)

/** Values of a model are nested a few levels deep. */
const DEEPEST = 64

/** What no schema sees: nesting that no walk over the value would survive, and the key that assigns to no object. */
function oddityOf(value: unknown, levels = DEEPEST): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return `it is nested more than ${DEEPEST} levels deep`
  if (Object.hasOwn(value, '__proto__')) return 'Unrecognized key: "__proto__"'
  for (const inner of Object.values(value)) {
    const oddity = oddityOf(inner, levels - 1)
    if (oddity !== undefined) return oddity
  }
  return undefined
}

/** @throws UsageError HMM221, HMM222 */
function parse(text: string, file: string): unknown {
  let value: unknown
  try {
    // Some editors begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new UsageError(
      'HMM221',
      `${file} is no JSON (${shortened(error instanceof Error ? error.message : String(error))}); a schedule is written by: hmmcheck check MODEL --out FILE`,
    )
  }
  const oddity = oddityOf(value)
  if (oddity !== undefined)
    throw new UsageError('HMM222', `${file} is no schedule: ${oddity}; docs/json.md says what each field is`)
  return value
}

function fitting<T>(schema: z.ZodType<T>, value: unknown, file: string, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, 5).map(showIssue)
  const more = result.error.issues.length - issues.length
  throw new UsageError(
    'HMM222',
    `${file} is no ${what}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}; docs/json.md says what each field is`,
  )
}

const isMarkedAsLock = (value: unknown): boolean => typeof value === 'object' && value !== null && 'lock' in value

/**
 * Reads what `writeSchedule` wrote: a schedule, or a lock, which is one.
 *
 * @param file its name, for messages
 * @throws UsageError HMM221 if it is no JSON, HMM222 if a field is missing, unknown or of the wrong kind
 */
export function readSchedule(text: string, file: string): Schedule {
  const { lock: _, ...schedule } = readScheduleOrLock(text, file)
  return schedule
}

/** The same, with the note of a lock, which a schedule does not have. */
export function readScheduleOrLock(text: string, file: string): Schedule & { readonly lock?: LockNote } {
  const value = parse(text, file)
  return isMarkedAsLock(value)
    ? fitting(lockSchema, value, file, 'lock')
    : fitting(scheduleSchema, value, file, 'schedule')
}

/**
 * Reads a lock.
 *
 * @param file its name, for messages
 * @throws UsageError HMM221 if it is no JSON, HMM222 if a field is missing, unknown or of the wrong kind, HMM251 if
 *   it is a schedule that nobody has locked
 */
export function readLock(text: string, file: string): Lock {
  const value = parse(text, file)
  if (!isMarkedAsLock(value) && scheduleSchema.safeParse(value).success) {
    throw new UsageError('HMM251', `${file} is a schedule and no lock; make it one with: hmmcheck lock ${file}`)
  }
  return fitting(lockSchema, value, file, 'lock')
}
