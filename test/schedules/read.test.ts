/** A file that is no schedule is refused, and the field at fault is named. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/catalogue/usage.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import { replay } from '../../src/schedules/replay.ts'
import { notifier } from '../support/notifier.ts'
import { scheduleOf } from './support.ts'

const schedule = await scheduleOf({ variant: 'as-posted' }, 'P-NOUAF')

/** What reading says of the schedule with something at a path replaced; `undefined` takes it out. */
function complaint(path: readonly (string | number)[], value: unknown): string {
  const changed: unknown = structuredClone(schedule)
  let owner = changed as Record<string | number, unknown> // the schedule as JSON, which any key fits
  for (const key of path.slice(0, -1)) owner = owner[key] as Record<string | number, unknown>
  const last = path.at(-1) ?? ''
  if (value === undefined) Reflect.deleteProperty(owner, last)
  else owner[last] = value
  try {
    readSchedule(JSON.stringify(changed), 'mine.json')
  } catch (error) {
    return String(error)
  }
  return 'no complaint'
}

test.each([
  ['', 'Unexpected end of JSON input'],
  ['{ "schema": 1,', 'JSON'],
  ['nothing', 'not valid JSON'],
])('no JSON: %j', (text, reason) => {
  expect(() => readSchedule(text, 'mine.json')).toThrow(
    /^HMM221: mine\.json is not JSON \(.*\)\n {2}remedy: write a schedule with/,
  )
  expect(() => readSchedule(text, 'mine.json')).toThrow(reason)
})

test.each(['null', '[]', '3', '"x"'])('no object: %s', (text) => {
  expect(() => readSchedule(text, 'mine.json')).toThrow(
    'HMM222: mine.json is not a schedule: Invalid input: expected object',
  )
})

describe('a field that is missing', () => {
  test.each([
    [['schema']],
    [['model']],
    [['variant']],
    [['digest']],
    [['initial']],
    [['property']],
    [['configuration']],
    [['configuration', 'scenario']],
    [['configuration', 'sizes']],
    [['configuration', 'constants']],
    [['configuration', 'threads']],
    [['property', 'name']],
    [['property', 'kind']],
    [['property', 'outcome']],
    [['initial', 'choices']],
    [['initial', 'choices', 0, 'name']],
    [['initial', 'choices', 0, 'value']],
    [['steps']],
    [['steps', 3, 'thread']],
    [['steps', 3, 'path']],
    [['steps', 3, 'label']],
    [['steps', 3, 'choices']],
  ])('%j', (path: readonly (string | number)[]) => {
    const name = path.reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
      '',
    )
    expect(complaint(path, undefined)).toContain(`HMM222: mine.json is not a schedule: ${name}: Invalid`)
  })
})

describe('a field of the wrong kind', () => {
  test.each([
    [['schema'], '1', 'schema: Invalid input: expected 1'],
    [['model'], '', 'model: Too small'],
    [['digest'], 'sha256:12', 'digest: expected "sha256:" and 64 hexadecimal digits'],
    [['property', 'kind'], 'liveness', 'property.kind: Invalid option'],
    [['property', 'outcome'], 'maybe', 'property.outcome: Invalid option'],
    [['configuration', 'sizes', 'pages'], 1.5, 'configuration.sizes.pages: Invalid input: expected int'],
    [['configuration', 'sizes', 'pages'], -1, 'configuration.sizes.pages: Too small'],
    [['configuration', 'constants', 'invalidate'], null, 'configuration.constants.invalidate: Invalid input'],
    [['configuration', 'threads'], 'unmap', 'configuration.threads: Invalid input: expected array'],
    [['initial', 'choices', 0, 'value'], 0.5, 'initial.choices[0].value: Invalid input'],
    [['steps'], {}, 'steps: Invalid input: expected array'],
    [['steps', 2], null, 'steps[2]: Invalid input: expected object'],
    [['steps', 2, 'branch'], -1, 'steps[2].branch: Too small'],
    [['steps', 2, 'colour'], 'red', 'steps[2]: Unrecognized key: "colour"'],
    [['extra'], 1, 'Unrecognized key: "extra"'],
  ] as const)('%j: %j', (path, value, message) => {
    expect(complaint(path, value)).toContain(message)
  })
})

test('at most five faults are named', () => {
  expect(
    complaint(
      ['steps'],
      Array.from({ length: 9 }, () => 3),
    ),
  ).toMatch(/steps\[4\].*; and 4 more\n {2}remedy: see docs\/json\.md/)
})

test('whatever is changed in a file: it is refused with a code, or it is a schedule that can be played or refused', () => {
  /** The value with one of its parts, chosen by a number, replaced. */
  const mutate = (value: unknown, at: number, by: unknown): unknown => {
    if (at % 5 === 0 || typeof value !== 'object' || value === null) return by
    const keys = Object.keys(value)
    const key = keys[at % Math.max(1, keys.length)]
    if (key === undefined) return by
    const part: unknown = Reflect.get(value, key)
    const changed = mutate(part, Math.floor(at / 3) + 1, by)
    return Array.isArray(value)
      ? value.map((element: unknown, n) => (String(n) === key ? changed : element))
      : { ...value, [key]: changed }
  }
  let played = 0
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom<unknown>('unmap', 'P-REF', 'deadlock', 'fixed', 'core', [], 0, 1, true, ''),
      ),
      (at, by) => {
        try {
          const read = readSchedule(JSON.stringify(mutate(schedule, at, by)), 'mine.json')
          replay({ ...notifier, name: read.model }, read)
          played += 1
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
          expect(String(error)).toMatch(/^UsageError: HMM2\d\d: /)
        }
      },
    ),
    { numRuns: 400, seed: 7 },
  )
  expect(played).toBeGreaterThan(20)
})
