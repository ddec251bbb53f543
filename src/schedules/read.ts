/** Reads a schedule or a lock from text. If it is neither, the error names the field at fault. */
import type * as z from 'zod'
import { UsageError } from '../catalogue/usage.ts'
import type { Lock, LockNote } from './lock.ts'
import type { Schedule } from './schedule.ts'
import { SCHEMA } from './schedule.ts'
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

/**
 * An oddity that a schema does not see: nesting too deep for a walk over the value, or the key that assigns to no
 * object.
 */
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

const FIELDS = 'see docs/json.md for the meaning of each field'

/** @throws UsageError HMM221, HMM222, HMM226 */
function parse(text: string, file: string): unknown {
  let value: unknown
  try {
    // Some editors begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new UsageError(
      'HMM221',
      `${file} is not JSON (${shortened(error instanceof Error ? error.message : String(error))})`,
      'write a schedule with: hmmcheck check MODEL --out FILE',
    )
  }
  const oddity = oddityOf(value)
  if (oddity !== undefined) throw new UsageError('HMM222', `${file} is not a schedule: ${oddity}`, FIELDS)
  refuseOtherSchema(value, file)
  return value
}

/** @throws UsageError HMM226 if the form is an older or a newer one */
function refuseOtherSchema(value: unknown, file: string): void {
  const schema = fieldOf(value, 'schema')
  if (typeof schema !== 'number' || schema === SCHEMA) return
  throw new UsageError(
    'HMM226',
    `${file} has schema ${schema}, and this version of hmmcheck reads schema ${SCHEMA}`,
    schema > SCHEMA ? 'update hmmcheck' : `make it again with: ${commandFor(value, file)}`,
  )
}

/** The value of a field, if the value has it. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined
}

/** The command that makes a schedule or a lock of another form again. */
function commandFor(value: unknown, file: string): string {
  const text = (found: unknown, otherwise: string): string => (typeof found === 'string' ? shortened(found) : otherwise)
  const model = `${text(fieldOf(value, 'model'), 'MODEL')}@${text(fieldOf(value, 'variant'), 'VARIANT')}`
  const scenario = text(fieldOf(fieldOf(value, 'configuration'), 'scenario'), 'NAME')
  const property = text(fieldOf(fieldOf(value, 'property'), 'name'), 'NAME')
  const check = `hmmcheck check ${model} --scenario ${scenario} --property '${property}'`
  if (!isMarkedAsLock(value)) return `${check} --out ${file}`
  const found = text(fieldOf(fieldOf(value, 'lock'), 'command'), check)
  return `${found} --out new.json, then hmmcheck lock new.json`
}

function fitting<T>(schema: z.ZodType<T>, value: unknown, file: string, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, 5).map(showIssue)
  const more = result.error.issues.length - issues.length
  throw new UsageError(
    'HMM222',
    `${file} is not a ${what}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    FIELDS,
  )
}

function isMarkedAsLock(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'lock' in value
}

/**
 * Reads what `writeSchedule` wrote: a schedule, or a lock, which is one.
 *
 * @param file its name, for messages
 * @throws UsageError HMM221 if it is not JSON, HMM222 if a field is missing, unknown or of the wrong kind, HMM226 if it
 *   is of another schema
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
 * @throws UsageError HMM221 if it is not JSON, HMM222 if a field is missing, unknown or of the wrong kind, HMM226 if it
 *   is of another schema, HMM251 if it is a schedule, not a lock
 */
export function readLock(text: string, file: string): Lock {
  const value = parse(text, file)
  if (!isMarkedAsLock(value) && scheduleSchema.safeParse(value).success) {
    throw new UsageError('HMM251', `${file} is a schedule, not a lock`, `make it a lock with: hmmcheck lock ${file}`)
  }
  return fitting(lockSchema, value, file, 'lock')
}
