/** Runs by several threads are the runs of one. */
import { describe, expect, test } from 'vitest'
import { prepare } from '../../src/explorer/prepare.ts'
import { walkSetup } from '../../src/explorer/walks/setup.ts'
import { walks } from '../../src/explorer/walks/walk.ts'
import {
  and,
  assertion,
  Assert,
  Choose,
  configure,
  If,
  Loop,
  model,
  range,
  shared,
  sometimes,
  Step,
  thread,
} from '../../src/language/index.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { fuzz, type FuzzOptions, type FuzzResult } from '../../src/schedules/fuzz.ts'
import { dealer } from '../../src/schedules/dealing.ts'
import { pct } from '../../src/schedules/strategies/pct.ts'
import { strategyOf } from '../../src/schedules/strategies/index.ts'
import { uniform } from '../../src/schedules/strategies/uniform.ts'
import type { Strategy } from '../../src/schedules/strategies/strategy.ts'
import { walkHand, type HandOptions } from '../../src/schedules/walk-hands.ts'
import { firstsOf } from '../../src/schedules/walk-runs.ts'
import { notifier } from '../support/notifier.ts'

/** A coin is thrown again and again: so many heads in a row are seen by one run of many. */
function heads(wanted: number): ConfiguredModel {
  const row = shared('row', range(0, wanted))
  const tosser = thread(
    'tosser',
    () => {
      Loop(() => {
        const coin = Choose('coin', range(0, 1))
        Step('toss', () => {
          Assert('never', row.lt(wanted))
          If(and(coin.eq(1), row.lt(wanted)), () => {
            row.increment()
          }).Else(() => {
            row.set(0)
          })
        })
      })
    },
    { daemon: true },
  )
  const open = model('heads', {
    threads: [tosser],
    properties: [assertion('never'), sometimes('half', row.eq(Math.floor(wanted / 2)))],
  })
  return configure(open, { sizes: {}, constants: {} })
}

const plain = ({ properties, ...result }: FuzzResult) => ({
  ...result,
  seconds: 0,
  properties: properties.map(({ name, seen, first, counterexample, witness }) => ({
    name,
    seen,
    first,
    steps: (counterexample ?? witness)?.run.steps.map(({ transition: { thread, path } }) => `${thread} ${path}`),
  })),
})

describe('any number of threads', () => {
  const protocol = configure(
    notifier.model,
    settingOf(notifier, { variant: 'as-posted', scenario: 'wide' }).configuration,
  )
  test.each<readonly [string, ConfiguredModel, Partial<FuzzOptions>]>([
    ['long runs', protocol, { strategy: uniform, runs: 16, maxSteps: 100_000 }],
    ['short runs', heads(17), { strategy: uniform, runs: 30_000, maxSteps: 100 }],
    ['up to the first violation', heads(18), { strategy: uniform, runs: 30_000, maxSteps: 100, stopAtFirst: true }],
    ['of a protocol', protocol, { strategy: strategyOf('brackets'), runs: 20_000, maxSteps: 60 }],
    ['by pct', protocol, { strategy: pct(3), runs: 20_000, maxSteps: 60 }],
  ])(
    '%s',
    async (_, closed, options) => {
      const asked: FuzzOptions = { runs: 1, seed: 3, strategy: uniform, maxSteps: 100, ...options }
      const results = []
      for (const workers of [1, 2, 3]) results.push(plain(await fuzz(closed, { ...asked, workers })))
      expect(results[1]).toEqual(results[0])
      expect(results[2]).toEqual(results[0])
      expect(results[0]?.properties.some(({ first }) => first !== undefined)).toBe(true)
    },
    120_000,
  )
})

/** Two walkers of one thread take hands in turn, the second begins: what a run sees does not depend on who walks it. */
test('the first run by number is named, not the first in time', () => {
  const prepared = prepare(heads(6), {})
  const stopAt = prepared.compiled.watched.findIndex(({ claim }) => claim.name === 'never')
  const options: HandOptions = {
    ...{ runs: 400, seed: 1, maxSteps: 60, strategy: uniform, threads: 1, starts: 1 },
    stopAt: new Set([stopAt]),
  }
  const walkWith = (order: readonly number[]) => {
    const dealt = dealer({ runs: 400, hand: 20 }, { threads: 2 })
    const hands = Array.from({ length: 20 }, () => dealt.take()).flatMap((hand) => hand ?? [])
    const walkers = [walks(walkSetup(prepared)), walks(walkSetup(prepared))] as const
    const seen = order.flatMap((n) => {
      const [hand, walker] = [hands[n], walkers[n % 2 === 0 ? 0 : 1]]
      return hand === undefined ? [] : walkHand(walker, dealt, hand, options)
    })
    const last = dealt.end() - 1
    return { last, firsts: [...firstsOf(prepared, seen, last).firsts.values()].toSorted((a, b) => a.run - b.run) }
  }
  const inOrder = walkWith(Array.from({ length: 20 }, (_, n) => n))
  // Each walker's hands come in their order, as a dealer deals them; those of the other in between, earlier or later.
  expect(walkWith([1, 3, 5, 7, 9, 0, 2, 4, 6, 11, 8, 13, 15, 17, 10, 12, 19, 14, 16, 18])).toEqual(inOrder)
  expect(inOrder.last).toBeLessThan(400)
  expect(inOrder.firsts.map(({ claim, run }) => [claim.name, run <= inOrder.last])).toEqual([
    ['half', true],
    ['never', true],
  ])
})

test('a strategy of your own walks, too', async () => {
  const own: Strategy = {
    name: 'own',
    start:
      (draw) =>
      ({ count }) =>
        draw(count),
  }
  const options = { runs: 200, seed: 3, maxSteps: 80 }
  const [one, other] = [
    await fuzz(heads(8), { ...options, strategy: own, workers: 2 }),
    await fuzz(heads(8), { ...options, strategy: uniform }),
  ]
  expect(plain(one)).toEqual(plain(other))
})
