/** A schedule as text: plain JSON, keys in order, one line per transition, so that a diff shows the changed steps. */
import type { Lock } from './lock.ts'
import type { Schedule } from './schedule.ts'

const INDENT = '  '
const LINE = 160

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = sorted(value)
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${inline(entry)}`).join(', ')} }`
}

function sorted(value: object): (readonly [string, unknown])[] {
  return Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * A value on one line if it fits, else one line per element. `deep`: the levels that are spread whatever their length.
 */
function layOut(value: unknown, indent: string, lead: number, deep: number): string {
  const line = inline(value)
  if (typeof value !== 'object' || value === null || (deep <= 0 && indent.length + lead + line.length < LINE))
    return line
  const inner = indent + INDENT
  const lines = Array.isArray(value)
    ? value.map((element) => inner + layOut(element, inner, 1, deep - 1))
    : sorted(value).map(([key, entry]) => {
        const name = `${JSON.stringify(key)}: `
        return inner + name + layOut(entry, inner, name.length + 1, deep - 1)
      })
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

/**
 * The text of a schedule's file, or of a lock's. Equal schedules give equal texts.
 *
 * @returns JSON that ends with a line feed
 */
export function writeSchedule(schedule: Schedule | Lock): string {
  const { steps, ...head } = schedule
  const lines = sorted({ ...head, steps }).map(([key, entry]) => {
    const name = `${INDENT}${JSON.stringify(key)}: `
    if (key !== 'steps') return name + layOut(entry, INDENT, name.length, key === 'lock' ? 1 : 0)
    return steps.length === 0
      ? `${name}[]`
      : `${name}[\n${steps.map((step) => INDENT + INDENT + inline(step)).join(',\n')}\n${INDENT}]`
  })
  return `{\n${lines.join(',\n')}\n}\n`
}
