/** Recordings of a small model: accepted, rejected, out of scope, and with a property that falls. */
import { describe, expect, test } from 'vitest'
import { Assert, assertion, Await, Bool, Either, Idle, model, no, shared, Shows, size, Step, thread } from 'hmmcheck'
import { configure } from '../../src/language/configure.ts'
import { conform } from '../../src/conform/conform.ts'
import { readItf } from '../../src/conform/itf.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { conformanceText } from '../../src/conform/text.ts'
import { counter, counterModel, recordingOf, Task } from './counter.ts'

const [fixed] = counterModel.variants
const run = (...lines: readonly string[]) =>
  conform(counterModel, fixed ?? expect.fail('a variant'), readJsonLines(recordingOf(...lines)))
const lastLine = (...lines: readonly string[]) => conformanceText(run(...lines), counterModel.ignored).at(-1)

const one = (thread: number, value: number, page = 'a') => [
  `lock@${thread}`,
  `write@${thread} value=${value} page=${page}`,
  `unlock@${thread} quiet=false`,
]

describe('a recording of a run', () => {
  test('is accepted, with its hidden steps, and each kind of event is counted', () => {
    const result = run(...one(1, 1), 'noise@1', ...one(2, 2))
    expect(result).toMatchObject({ explained: 6, ignored: 1, hidden: 2, falls: [] })
    expect(result.rejection).toBeUndefined()
    expect(result.kinds).toContainEqual({ kind: 'noise', explained: 0, ignored: 1 })
    expect(lastLine(...one(1, 1))).toMatch(/^accepted: 3 events explained/)
  })

  test('names what it shows: another page is another page', () => {
    const look = (page: string) => ['lock@2', `look@2 value=1 page=${page} quiet=true`]
    expect(run(...one(1, 1, 'b'), ...look('b')).rejection).toBeUndefined()
    expect(
      run(...one(1, 1, 'b'), ...one(3, 2, 'a'), 'lock@2', 'look@2 value=2 page=b quiet=true').rejection?.event,
    ).toMatchObject({
      kind: 'look',
    })
    expect(run('lock@2', 'look@2 value=0 page=null quiet=true').rejection).toBeUndefined()
  })

  test('judges properties on the way', () => {
    const result = run(...one(1, 1), ...one(1, 2), ...one(1, 3), ...one(1, 4))
    expect(result.falls.map(({ property, event }) => [property, event.order])).toEqual([
      ['P-SMALL', 90],
      ['P-SMALL', 120],
    ])
    expect(lastLine(...one(1, 1), ...one(1, 2), ...one(1, 3))).toMatch(/^accepted, but P-SMALL falls/)
    const two = [...result.falls, ...result.falls.map((fall) => ({ ...fall, property: 'P-OTHER' }))]
    expect(conformanceText({ ...result, falls: two }, {}).at(-1)).toMatch(/^accepted, but P-SMALL, P-OTHER fall: /)
  })

  test('may need a step in which a property falls, as a later event shows', () => {
    const bad = shared('bad', Bool)
    const task = thread(
      'task',
      () => {
        Idle()
        Either(
          () => Step('good', () => Shows('go', {})),
          () =>
            Step('bad', () => {
              Assert('P-GOOD', no, 'it went wrong')
              bad.set(true)
              Shows('go', {})
            }),
        )
        Step('wrong', () => {
          Await(bad)
          Shows('wrong', {})
        })
      },
      { count: size(Task), daemon: true },
    )
    const forked = {
      ...counterModel,
      model: () => model('forked', { threads: [task], properties: [assertion('P-GOOD')] }),
    }
    const fallsOf = (...lines: readonly string[]) =>
      conform(forked, fixed ?? expect.fail('a variant'), readJsonLines(recordingOf(...lines)))
    expect(fallsOf('go@1')).toMatchObject({ explained: 1, falls: [] })
    const both = fallsOf('go@1', 'wrong@1')
    expect(both.rejection).toBeUndefined()
    expect(both.falls).toMatchObject([{ property: 'P-GOOD', event: { order: 10 } }])
  })

  test('can be read as ITF', () => {
    const event = (kind: string, fields: object = {}) => ({ event: { kind, thread: 'one', ...fields } })
    const text = JSON.stringify({
      vars: ['event'],
      states: [
        {},
        event('lock'),
        event('write', { value: { '#bigint': '1' }, page: 'a' }),
        event('unlock', { quiet: false }),
      ],
    })
    const result = conform(counterModel, fixed ?? expect.fail('a variant'), readItf(text))
    expect(result).toMatchObject({ explained: 3, falls: [] })
  })
})

describe('a window', () => {
  const whole = [...one(1, 1), ...one(1, 2), ...one(1, 3), ...one(2, 4)]
  const within = (from: number, to: number, lines: readonly string[] = whole) =>
    conform(counterModel, fixed ?? expect.fail('a variant'), readJsonLines(recordingOf(...lines)), { from, to })

  test('of a run is a run, wherever it begins and ends', () => {
    for (let from = 1; from <= whole.length; from += 1)
      for (let to = from; to <= whole.length; to += 1) {
        const { rejection, events } = within(10 * from, 10 * to)
        expect.soft(rejection, `${from} to ${to}`).toBeUndefined()
        expect.soft(events).toBe(to - from + 1)
      }
  })

  test('has what falls in it, and nothing of what fell before', () => {
    expect(within(10, 90).falls.map(({ event }) => event.order)).toEqual([90])
    expect(within(100, 120).falls.map(({ event }) => event.order)).toEqual([120])
    expect(within(100, 110).falls).toEqual([])
  })

  test('is rejected at the event that no state explains, and refused where what is before it is no run', () => {
    const wrong = whole.with(7, 'write@1 value=7 page=a')
    expect(within(50, 90, wrong).rejection?.event.order).toBe(80)
    expect(within(50, 70, wrong).rejection).toBeUndefined()
    expect(() => within(90, 100, wrong)).toThrow(/HMM281.*t=80/s)
    expect(() => within(500, 600)).toThrow('HMM280')
  })
})

describe('what is no run', () => {
  test('is rejected at the first event that nothing explains, with what was possible instead', () => {
    const { rejection } = run('lock@1', 'lock@2', 'write@1 value=1 page=a')
    expect(rejection?.event).toMatchObject({ order: 20, thread: '2' })
    const wrong = run(...one(1, 1), 'lock@1', 'write@1 value=3 page=a')
    expect(wrong.rejection?.alternatives).toContainEqual(
      expect.objectContaining({ event: 'write', difference: { field: 'value', shown: 2, recorded: 3 } }),
    )
    expect(conformanceText(wrong, counterModel.ignored).join('\n')).toContain('write with value=2, not 3')
    expect(conformanceText(wrong, counterModel.ignored).at(-1)).toMatch(/^rejected at t=50/)
  })

  test('is every recording without one of its events, or with another value', () => {
    const whole = [...one(1, 1), ...one(2, 2), ...one(1, 3)].slice(0, -1)
    for (let n = 0; n < whole.length - 1; n += 1) {
      const without = whole.filter((_, at) => at !== n)
      // without its last two events a thread has only not come so far
      expect.soft(run(...without).rejection, `without ${n}`).toBeDefined()
    }
    for (const [n, line] of whole.entries())
      if (line.includes('value='))
        expect.soft(run(...whole.with(n, line.replace(/value=\d+/, 'value=7'))).rejection, line).toBeDefined()
  })

  test('is refused where it is out of scope, and where no step stands for it', () => {
    expect(() => run('lock@1', 'write@1 value=1 page=huge')).toThrow(/HMM281.*huge pages are not modelled/s)
    expect(() => run('lock@1', 'tea@1')).toThrow(/HMM282.*tea/s)
    expect(() => readJsonLines('{"t":1}')).toThrow('HMM280')
    expect(() => readJsonLines('')).toThrow('HMM280')
    expect(() => readJsonLines(`${recordingOf('lock@1')}\n${recordingOf('lock@1')}`)).toThrow(/HMM280.*not behind/s)
  })
})

test('a check knows nothing of what steps show', () => {
  const configured = (keepsShown: boolean) =>
    configure(counter(), { sizes: { Task: 2, Page: 1 }, constants: {} }, { keepsShown })
  const without = (value: unknown): string =>
    JSON.stringify(value, (name, part: unknown) => (name === 'shows' ? undefined : part))
  expect(JSON.stringify(configured(true))).toContain('"shows"')
  expect(JSON.stringify(configured(false))).toBe(without(configured(true)))
})
