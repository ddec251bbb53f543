/**
 * The profile of a graph: by hand for small ones, and for random models what the interpreter's states say when a
 * thing is taken out of them.
 */
import fc from 'fast-check'
import { Set } from 'immutable'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import { profileLimit, profileOf } from '../../src/explorer/profile.ts'
import type { Profile, ProfiledField } from '../../src/explorer/result.ts'
import type { ConfiguredModel, Type } from '../../src/language/ast.ts'
import {
  anyOf,
  array,
  Await,
  Bool,
  configure,
  every,
  implies,
  invariant,
  Let,
  Loop,
  model,
  not,
  range,
  shared,
  sort,
  Step,
  struct,
  thread,
  threadPer,
  type Property,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { machine, plainState, transitions, type PlainState, type State } from '../../src/semantics/machine.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'

const profiled = async (model: ConfiguredModel, limit = profileLimit): Promise<Profile> =>
  profileOf(prepare(model, {}), limit)
const closed = (
  threads: readonly ThreadDefinition[],
  sizes: Readonly<Record<string, number>> = {},
  properties: readonly Property[] = [],
): ConfiguredModel => configure(model('m', { threads, properties }), { sizes, constants: {} })

/** `name: values, states without it` */
const table = ({ fields }: Profile): readonly string[] =>
  fields.map(
    ({ kind, thread, name, values, without }) =>
      `${kind === 'variable' ? name : kind === 'local' ? `${String(thread)}: ${name}` : `${name}: point`}: ${values}, ${without}`,
  )

describe('by hand', () => {
  const x = shared('x', range(0, 3)),
    y = shared('y', range(0, 1)),
    flag = shared('flag', Bool)
  const Device = sort('Device')

  test('two counters that know nothing of each other', async () => {
    // 4 x 2 states; the loops have one control point each.
    const counts = [
      thread(
        'a',
        () =>
          Loop(() =>
            Step('x', () => {
              Await(x.lt(3))
              x.increment()
            }),
          ),
        { daemon: true },
      ),
      thread(
        'b',
        () =>
          Loop(() =>
            Step('y', () => {
              Await(y.lt(1))
              y.increment()
            }),
          ),
        { daemon: true },
      ),
    ]
    const profile = await profiled(closed(counts))
    expect([profile.states, profile.complete, table(profile)]).toEqual([8, true, ['x: 4, 2', 'y: 2, 4']])
  })

  test('what follows from something else saves nothing', async () => {
    // before, between, behind: x is 0, 1, 1, and flag no, no, yes
    const t = thread('t', () => {
      Step('one', () => {
        Await(not(flag))
        x.set(1)
      })
      return Step('two', () => {
        Await(x.eq(1))
        flag.set(true)
      })
    })
    expect(table(await profiled(closed([t])))).toEqual(['t: point: 3, 3', 'x: 2, 3', 'flag: 2, 3'])
  })

  test('a local, at the control points where it holds something', async () => {
    // 1 before; 4 x 1 with what was read, flag no; then flag yes and the local is not read again.
    const set = shared('set', range(0, 3), anyOf(0, 1, 2, 3))
    const t = thread('t', () => {
      const seen = Let('seen', set)
      set.set(0)
      return x.set(seen)
    })
    const profile = await profiled(closed([t], {}, [invariant('x', x.le(3))]))
    // Before Let, 4 values of set; behind it, 4 pairs of set and the local; behind set = 0, 4 of the local alone; at
    // the end, 4 of x alone.
    // Without the local, or x, or set, one of these fours is one: 13. Without the control point the four that are all
    // zero are one: 13.
    expect([profile.states, table(profile).toSorted()]).toEqual([
      16,
      ['set: 4, 13', 't: point: 4, 13', 't: seen: 4, 13', 'x: 4, 13'],
    ])
  })

  test('cells and instances together, fields apart', async () => {
    const driver = shared('driver', array(Device, struct('driver', { bound: Bool, count: range(0, 1) })))
    const t = threadPer(Device, 't', (device) => {
      driver.at(device).bound.set(true)
      return driver.at(device).count.increment()
    })
    // Each device in 3 states, told by its control point, or by its two fields.
    expect(
      table(
        await profiled(
          closed([t], { Device: 2 }, [
            invariant(
              'read',
              every(Device, (one) => implies(driver.at(one).bound, driver.at(one).count.le(1))),
            ),
          ]),
        ),
      ),
    ).toEqual(['driver: 9, 9', 't: point: 9, 9', 'driver[].bound: 4, 9', 'driver[].count: 4, 9'])
  })

  test('of the first states that are found, where there are more', async () => {
    const t = thread(
      't',
      () =>
        Loop(() =>
          Step('x', () => {
            Await(x.lt(3))
            x.increment()
          }),
        ),
      { daemon: true },
    )
    const profile = await profiled(closed([t]), 3)
    expect(profile).toEqual({
      states: 3,
      complete: false,
      fields: [{ kind: 'variable', name: 'x', values: 3, without: 1 }],
    })
    expect((await profiled(closed([t]), 4)).complete).toBe(true)
  })

  test('is asked for, or given where a limit is met', async () => {
    const t = thread(
      't',
      () =>
        Loop(() =>
          Step('x', () => {
            Await(x.lt(3))
            x.increment()
          }),
        ),
      { daemon: true },
    )
    const of = async (options: Parameters<typeof check>[1]): Promise<number | undefined> =>
      (await check(closed([t]), options)).profile?.states
    expect(await of({})).toBe(undefined)
    expect(await of({ profile: 'at a limit' })).toBe(undefined)
    expect(await of({ profile: 'always' })).toBe(4)
    const { states, profile } = await check(closed([t]), { profile: 'at a limit', maxStates: 2 })
    expect([states, profile?.states, profile?.complete]).toEqual([2, 2, false])
    expect(await of({ profile: 'always', workers: 2 })).toBe(4)
  })
})

/** All states of a model, as the interpreter finds them. */
function statesOf(model: ConfiguredModel, most: number): readonly PlainState[] | undefined {
  const graph = machine(model)
  const seen = Set<State>().asMutable()
  const todo: State[] = graph.initial.map(({ state }) => state)
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    if (seen.has(state)) continue
    if (seen.size === most) return undefined
    seen.add(state)
    for (const { outcome } of transitions(graph, state)) if (outcome.kind === 'next') todo.push(outcome.state)
  }
  return [...seen].map((state) => plainState(graph, state))
}

/** A value of which only the field is left, or all but it. */
function part(type: Type, value: Plain, name: string, field: string, keep: boolean): Plain {
  if (name === field) return keep ? value : null
  if (type.kind === 'record') {
    const fields = value as Readonly<Record<string, Plain>>
    return Object.fromEntries(
      Object.entries(type.fields).map(([key, of]) => [
        key,
        part(of, fields[key] ?? null, `${name}.${key}`, field, keep),
      ]),
    )
  }
  if (type.kind === 'array')
    return (value as readonly Plain[]).map((cell) => part(type.of, cell, `${name}[]`, field, keep))
  return keep ? null : value
}

/** The names of what is no struct and no array. */
function leavesIn(type: Type, name: string): readonly string[] {
  if (type.kind === 'record') return Object.entries(type.fields).flatMap(([key, of]) => leavesIn(of, `${name}.${key}`))
  return type.kind === 'array' ? leavesIn(type.of, `${name}[]`) : [name]
}

/** How many different states there are of which only a thing is left, or all but it. */
function countOf(
  model: ConfiguredModel,
  states: readonly PlainState[],
  { kind, thread, name }: Pick<ProfiledField, 'kind' | 'thread' | 'name'>,
  keep: boolean,
): number {
  const is =
    kind === 'variable'
      ? () => false
      : (n: number): boolean => model.threads[model.instances[n]?.thread ?? -1]?.name === thread
  return new globalThis.Set(
    states.map((state) =>
      JSON.stringify([
        model.variables.map((one) =>
          kind === 'variable'
            ? part(one.type, state.shared[one.name] ?? null, one.name, name, keep)
            : keep
              ? null
              : state.shared[one.name],
        ),
        state.threads.map(({ point, locals }, n) => [
          (kind === 'point' && is(n)) === keep ? point : null,
          Object.entries(locals).map(([id, value]) => {
            const local = model.threads[model.instances[n]?.thread ?? -1]?.locals.find((one) => String(one.id) === id)
            return (kind === 'local' && is(n) && local?.name === name) === keep ? value : null
          }),
        ]),
      ]),
    ),
  ).size
}

/** States of a random model whose profile is held to the interpreter's states. */
const MOST = 600

type Candidate = Pick<ProfiledField, 'kind' | 'thread' | 'name'>

test('on random models, what the states of the interpreter say', { timeout: 600_000 }, async () => {
  let seen = 0,
    locals = 0
  await fc.assert(
    fc.asyncProperty(modelArbitrary, async (one) => {
      const prepared = prepare(one, {})
      const { model } = prepared
      const states = statesOf(model, MOST)
      if (states === undefined) return
      const { fields, ...whole } = await profileOf(prepared, MOST)
      expect(whole).toEqual({ states: states.length, complete: true })
      expect(
        fields.map((field) => ({
          ...field,
          values: countOf(model, states, field, true),
          without: countOf(model, states, field, false),
        })),
      ).toEqual(fields)
      const candidates: readonly Candidate[] = [
        ...model.variables
          .flatMap(({ type, name }) => leavesIn(type, name))
          .map((name) => ({ kind: 'variable' as const, name })),
        ...model.threads.flatMap(({ name: thread, locals: all }) => [
          { kind: 'point' as const, thread, name: thread },
          ...all.map(({ name }) => ({ kind: 'local' as const, thread, name })),
        ]),
      ]
      const isListed = ({ kind, thread, name }: Candidate): boolean =>
        fields.some((field) => field.kind === kind && field.thread === thread && field.name === name)
      const left = candidates.filter((candidate) => !isListed(candidate))
      expect(left.filter((candidate) => countOf(model, states, candidate, true) > 1)).toEqual([])
      seen++
      locals += fields.filter(({ kind }) => kind === 'local').length
    }),
    { numRuns: 100, seed: 7, endOnFailure: true },
  )
  expect(seen).toBeGreaterThan(50)
  expect(locals).toBeGreaterThan(20)
})
