/**
 * Schedules minimal by proof: the same as a search of the interpreter finds that looks at every schedule of a length
 * before any longer one.
 */
import { exampleOf } from '../../src/semantics/counterexample.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { check } from '../../src/explorer/check.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import type { CheckOptions, PropertyResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/index.ts'
import { selectProperties } from '../../src/language/select.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { plainState, transitions } from '../../src/semantics/machine.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { oracles } from '../oracles/table.ts'
import {
  assign,
  binary,
  bool,
  configured,
  either,
  int,
  loop,
  no,
  not,
  num,
  shared,
  skip,
  variable,
  wait,
  when,
  yes,
} from '../support/ast.ts'
import { cube } from '../support/counters.ts'
import { cheapestSchedule, smallestSchedule } from '../support/smallest.ts'

const smallestOf = ({ steps, switches, ...example }: PropertyResult) => ({
  steps,
  switches,
  schedule: exampleOf(example)?.run.steps.flatMap(({ transition: { thread, ordinal } }) => [thread, ordinal]),
})

/** What the engine and the interpreter say of every property that is shown. */
async function both(model: ConfiguredModel, options: CheckOptions = {}) {
  const { model: searched } = prepare(model, {})
  const { properties } = await check(model, { ...options, witnesses: true })
  const shown = properties
    .flatMap((property) => property.cycle ?? [property])
    .filter((one) => exampleOf(one) !== undefined)
  return shown.map((property) => {
    // whether nothing changes a state is asked of the model as it is written
    const toy = smallestSchedule(property.kind === 'deadlock' ? model : searched, property.name)
    return {
      name: property.name,
      minimal: property.minimal,
      engine: smallestOf(property),
      toy: toy === undefined ? undefined : { ...toy, schedule: toy.schedule.slice(1) },
    }
  })
}

describe('fewest steps, then fewest switches, then the first in order', () => {
  const random = async (model: ConfiguredModel, options?: CheckOptions): Promise<number> => {
    if (!referenceCheck(model, { maxTransitions: 1_000 }).complete) return 0
    const all = await both(model, options)
    for (const { name, minimal, engine, toy } of all)
      expect({ name, minimal, ...engine }).toEqual({ name, minimal: 'proven', ...toy })
    return all.length
  }
  test.each([0, 1])('of random models, %i of 2', { timeout: 600_000 }, async (batch) => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(modelArbitrary, async (model) => {
        compared += await random(model)
      }),
      { numRuns: 40, seed: 40 + batch, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(20)
  })
  test('with two workers', { timeout: 600_000 }, async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(modelArbitrary, async (model) => {
        compared += await random(model, { workers: 2 })
      }),
      { numRuns: 10, seed: 50, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(4)
  })
})

describe.each(['switches', 'preemptions', 'threads'] as const)('fewest %s, then fewest steps', (measure) => {
  test('of random models', { timeout: 600_000 }, async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(modelArbitrary, async (model) => {
        if (!referenceCheck(model, { maxTransitions: 600 }).complete) return
        const { properties } = await check(model, { witnesses: true, minimize: measure })
        for (const one of properties.flatMap((property) => property.cycle ?? [property])) {
          const { name, minimal, steps, ...size } = one
          if (exampleOf(one) === undefined) continue
          compared++
          expect({ name, minimal, cost: size[measure], steps }).toEqual({
            name,
            minimal: 'proven',
            ...cheapestSchedule(prepare(model, {}).model, name, measure),
          })
        }
      }),
      { numRuns: 18, seed: 60, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(7)
  })
})

test('a switch away from a thread that has to wait is no preemption', async () => {
  const [x, y, z, bad] = [shared('x'), shared('y'), shared('z'), shared('bad')]
  const model = configured({
    variables: ['x', 'y', 'z', 'bad'].map((name) => variable(name, bool)),
    threads: [
      { body: [either([assign(x, yes), assign(x, no)], [assign(y, yes), wait(z), assign(bad, yes)])] },
      { body: [either([wait(x), assign(bad, yes)], [wait(y), assign(z, yes)])] },
    ],
    properties: [{ name: 'not bad', kind: 'invariant', condition: not(bad) }],
  })
  expect((await check(model)).properties).toMatchObject([{ steps: 3, switches: 1, preemptions: 1 }])
  expect((await check(model, { minimize: 'preemptions' })).properties).toMatchObject([
    { minimal: 'proven', steps: 5, switches: 2, preemptions: 0 },
  ])
})

test('of the smallest sets of threads the one with the fewest steps', async () => {
  const bad = shared('bad')
  const model = configured({
    variables: [variable('bad', bool)],
    threads: [{ body: [skip, skip, assign(bad, yes)] }, { body: [assign(bad, yes)] }],
    properties: [{ name: 'not bad', kind: 'invariant', condition: not(bad) }],
  })
  expect((await check(model, { minimize: 'threads' })).properties).toMatchObject([
    { minimal: 'proven', steps: 1, threads: 1 },
  ])
})

test('a step back to an earlier level is no part of a shortest schedule', async () => {
  // Each thread goes to and fro; only both at their third place is a violation.
  const [x, y] = [shared('x'), shared('y')]
  const wander = (name: string) => ({
    body: [
      loop(
        1,
        either(
          [when(binary(shared(name), '<', num(2)), [assign(shared(name), binary(shared(name), '+', num(1)))])],
          [assign(shared(name), num(0))],
        ),
      ),
    ],
  })
  const model = configured({
    variables: [variable('x', int(0, 2)), variable('y', int(0, 2))],
    threads: [wander('x'), wander('y')],
    properties: [
      {
        name: 'not both',
        kind: 'invariant',
        condition: not(binary(binary(x, '==', num(2)), 'and', binary(y, '==', num(2)))),
      },
    ],
  })
  const [found] = await both(model)
  expect(found).toMatchObject({ engine: found?.toy, minimal: 'proven' })
  expect(found?.engine.switches).toBe(1)
})

test('a state of all zero bits, which has no place in the table, is where a schedule ends', async () => {
  const flag = shared('flag')
  const model = configured({
    variables: [variable('flag', bool, yes)],
    threads: [{ body: [assign(flag, no)] }],
    properties: [{ name: 'the flag', kind: 'invariant', condition: flag }],
  })
  const [found] = await both(model)
  expect(found).toMatchObject({ engine: found?.toy, minimal: 'proven' })
  const { compiled, reference } = prepare(model, {})
  const [initial] = reference.initial
  const [next] = initial === undefined ? [] : transitions(reference, initial.state)
  expect(
    next?.outcome.kind === 'next' &&
      compiled.encode(plainState(reference, next.outcome.state)).every((word) => word === 0n),
  ).toBe(true)
})

describe('what is not proven is not said', () => {
  const early = cube(3, 30, [{ name: 'small', kind: 'invariant', condition: binary(shared('n0'), '<', num(2)) }])
  test('a limit in threads: reduced', async () => {
    const { properties } = await check(early, { maxStates: 10_000, workers: 2 })
    expect(properties.find(({ name }) => name === 'small')).toMatchObject({
      verdict: 'violated',
      steps: 2,
      minimal: 'reduced',
    })
  })
  test('where the level is whole, it is proven for all that', async () => {
    const { incomplete, properties } = await check(early, { maxStates: 10_000 })
    expect(incomplete).toBe('max-states')
    expect(properties.find(({ name }) => name === 'small')).toMatchObject({
      verdict: 'violated',
      steps: 2,
      switches: 0,
      minimal: 'proven',
    })
  })
  test('a witness that nobody asked to be small', async () => {
    const seen = cube(3, 5, [{ name: 'n1', kind: 'sometimes', condition: binary(shared('n1'), '==', num(1)) }])
    const witnessed = async (options: CheckOptions) =>
      (await check(seen, options)).properties.find(({ name }) => name === 'n1')
    expect(await witnessed({})).not.toHaveProperty('minimal')
    expect(await witnessed({ witnesses: true })).toMatchObject({ steps: 1, minimal: 'proven' })
  })
})

test('states that were not kept are found once more', async () => {
  // More than two million states, so that none is kept when the search ends; the levels down to the violation are few.
  const isHigh = (name: string) => binary(shared(name), '>=', num(10))
  const model = cube(3, 127, [
    {
      name: 'low',
      kind: 'invariant',
      condition: not(binary(binary(isHigh('n0'), 'and', isHigh('n1')), 'and', isHigh('n2'))),
    },
  ])
  const { states, properties } = await check(model, { properties: ['low'] })
  expect(states).toBe(128 ** 3)
  expect(properties).toMatchObject([{ verdict: 'violated', steps: 30, switches: 2, minimal: 'proven' }])
})

describe('bugs of the catalogue, each by every schedule of its length and below', () => {
  test.each([
    ['device-memory', 'without-evict-before-remove', 'idle', 'deadlock'],
    ['device-memory', 'evicts-what-is-free', 'idle', 'P-REF'],
    ['device-memory', 'as-5.18', 'idle', 'P-LIFE'],
    ['device-memory', 'without-evict-until-free', 'idle', 'deadlock'],
    ['device-memory', 'without-fault-holds-reference', 'life', 'P-NOUAF'],
    ['device-memory', 'without-close-evicts', 'close', 'P-LIFE'],
    ['mirror-2017', 'without-publish-before-callback', 'registration', 'P-LIFE'],
    ['mirror-2017', 'without-take-all-locks', 'registration', 'P-BAL-PAIR'],
    ['mirror-4.14', 'without-device-spinlock', 'unplug', 'P-LIFE'],
    ['mirror-4.20', 'without-trylock-nonblocking', 'oom', 'misuse: sleeping function called from invalid context'],
    ['mirror-4.20', 'range-done-after-error', 'nonblocking-fault', 'P-LIFE'],
    ['migrate-vma', 'without-callback-drops-own', 'cpu-fault', 'P-FREEZE'],
    ['migrate-vma', 'without-flush-under-ptl', 'tlb', 'P-FREEZE'],
  ])('%s@%s in %s: %s', { timeout: 120_000 }, async (name, variant, scenario, property) => {
    const protocol = catalogue.find((one) => one.name === name) ?? expect.fail(name)
    const model = configure(protocol.model, settingOf(protocol, { variant, scenario }).configuration)
    const found = (await both(selectProperties(model, [property]))).find((one) => one.name === property)
    expect({ minimal: found?.minimal, ...found?.engine }).toEqual({ minimal: 'proven', ...found?.toy })
  })
})

describe('oracles', () => {
  const named = (name: string) => {
    const oracle = oracles.find((one) => one.name === name)
    if (oracle === undefined) throw new RangeError(name)
    return configure(oracle.model, oracle.configuration)
  }
  test.each([
    ['Die Hard', '4 gallons', 6],
    ['missionaries and cannibals', 'all are over', 11],
    ...[3, 6, 10].map((discs): [string, string, number] => [
      `towers of Hanoi, ${discs} discs`,
      'moved',
      2 ** discs - 1,
    ]),
  ])('%s', async (name, property, steps) => {
    const { properties } = await check(named(name), { witnesses: true })
    expect(properties.find((one) => one.name === property)).toMatchObject({ minimal: 'proven', steps, switches: 0 })
  })
  test('lost update: read, read, write, write', async () => {
    const [found] = await both(named('lost update, 2 threads'))
    expect(found).toMatchObject({
      minimal: 'proven',
      engine: { steps: 4, switches: 2 },
      toy: { steps: 4, switches: 2 },
    })
    const { properties } = await check(named('lost update, 2 threads'))
    expect(
      properties[0]?.counterexample?.run.steps.map(({ transition: { thread, label } }) => [thread, label]),
    ).toEqual([
      [0, 't = i'],
      [1, 't = i'],
      [1, 'i = t + 1'],
      [0, 'i = t + 1'],
    ])
  })
})
