/**
 * The known bugs of a model, each in the smallest world that has it: found as a kernel reader would write it down,
 * and not there in `fixed`.
 */
import { describe, expect, test } from 'vitest'
import { failuresOf, type Run } from '../../src/semantics/machine.ts'
import { check } from '../../src/explorer/check.ts'
import type { CheckResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'

export interface Bug {
  readonly name: string
  readonly variant: string
  readonly scenario: string
  readonly sizes?: Readonly<Record<string, number>> | undefined
  readonly property: string
  /** What is said of the step that fails; of a state that breaks an invariant nothing is said. */
  readonly message?: RegExp
  /** Labels that the schedule has in this order. */
  readonly steps: readonly RegExp[]
  /** Something else is violated in fewer steps. */
  readonly later?: boolean
}

/** Whether the labels have these one after the other, with others between. */
function inOrder(labels: readonly string[], wanted: readonly RegExp[]): boolean {
  let next = 0
  for (const label of labels) if (wanted[next]?.test(label) === true) next += 1
  return next === wanted.length
}

/** A variant in a scenario, or in a smaller world. */
export const worldOf = (
  protocol: Protocol,
  { variant, scenario, sizes }: Pick<Bug, 'variant' | 'scenario' | 'sizes'>,
): ConfiguredModel => configure(protocol.model, settingOf(protocol, { variant, scenario, sizes }).configuration)

/**
 * What `fixed` says in a world: asked once for all bugs of it, with the properties of all.
 *
 * Lock misuse is judged in any case, and is no property to be named.
 */
function fixedWorlds(protocol: Protocol, bugs: readonly Bug[]): (bug: Bug) => Promise<CheckResult> {
  const nameOf = ({ scenario, sizes = {} }: Bug): string => JSON.stringify([scenario, Object.entries(sizes).toSorted()])
  const results = new Map<string, Promise<CheckResult>>()
  return (bug) => {
    const world = nameOf(bug)
    const known = results.get(world)
    if (known !== undefined) return known
    const properties = bugs.filter((one) => nameOf(one) === world).map(({ property }) => property)
    const result = check(worldOf(protocol, { ...bug, variant: 'fixed' }), { properties: [...new Set(properties)] })
    results.set(world, result)
    return result
  }
}

/** States after which a search for one property goes on only if that was not found yet. */
const SOON = 200_000

async function foundRun(protocol: Protocol, bug: Bug): Promise<Run | undefined> {
  const model = worldOf(protocol, bug)
  const runIn = ({ properties }: CheckResult) =>
    properties.find(({ name }) => name === bug.property)?.counterexample?.run
  if (bug.later !== true) return runIn(await check(model, { properties: [bug.property], stopAtFirst: true }))
  const soon = runIn(await check(model, { properties: [bug.property], maxStates: SOON }))
  return soon ?? runIn(await check(model, { properties: [bug.property] }))
}

/** Each bug is found as the schedule that a kernel reader would write down, and is not there in `fixed`. */
export function testBugs(protocol: Protocol, bugs: readonly Bug[]): void {
  const inFixed = fixedWorlds(protocol, bugs)
  describe.each(bugs)('$name', (bug) => {
    test('is found', async () => {
      const run = await foundRun(protocol, bug)
      expect(run).toBeDefined()
      const labels = run?.steps.map(({ transition }) => transition.label) ?? []
      expect(inOrder(labels, bug.steps), labels.join('\n')).toBe(true)
      const last = run?.steps.at(-1)?.transition
      if (bug.message !== undefined)
        expect(
          last === undefined
            ? ''
            : failuresOf(last)
                .map(({ message }) => message)
                .join(),
        ).toMatch(bug.message)
    })

    test('is not there in fixed', async () => {
      const { verdict, properties } = await inFixed(bug)
      expect(verdict).toBe('holds')
      // Misuse is listed where it is found only.
      if (protocol.model.properties.some(({ name }) => name === bug.property))
        expect(properties).toContainEqual(expect.objectContaining({ name: bug.property, verdict: 'holds' }))
    })
  })
}

/** An order of locks that leads round, in the smallest world that has it. */
export interface Order {
  readonly name: string
  readonly variant: string
  readonly scenario: string
  readonly sizes?: Readonly<Record<string, number>>
  /** What the variant has otherwise here. */
  readonly constants?: Readonly<Record<string, boolean | string>>
  /** The pairs of the cycle that is shown: `mmap_sem → srcu`. */
  readonly cycle: readonly string[]
}

/** Each order is found as that cycle, and `fixed` has none in the same world. */
export function testOrders(protocol: Protocol, orders: readonly Order[]): void {
  const orderOf = async ({ variant, scenario, sizes, constants = {} }: Omit<Order, 'name' | 'cycle'>) => {
    const { configuration } = settingOf(protocol, { variant, scenario, sizes })
    const { properties } = await check(
      configure(protocol.model, { ...configuration, constants: { ...configuration.constants, ...constants } }),
      { properties: ['P-ORDER', 'P-LIFE'] },
    )
    return properties.find(({ name }) => name === 'P-ORDER')
  }

  test.each(orders.map((order) => [order.name, order] as const))('%s', async (_, order) => {
    const found = await orderOf(order)
    expect(found?.cycle?.map(({ name }) => name)).toEqual(order.cycle.map((pair) => `P-ORDER: ${pair}`))
    for (const { name, witness } of found?.cycle ?? [])
      expect(witness?.run.steps.at(-1)?.transition.covers).toContain(name)
    expect(await orderOf({ ...order, variant: 'fixed', constants: {} })).toMatchObject({ verdict: 'holds' })
  })
}
