/** Takes a schedule from text, and says which field is at fault if it is none. */
import type { z } from 'zod'
import { UsageError } from '../language/usage.ts'
import type { Schedule } from './schedule.ts'
import { scheduleSchema } from './schema.ts'

/** `steps[3].choices[0].value`. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`, '')
}

/** A union's own message says nothing: the first of its branches' that goes deepest does. */
function showIssue(issue: z.core.$ZodIssue): string {
  const where = fieldName(issue.path)
  return where === '' ? issue.message : `${where}: ${issue.message}`
}

/**
 * Reads what `writeSchedule` wrote.
 *
 * @param file its name, for messages
 * @throws UsageError HMM221 if it is no JSON, HMM222 if a field is missing, unknown or of the wrong kind
 */
export function readSchedule(text: string, file: string): Schedule {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError('HMM221', `${file} is no JSON (${error instanceof Error ? error.message : String(error)}); a schedule is written by: hmmcheck check MODEL --out FILE`)
  }
  const result = scheduleSchema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, 5).map(showIssue)
  const more = result.error.issues.length - issues.length
  throw new UsageError('HMM222', `${file} is no schedule: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}; docs/json.md says what each field is`)
}
