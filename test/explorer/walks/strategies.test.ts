/** The strategies in the module of walks choose what those of src/schedules/strategies choose, which are followed step by step. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { strategyNames, type StrategyName } from '../../../src/engine/walks/strategy.ts'
import { walkSetup } from '../../../src/explorer/walks/setup.ts'
import { walks, type Walks } from '../../../src/explorer/walks/walk.ts'
import { prepare, type Prepared } from '../../../src/explorer/prepare.ts'
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { configure } from '../../../src/language/configure.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'
import { chance, xoshiro128 } from '../../../src/schedules/random.ts'
import { strategyOf } from '../../../src/schedules/strategies/index.ts'
import { modelArbitrary } from '../../fuzz/model-arbitrary.ts'
import { notifier } from '../../support/notifier.ts'

const modelOf = (variant: string, scenario = 'core'): ConfiguredModel =>
  configure(notifier.model, settingOf(notifier, { variant, scenario }).configuration)

interface Manner {
  readonly name: StrategyName
  readonly depth?: number
  readonly maxSteps: number
}

/** Takes the same walk twice, each with walks of its own, and compares all that they saw and came by. */
function walkTwice(
  prepared: Prepared,
  [followed, compiled]: readonly [Walks, Walks],
  run: number,
  { name, depth = 4, maxSteps }: Manner,
): void {
  const strategy = strategyOf(name, { depth })
  const extent = { threads: prepared.model.instances.length, maxSteps }
  const [one, other] = [chance(7, run), chance(7, run)]
  const [start, same] = [one(prepared.initial.length), other(prepared.initial.length)]
  const expected = followed.walk(strategy.start(one, extent), start, maxSteps)
  const begun = strategy.compiled?.begin(other, extent)
  const walked = compiled.walkFast(name, { ...begun, chance: other.state() }, same, maxSteps)
  expect(walked).toEqual(expected)
  expect(compiled.coverage()).toEqual(followed.coverage())
  // Which states, and which transitions of each.
  expect(Buffer.compare(compiled.met().records, followed.met().records)).toBe(0)
}

const pair = (prepared: Prepared): readonly [Walks, Walks] => [walks(walkSetup(prepared)), walks(walkSetup(prepared))]

describe.each(strategyNames)('%s', (name) => {
  test('of the small protocol', () => {
    const prepared = prepare(modelOf('without-lock_order', 'wide'), {})
    const both = pair(prepared)
    for (let run = 1; run <= 200; run++) walkTwice(prepared, both, run, { name, maxSteps: 60 })
    expect(both[0].coverage().states).toBeGreaterThan(100)
  })

  test('over many stretches', () => {
    const prepared = prepare(modelOf('fixed', 'wide'), {})
    walkTwice(prepared, pair(prepared), 1, { name, depth: 400, maxSteps: 30_000 })
  })

  test('of random models', () => {
    fc.assert(
      fc.property(modelArbitrary, fc.nat(), (model, run) => {
        const prepared = prepare(model, {})
        const both = pair(prepared)
        for (let n = 0; n < 10; n++) walkTwice(prepared, both, run + n, { name, maxSteps: 40 })
      }),
      { numRuns: 40, seed: 1 },
    )
  }, 120_000)
})

test('chance goes on from where it stands', () => {
  const next = xoshiro128([1, 2, 3, 4])
  next()
  next()
  const again = xoshiro128(next.state())
  expect(Array.from({ length: 5 }, again)).toEqual(Array.from({ length: 5 }, next))
})
