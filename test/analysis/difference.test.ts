/** The difference of two models: of variants of the catalogue, against another way to find it; and its laws. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesOf, type LineChange } from '../../src/analysis/difference/changes.ts'
import { differenceOf, isEmpty, type ModelDifference } from '../../src/analysis/difference/difference.ts'
import { linesOf, type Line } from '../../src/analysis/difference/lines.ts'
import { scriptOf } from '../../src/analysis/difference/script.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { kvmProtocol } from '../../models/kvm/protocol.ts'
import { intervalNotifierProtocol } from '../../models/interval-notifier/protocol.ts'
import { ownerCowProtocol } from '../../models/owner-cow/protocol.ts'
import { mirror52Protocol } from '../../models/mirror-5.2/protocol.ts'
import { assign, configured, local, num, shared, statement, step, when, yes, loop, int } from '../support/ast.ts'
import { placesOfDifference } from '../support/variant-text.ts'
import { modelArbitrary as models } from '../fuzz/model-arbitrary.ts'

/** A variant with every thread, in the sizes of the first scenario. */
function variantOf(protocol: Protocol, variant: string): ConfiguredModel {
  const { sizes, constants } = settingOf(protocol, { variant }).configuration
  return configure(protocol.model, { sizes, constants })
}

/** The same difference, seen from the other side. */
const mirrored = ({ variables, threads, properties, locals, steps }: ModelDifference): ModelDifference => {
  const turned = ({ added, removed, changed }: ModelDifference['variables']) => ({
    added: removed,
    removed: added,
    changed,
  })
  return {
    variables: turned(variables),
    threads: turned(threads),
    properties: turned(properties),
    locals,
    steps: steps.map((one) => ({ ...one, change: exchanged(one.change) })),
  }
}
function exchanged(change: LineChange): LineChange {
  switch (change.kind) {
    case 'added':
      return { kind: 'removed', from: change.to }
    case 'removed':
      return { kind: 'added', to: change.from }
    default:
      return { kind: change.kind, from: change.to, to: change.from }
  }
}

/** In an order that does not depend on the direction, and without what is equal on both sides. */
const inOrder = ({ steps, ...named }: ModelDifference): unknown => ({
  ...Object.fromEntries(
    Object.entries(named).map(([key, value]) => [
      key,
      Array.isArray(value)
        ? value.toSorted()
        : Object.fromEntries(
            Object.entries(value as object).map(([of, names]) => [of, [...(names as string[])].sort()]),
          ),
    ]),
  ),
  steps: steps.map((one) => JSON.stringify(one)).toSorted(),
})

describe('the longest common subsequence', () => {
  const lists = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 })
  /** By trying every choice. */
  const longest = (one: readonly string[], other: readonly string[]): number =>
    one.length === 0 || other.length === 0
      ? 0
      : one[0] === other[0]
        ? 1 + longest(one.slice(1), other.slice(1))
        : Math.max(longest(one.slice(1), other), longest(one, other.slice(1)))

  test('has each element of both lists once, in order, and is as long as can be', () => {
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const script = scriptOf(one, other)
        expect(script.flatMap((line) => line.one ?? [])).toEqual(one.map((_, n) => n))
        expect(script.flatMap((line) => line.other ?? [])).toEqual(other.map((_, n) => n))
        const common = script.filter((line) => line.one !== undefined && line.other !== undefined)
        for (const line of common) expect(one[line.one ?? -1]).toBe(other[line.other ?? -1])
        expect(common).toHaveLength(longest(one, other))
      }),
    )
  })

  test('is the same from the other side', () => {
    const pairs = (one: readonly string[], other: readonly string[]): readonly string[] =>
      scriptOf(one, other).flatMap((line) =>
        line.one === undefined || line.other === undefined ? [] : [`${line.one}-${line.other}`],
      )
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        expect(pairs(other, one).map((pair) => pair.split('-').toReversed().join('-'))).toEqual(pairs(one, other))
      }),
    )
  })
})

describe('of random models', () => {
  test('a model does not differ from itself, whatever the numbers of its locals', () => {
    fc.assert(
      fc.property(models, (model) => {
        expect(isEmpty(differenceOf(model, model))).toBe(true)
        expect(isEmpty(differenceOf(model, renumbered(model)))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('the difference is that of the other direction with the sides exchanged', () => {
    fc.assert(
      fc.property(models, models, (one, other) => {
        expect(inOrder(differenceOf(one, other))).toEqual(inOrder(mirrored(differenceOf(other, one))))
      }),
      { numRuns: 100 },
    )
  })

  test('a statement that is left out is found, and nothing else', () => {
    fc.assert(
      fc.property(models, fc.nat(), (model, n) => {
        const [thread] = model.threads
        if (thread === undefined || thread.body.length === 0) return
        const at = n % thread.body.length
        const body = thread.body.filter((_, m) => m !== at)
        const less = { ...model, threads: [{ ...thread, body }, ...model.threads.slice(1)] }
        const gone = linesOf(thread).length - linesOf({ ...thread, body }).length
        const { steps } = differenceOf(model, less)
        expect(steps.length).toBeGreaterThan(0)
        expect(steps.every(({ change }) => change.kind === 'removed')).toBe(true)
        expect(steps.reduce((sum, { times }) => sum + times, 0)).toBeLessThanOrEqual(gone)
      }),
      { numRuns: 100 },
    )
  })
})

/** The same model with other numbers for its locals. */
function renumbered(model: ConfiguredModel): ConfiguredModel {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change)
    if (typeof value !== 'object' || value === null) return value
    const record = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(
      Object.entries(record).map(([key, entry]) => {
        const isLocal = (key === 'id' && record['kind'] === 'local') || ['local', 'remaining'].includes(key)
        return [key, isLocal && typeof entry === 'number' ? entry + 1000 : change(entry)]
      }),
    )
  }
  return {
    ...model,
    threads: model.threads.map((thread) => ({
      ...thread,
      locals: thread.locals.map((one) => ({ ...one, id: one.id + 1000 })),
      body: change(thread.body) as typeof thread.body,
    })),
  }
}

describe.each([kvmProtocol, intervalNotifierProtocol, ownerCowProtocol, mirror52Protocol])('$name', (protocol) => {
  const fixed = variantOf(protocol, 'fixed')
  const { sizes } = settingOf(protocol).configuration
  const constants = protocol.scenarios[0]?.constants ?? {}
  const all = protocol.variants.map(({ name }) => name)

  test.each(all)('%s differs from fixed exactly where its text does', (variant) => {
    const { steps } = differenceOf(fixed, variantOf(protocol, variant))
    const places = placesOfDifference(protocol, 'fixed', variant, { sizes, constants })
    expect(steps.length > 0).toBe(places.length > 0)
    expect(inOrder(differenceOf(variantOf(protocol, variant), fixed))).toEqual(
      inOrder(mirrored(differenceOf(fixed, variantOf(protocol, variant)))),
    )
  })
})

test('kvm without the lock of a start: four steps are gone, in the threads that call it', () => {
  const { steps, variables } = differenceOf(
    variantOf(kvmProtocol, 'fixed'),
    variantOf(kvmProtocol, 'without-start-lock'),
  )
  expect(variables).toEqual({ added: [], removed: [], changed: [] })
  expect(
    steps.map(({ change, threads }) => [change.kind, 'from' in change ? change.from.label : '', threads.join()]),
  ).toEqual([
    ['removed', 'spin_lock(&mmu_lock)', 'zap,remap'],
    ['removed', 'spin_unlock(&mmu_lock)', 'zap,remap'],
    ['removed', 'spin_lock(&mmu_lock)', 'zap,remap'],
    ['removed', 'spin_unlock(&mmu_lock)', 'zap,remap'],
  ])
})

describe('one thread', () => {
  const x = shared('x')
  const of = (...body: Parameters<typeof step>): readonly Line[] => {
    const [thread] = configured({ threads: [{ body, locals: [int(0, 1)] }] }).threads
    return thread === undefined ? [] : linesOf(thread)
  }
  const set = (value: number) => assign(x, num(value))
  const changes = (one: readonly Line[], other: readonly Line[]): readonly string[] =>
    changesOf(one, other).map((change) =>
      [
        change.kind,
        ...('from' in change ? [change.from.label] : []),
        ...('to' in change ? [change.to.label] : []),
      ].join(': '),
    )

  test('a step that goes elsewhere is moved', () => {
    expect(changes(of(set(1), set(2), set(3)), of(set(2), set(3), set(1)))).toEqual(['moved: x = 1: x = 1'])
  })

  test('a step with other contents is changed', () => {
    expect(changes(of(step(set(1))), of(step(set(2))))).toEqual(['changed: step: step'])
  })

  test('another statement of its kind in its place is changed, one of another kind is not', () => {
    expect(changes(of(set(1)), of(set(2)))).toEqual(['changed: x = 1: x = 2'])
    expect(changes(of(set(1)), of(step()))).toEqual(['removed: x = 1', 'added: step'])
  })

  test('an if around steps is added, and the steps stay', () => {
    expect(changes(of(set(1), set(2)), of(when(yes, [set(1), set(2)])))).toEqual(['added: if (true)'])
  })

  test('a block that ends later is seen', () => {
    expect(changes(of(when(yes, [set(1)]), set(2)), of(when(yes, [set(1), set(2)]))).length).toBeGreaterThan(0)
  })

  test('a break out of another loop is seen', () => {
    const nested = (out: number) => of(loop(1, loop(2, statement({ kind: 'break', loop: out }))))
    expect(changes(nested(1), nested(2))).toEqual(['changed: break: break'])
    expect(changes(nested(2), of(loop(7, loop(8, statement({ kind: 'break', loop: 8 })))))).toEqual([])
  })

  test('a local is known by its name', () => {
    expect(changes(of(assign(local(0), num(1))), of(assign(local(0), num(1))))).toEqual([])
  })
})
