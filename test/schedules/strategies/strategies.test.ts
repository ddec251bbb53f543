/** Strategies, with everything enumerated that they could draw: what they guarantee, and how often they switch. */
import { describe, expect, test } from 'vitest'
import type { WalkState } from '../../../src/explorer/walks/walk.ts'
import { prepare } from '../../../src/explorer/prepare.ts'
import { walkSetup } from '../../../src/explorer/walks/setup.ts'
import { walks } from '../../../src/explorer/walks/walk.ts'
import {
  and,
  Assert,
  assertion,
  configure,
  deadlock,
  Let,
  model,
  not,
  range,
  shared,
  Step,
  thread,
} from '../../../src/language/index.ts'
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { brackets } from '../../../src/schedules/strategies/brackets.ts'
import { pct } from '../../../src/schedules/strategies/pct.ts'
import { strategyNames } from '../../../src/engine/walks/strategy.ts'
import { strategyOf } from '../../../src/schedules/strategies/index.ts'
import type { Draw, Strategy } from '../../../src/schedules/strategies/strategy.ts'
import { uniform } from '../../../src/schedules/strategies/uniform.ts'

/** Does it with everything that can be drawn, and adds up the probability of those outcomes that are true. */
function probability(outcome: (draw: Draw) => boolean): number {
  let [sum, prefix]: [number, { readonly number: number; readonly below: number }[]] = [0, []]
  for (;;) {
    const made: { readonly number: number; readonly below: number }[] = []
    const yes = outcome((below) => {
      const next = { number: prefix[made.length]?.number ?? 0, below }
      made.push(next)
      return next.number
    })
    if (yes) sum += made.reduce((product, { below }) => product / below, 1)
    const last = made.findLastIndex(({ number, below }) => number + 1 < below)
    if (last < 0) return sum
    prefix = made.slice(0, last + 1).map((one, n) => (n === last ? { ...one, number: one.number + 1 } : one))
  }
}

/** How often one walk sees the bug. */
function found(closed: ConfiguredModel, strategy: Strategy, maxSteps: number): number {
  const prepared = prepare(closed, {})
  const walker = walks(walkSetup(prepared, { counts: false }))
  return probability((draw) => {
    walker.forget()
    return (
      walker.walk(strategy.start(draw, { threads: closed.instances.length, maxSteps }), 0, maxSteps).findings.length > 0
    )
  })
}

const close = (open: Parameters<typeof configure>[0]): ConfiguredModel => configure(open, { sizes: {}, constants: {} })

const p = shared('p', range(0, 3))
const seen = shared('seen', range(0, 3))

/** One thread goes through three phases; the other must look in the first, and again in the second. */
function between(): ConfiguredModel {
  const phases = thread('phases', () => {
    for (const phase of [1, 2, 3]) p.set(phase)
  })
  const watcher = thread('watcher', () => {
    Step('look', () => seen.set(p))
    Step('look again', () => Assert('never', not(and(seen.eq(1), p.eq(2)))))
  })
  return close(model('between', { threads: [phases, watcher], properties: [assertion('never')] }))
}

/** Two or three threads read and write: an update is lost if one reads before another has written. */
function lostUpdate(threads: number): ConfiguredModel {
  const i = shared('i', range(0, 3))
  const all = Array.from({ length: threads }, (_, n) =>
    thread(`t${n}`, () => {
      const t = Let('t', i)
      Step('write', () => {
        Assert('never', i.eq(t))
        i.set(t.plus(1))
      })
    }),
  )
  return close(model('lost update', { threads: all, properties: [assertion('never')] }))
}

describe('pct', () => {
  test.each<readonly [string, ConfiguredModel, number, number]>([
    ['a lost update', lostUpdate(2), 2, 4],
    ['a lost update of three', lostUpdate(3), 2, 6],
    ['one that comes between, twice', between(), 3, 5],
  ])('%s is found as often as is guaranteed, and never at a smaller depth', (_, closed, depth, steps) => {
    const guarantee = pct(depth).guarantee?.({ threads: closed.instances.length, maxSteps: steps })
    expect(guarantee?.probability).toBe(1 / (closed.instances.length * steps ** (depth - 1)))
    expect(found(closed, pct(depth), steps)).toBeGreaterThanOrEqual(guarantee?.probability ?? 1)
    expect(found(closed, pct(depth - 1), steps)).toBe(0)
  })

  test('of depth 1 each thread goes on to its end: only what the first steps of the others do is seen', () => {
    const orders = new Set<string>()
    probability((draw) => {
      const order: number[] = []
      const choose = pct(1).start(draw, { threads: 3, maxSteps: 9 })
      const left = [3, 3, 3]
      while (left.some((count) => count > 0)) {
        const able = left.flatMap((count, thread) => (count > 0 ? [thread] : []))
        const thread =
          able[
            choose({ count: able.length, threadOf: (n) => able[n] ?? -1, isIdle: () => false, isInside: () => false })
          ] ?? -1
        left[thread] = (left[thread] ?? 0) - 1
        order.push(thread)
      }
      return orders.add(order.join('')).size > 0
    })
    expect([...orders].toSorted()).toEqual([
      '000111222',
      '000222111',
      '111000222',
      '111222000',
      '222000111',
      '222111000',
    ])
  })

  test('a thread that may rest for ever gives way to all others', () => {
    const choose = pct(1).start(() => 0, { threads: 2, maxSteps: 9 })
    const scene = (idle: boolean): WalkState => ({
      count: 2,
      threadOf: (n) => n,
      isIdle: () => idle,
      isInside: () => false,
    })
    const first = choose(scene(true))
    expect([choose(scene(true)), choose(scene(true)), choose(scene(false))]).toEqual([1 - first, first, first])
  })
})

describe('brackets', () => {
  /** Whether another thread acts than the one that acted first. */
  const switches = (isIdle: boolean, isInside: boolean): number =>
    probability((draw) => {
      const choose = brackets.start(draw, { threads: 2, maxSteps: 9 })
      const scene: WalkState = {
        count: 3,
        threadOf: (n) => (n < 2 ? 0 : 1),
        isIdle: () => isIdle,
        isInside: () => isInside,
      }
      const [one, other] = [choose(scene), choose(scene)]
      return scene.threadOf(one) !== scene.threadOf(other)
    })

  test.each([
    ['where it may rest', true, false, 1],
    ['inside', false, true, 5 / 16],
    ['outside', false, false, 1 / 16],
  ])('a thread gives way %s', (_, isIdle, isInside, often) => {
    expect(switches(isIdle, isInside)).toBeCloseTo(often, 9)
  })

  test('a thread that alone can act does', () => {
    const choose = brackets.start(() => 0, { threads: 2, maxSteps: 9 })
    const scene: WalkState = { count: 1, threadOf: () => 1, isIdle: () => true, isInside: () => true }
    expect([choose(scene), choose(scene)]).toEqual([0, 0])
  })

  test('a thread that can not act does not', () => {
    const choose = brackets.start(() => 0, { threads: 3, maxSteps: 9 })
    const scene = (threads: readonly number[]): WalkState => ({
      count: threads.length,
      threadOf: (n) => threads[n] ?? -1,
      isIdle: () => false,
      isInside: () => false,
    })
    expect([choose(scene([0, 1])), choose(scene([1, 2]))]).toEqual([0, 0])
  })
})

test('uniform: every possibility is as likely', () => {
  const scene: WalkState = { count: 3, threadOf: (n) => (n < 2 ? 0 : 1), isIdle: () => false, isInside: () => false }
  for (const wanted of [0, 1, 2])
    expect(probability((draw) => uniform.start(draw, { threads: 2, maxSteps: 9 })(scene) === wanted)).toBeCloseTo(
      1 / 3,
      9,
    )
})

test('only what is possible is chosen, by any strategy, in a model that comes to its end', () => {
  const closed = close(
    model('m', {
      threads: [
        thread('a', () => {
          p.set(1)
          p.set(2)
        }),
        thread('b', () => {
          seen.set(1)
        }),
      ],
      properties: [deadlock()],
    }),
  )
  for (const name of strategyNames) expect(found(closed, strategyOf(name), 9)).toBe(0)
})
