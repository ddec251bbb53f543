/** Schedules of thousands of steps are found, replayed, drawn folded, written and read: nothing in it goes a level deeper for each step. */
import { expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { Await, configure, invariant, Loop, model, range, shared, Step, thread } from '../../src/language/index.ts'
import { drawRun } from '../../src/report/drawing.ts'
import { plainPaint } from '../../src/report/paint.ts'
import { adopt } from '../../src/schedules/adopt.ts'
import { machine } from '../../src/semantics/machine.ts'

const STEPS = 6_000

test('a counter that comes to its limit', async () => {
  const x = shared('x', range(0, STEPS))
  const counts = thread('counts', () => Loop(() => Step('count', () => {
    Await(x.lt(STEPS))
    x.increment()
  })), { daemon: true })
  const closed = configure(model('long', { threads: [counts], properties: [invariant('below', x.lt(STEPS))] }), { sizes: {}, constants: {} })
  const found = (await check(closed)).properties.find(({ name }) => name === 'below')
  expect(found).toMatchObject({ verdict: 'violated', steps: STEPS, minimal: 'proven' })
  if (found?.run === undefined) throw new Error('no run')
  const whole = machine(closed)
  const run = adopt(whole, found.run)
  expect(run.steps).toHaveLength(STEPS)
  const lines = drawRun(whole, run, { width: 100, paint: plainPaint })
  expect(lines.filter((line) => line.includes('steps are not drawn'))).toHaveLength(1)
  expect(lines.length).toBeLessThan(400)
  expect(lines.some((line) => /^\s*6000\s+count/.test(line))).toBe(true)
})
