/**
 * Random runs for fast-check: the same by seed, shrunk to valid and small ones, and printed as code that makes them
 * again.
 */
import { replayOnWhole } from '../../src/explorer/whole.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { Bool, Loop, Misuse, model, not, shared, Step, thread } from '../../src/language/index.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { UsageError } from '../../src/catalogue/usage.ts'
import { interleaving, interleavings, interleavingSteps } from '../../src/schedules/interleavings.ts'
import type { Interleaving } from '../../src/schedules/interleavings.ts'
import { violationsOf } from '../../src/schedules/judge.ts'
import { originOf, record } from '../../src/schedules/record.ts'
import { follow } from '../../src/schedules/replay.ts'
import { strategyNames } from '../../src/engine/walks/strategy.ts'
import { strategyOf } from '../../src/schedules/strategies/index.ts'
import { lostUpdate } from '../oracles/lost-update.ts'
import { notifier } from '../support/notifier.ts'

const counting = configure(lostUpdate, { sizes: { Incrementer: 3 }, constants: {} })
const setting = settingOf(notifier, { variant: 'as-posted', scenario: 'wide' })
const posted: ConfiguredModel = configure(notifier.model, setting.configuration)

const told = ({ machine: { model }, steps }: Interleaving): readonly string[] =>
  steps.map(({ transition: { thread, label } }) => `${model.instances[thread]?.name}: ${label}`)
const holds = (run: Interleaving): boolean => violationsOf(run).length === 0

describe('by seed', () => {
  test.each(strategyNames)('%s', (name) => {
    const runs = fc.sample(interleavings(posted, { maxSteps: 12, strategy: strategyOf(name) }), {
      seed: 2017,
      numRuns: 2,
    })
    expect(runs.map(told)).toMatchSnapshot()
  })

  test('no longer than it may be, and all of it a run', () => {
    for (const run of fc.sample(interleavings(posted, { maxSteps: 25 }), { seed: 1, numRuns: 30 })) {
      expect(run.steps.length).toBeLessThanOrEqual(25)
      expect(told(interleaving(posted, interleavingSteps(run)))).toEqual(told(run))
    }
  })

  test('a run ends where nothing is possible, or a step fails; an assertion ends none', () => {
    expect(
      new Set(fc.sample(interleavings(counting), { seed: 1, numRuns: 20 }).map(({ steps }) => steps.length)),
    ).toEqual(new Set([6]))
    const failing = fc.sample(interleavings(posted), { seed: 1, numRuns: 100 }).filter((run) => !holds(run))
    expect(failing.length).toBeGreaterThan(0)
    expect(failing.some(({ steps }) => steps.slice(0, -1).some(({ transition }) => transition.broken.length > 0))).toBe(
      true,
    )
    const once = shared('once', Bool)
    const misused = configure(
      model('misused', {
        threads: [
          thread('t', () => {
            Loop(() => {
              Step('once', () => {
                Misuse('twice', not(once))
                once.set(true)
              })
            })
          }),
        ],
      }),
      { sizes: {}, constants: {} },
    )
    for (const { steps } of fc.sample(interleavings(misused), { seed: 1, numRuns: 5 }))
      expect(steps.map(({ transition: { outcome } }) => outcome.kind)).toEqual(['next', 'fails'])
  })
})

describe('a property that fails', () => {
  const failure = (): string => {
    try {
      fc.assert(fc.property(interleavings(counting), holds), { seed: 5 })
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    return 'it holds'
  }

  test('is printed with seed, path and a small schedule', () => {
    expect(failure()).toMatchSnapshot()
  })

  test('the schedule that is printed is code that makes the run again', () => {
    const code = /\[(interleaving\(model, [^]*\n\}\))\]/.exec(failure())?.[1] ?? ''
    const made = new Function('interleaving', 'model', `return ${code}`)(interleaving, counting) as Interleaving
    expect(violationsOf(made)).toEqual([
      { name: 'i is the number of finished threads', kind: 'invariant', outcome: 'violated', after: 4 },
    ])
    expect(made[fc.toStringMethod]()).toBe(code)
  })

  test('seed and path alone come to the same run', () => {
    const property = fc.property(interleavings(posted), holds)
    const first = fc.check(property, { seed: 5 })
    const again = fc.check(property, {
      seed: 5,
      ...(first.counterexamplePath === null ? {} : { path: first.counterexamplePath }),
      endOnFailure: true,
    })
    expect(first.failed && again.failed).toBe(true)
    expect(first.numShrinks).toBeGreaterThan(0)
    expect(again.numShrinks).toBe(0)
    expect(again.counterexample?.map(told)).toEqual(first.counterexample?.map(told))
  })

  test('an example of a test shrinks, too', () => {
    const arbitrary = interleavings(counting)
    const [run] = fc.sample(arbitrary, { seed: 1, numRuns: 1 })
    if (run === undefined) throw new Error('no run')
    const { counterexample } = fc.check(
      fc.property(arbitrary, ({ steps }) => steps.length < 2),
      { examples: [[run]] },
    )
    expect(counterexample?.[0]?.steps.length).toBe(2)
  })

  test('becomes a schedule that replay confirms', () => {
    const { counterexample } = fc.check(fc.property(interleavings(posted), holds), { seed: 5 })
    const [run] = counterexample ?? []
    const [violation] = run === undefined ? [] : violationsOf(run)
    if (run === undefined || violation === undefined) throw new Error('it holds')
    const { name, kind, outcome } = violation
    expect(violation).toMatchObject({ name: 'P-NOUAF', after: run.steps.length })
    expect(follow(posted, record(originOf(setting), replayOnWhole(posted)({ name, kind, outcome }, run))).kind).toBe(
      'confirmed',
    )
  })
})

describe('steps that do not fit', () => {
  const [run] = fc.sample(interleavings(posted, { maxSteps: 4 }), { seed: 1, numRuns: 1 })
  if (run === undefined) throw new Error('no run')
  const { initial, steps } = interleavingSteps(run)
  const wrong = (...changed: Parameters<typeof interleaving>): string => {
    try {
      interleaving(...changed)
    } catch (error) {
      if (error instanceof UsageError) return error.message
      throw error
    }
    return 'they fit'
  }

  test('the step is named, and what is enabled there', () => {
    const [first] = steps
    if (first === undefined) throw new Error('no step')
    const message = wrong(posted, { initial, steps: [first, first] })
    expect(message).toMatch(/^HMM240: step 2 is not enabled \(.*\)\n {2}remedy: take one that is enabled there: .+/)
  })

  test('the initial states are named', () => {
    expect(wrong(posted, { initial: { choices: [{ name: 'page', value: 9 }] }, steps: [] })).toBe(
      'HMM240: there is no such initial state\n  remedy: choose one of: page = 0; page = 1',
    )
  })
})
