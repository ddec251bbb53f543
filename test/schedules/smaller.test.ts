/** Smaller runs are runs of the model, and smaller; what is left of a random one is as short as a search finds it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { selectProperties } from '../../src/language/select.ts'
import { interleaving, interleavings, interleavingSteps } from '../../src/schedules/interleavings.ts'
import { firstShown, violationsOf } from '../../src/schedules/judge.ts'
import { reduce } from '../../src/schedules/reduce.ts'
import { smaller } from '../../src/schedules/smaller.ts'
import { brackets } from '../../src/schedules/strategies/brackets.ts'
import { contextSwitches } from '../../src/schedules/switches.ts'
import type { Run, Transition } from '../../src/semantics/machine.ts'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import { lostUpdate } from '../oracles/lost-update.ts'
import { notifier } from '../support/notifier.ts'

const modelOf = (variant: string, scenario = 'core'): ConfiguredModel =>
  configure(notifier.model, settingOf(notifier, { variant, scenario }).configuration)
const wide = modelOf('without-lock_order', 'wide')

const orderOf = ({ thread, ordinal }: Transition): readonly number[] => [thread, ordinal]
const switchesOf = ({ steps }: Run): number =>
  contextSwitches(steps.map(({ transition }) => ({ thread: String(transition.thread) })))

test('each is a run of the model, has fewer steps, or as many and fewer switches, and no two in a row are one', () => {
  let made = 0
  fc.assert(
    fc.property(interleavings(wide, { maxSteps: 25 }), (run) => {
      for (const one of smaller(run.machine, run)) {
        made += 1
        const again = interleaving(wide, interleavingSteps({ ...run, ...one.run }))
        expect(again.steps.map(({ transition }) => orderOf(transition))).toEqual(
          one.run.steps.map(({ transition }) => orderOf(transition)),
        )
        expect(again.steps.at(-1)?.state?.equals(one.run.steps.at(-1)?.state)).toBe(true)
        const fewer = run.steps.length - one.run.steps.length
        expect(fewer > 0 || (fewer === 0 && switchesOf(one.run) < switchesOf(run))).toBe(true)
      }
    }),
    { numRuns: 3, seed: 1 },
  )
  expect(made).toBeGreaterThan(100)
})

test('the phase it begins with comes first, and all the others after it', () => {
  const [run] = fc.sample(interleavings(wide, { maxSteps: 30 }), { numRuns: 1, seed: 3 })
  if (run === undefined) throw new Error('no run')
  const phases = [...smaller(run.machine, run, 3)].map(({ phase }) => phase)
  expect(phases[0]).toBe(3)
  expect([...new Set(phases)].toSorted()).toEqual(
    [...new Set([...smaller(run.machine, run)].map(({ phase }) => phase))].toSorted(),
  )
})

describe('what is left of a random run is as short as it can be, or nearly', () => {
  const mirror = configure(
    mirror2017Protocol.model,
    settingOf(mirror2017Protocol, { variant: 'as-posted', scenario: 'mirror' }).configuration,
  )
  /**
   * In the last column: how many steps longer it may be. Two devices can be invalidated in either order, and what was
   * chosen is kept.
   */
  test.each<readonly [string, ConfiguredModel, string, number]>([
    ['notifier', modelOf('as-posted'), 'P-NOUAF', 0],
    ['notifier, two devices', modelOf('as-posted', 'wide'), 'P-NOUAF', 0],
    ['notifier, locks crosswise', wide, 'lock-deadlock', 3],
    [
      'lost update',
      configure(lostUpdate, { sizes: { Incrementer: 4 }, constants: {} }),
      'i is the number of finished threads',
      0,
    ],
    // By munmap(), if that was the way, it takes a step more than by reclaim.
    ['mirror', mirror, 'P-NOUAF', 1],
  ])(
    '%s',
    async (_, whole, name, longer) => {
      const model = selectProperties(whole, [name])
      const { properties } = await check(model)
      const shortest = properties.find((one) => one.name === name)?.steps ?? 0
      let left = 3
      for (const run of fc.sample(interleavings(model, { maxSteps: 80, strategy: brackets }), {
        numRuns: 60,
        seed: 1,
      })) {
        const violation = left === 0 ? undefined : violationsOf(run).find((one) => one.name === name)
        if (violation === undefined) continue
        left -= 1
        const reduced = reduce(run.machine, run, violation)
        expect(reduced.steps.length).toBeGreaterThanOrEqual(shortest)
        expect(reduced.steps.length).toBeLessThanOrEqual(shortest + longer)
        expect(firstShown(run.machine, reduced, violation)).toBe(reduced.steps.length)
      }
      expect(left).toBe(0)
    },
    60_000,
  )
})
