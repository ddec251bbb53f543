/**
 * Schedules of thousands of steps are found, replayed, minimised, drawn folded, written and read: nothing in it goes
 * a level deeper for each step, and nothing is done for each step with all the others.
 */
import { expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { Await, configure, invariant, Loop, model, range, shared, Step, thread } from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { drawRun } from '../../src/report/drawing.ts'
import { stageLines } from '../../src/report/minimized.ts'
import { plainPaint } from '../../src/report/paint.ts'
import { carry } from '../../src/schedules/carry.ts'
import { machineOf } from '../../src/semantics/counterexample.ts'
import { minimize } from '../../src/schedules/minimize.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import { originOf, record } from '../../src/schedules/record.ts'
import { reductions } from '../../src/schedules/reduce.ts'
import { replay } from '../../src/schedules/replay.ts'
import { writeSchedule } from '../../src/schedules/write.ts'

/** Two threads that count in turn, to a number that must not be reached. */
function turns(steps: number): Protocol {
  const x = shared('x', range(0, steps))
  const half = (name: string, rest: number): ReturnType<typeof thread> =>
    thread(
      name,
      () =>
        Loop(() =>
          Step('count', () => {
            Await(x.lt(steps))
            Await(x.mod(2).eq(rest))
            x.increment()
          }),
        ),
      { daemon: true },
    )
  return {
    name: 'turns',
    title: 'in turn',
    parameters: {},
    fixes: [],
    expectations: [],
    model: model('turns', {
      threads: [half('even', 0), half('odd', 1)],
      properties: [invariant('below', x.lt(steps))],
    }),
    variants: [{ name: 'only', summary: 'no other', constants: {} }],
    scenarios: [{ name: 'only', summary: 'no other', sizes: {} }],
  }
}

const below = { name: 'below', kind: 'invariant', outcome: 'violated' } as const

const STEPS = 6_000

test('a counter that comes to its limit', async () => {
  const x = shared('x', range(0, STEPS))
  const counts = thread(
    'counts',
    () =>
      Loop(() =>
        Step('count', () => {
          Await(x.lt(STEPS))
          x.increment()
        }),
      ),
    { daemon: true },
  )
  const closed = configure(model('long', { threads: [counts], properties: [invariant('below', x.lt(STEPS))] }), {
    sizes: {},
    constants: {},
  })
  const found = (await check(closed)).properties.find(({ name }) => name === 'below')
  expect(found).toMatchObject({ verdict: 'violated', steps: STEPS, minimal: 'proven' })
  if (found?.counterexample === undefined) throw new Error('no run')
  const { machine: whole, run } = found.counterexample
  expect(run.steps).toHaveLength(STEPS)
  const lines = drawRun(whole, run, { width: 100, paint: plainPaint })
  expect(lines.filter((line) => line.includes('steps are not drawn'))).toHaveLength(1)
  expect(lines.length).toBeLessThan(400)
  expect(lines.some((line) => /^\s*6000\s+count/.test(line))).toBe(true)
})

test('found, recorded, written, read, replayed, carried over and minimised', async () => {
  const steps = 2_000
  const protocol = turns(steps)
  const setting = settingOf(protocol)
  const closed = configure(protocol.model, setting.configuration)
  const { counterexample } = await check(closed)
  if (counterexample === undefined) throw new Error('no run')
  const schedule = record(originOf(setting), counterexample)
  expect(readSchedule(writeSchedule(schedule), 'long.json')).toEqual(schedule)
  expect(replay(protocol, schedule)).toMatchObject({ kind: 'confirmed', changes: [] })
  expect(carry(machineOf(closed, below), schedule)).toMatchObject({
    kind: 'carried',
    run: { steps: { length: steps } },
  })
  const minimized = await minimize(protocol, schedule, check)
  expect(minimized).toMatchObject({
    reduction: 'unneeded',
    result: { minimal: 'proven', size: { steps, switches: steps - 1 } },
  })
  expect(stageLines(minimized).join('\n')).toMatch(
    /\n {2}reduced +not tried: the schedule is long, and the search proves the minimum\n/,
  )
})

test('where no search helps, a limited number of steps is played to make it smaller, and that is said', async () => {
  const steps = 500
  const protocol = turns(steps)
  const setting = settingOf(protocol)
  const closed = configure(protocol.model, setting.configuration)
  const { counterexample } = await check(closed)
  if (counterexample === undefined) throw new Error('no run')
  const { machine: graph, run } = counterexample
  const [effort, tried] = [20_000, [...reductions(graph, run, below, 20_000)]]
  expect(tried.at(-1)).toMatchObject({ ends: 'effort', run: { steps: { length: steps } } })
  expect(tried.slice(0, -1).every((one) => one.ends === undefined)).toBe(true)
  expect(tried.length * steps).toBeLessThanOrEqual(effort + 2 * steps)
  const [first] = [...reductions(graph, { ...run, steps: run.steps.slice(0, 6) }, below)].slice(-1)
  expect(first).not.toHaveProperty('ends')
})
