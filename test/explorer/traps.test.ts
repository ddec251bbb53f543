/** Where engines of this kind are known to break, one by one: each state space has a shape that tells its counts. */
import { describe, expect, test, vi } from 'vitest'
import { describeLayout } from '../../src/compiler/compile.ts'
import { check } from '../../src/explorer/check.ts'
import { levels } from '../../src/explorer/levels.ts'
import type { CheckSettings } from '../../src/explorer/result.ts'
import {
  assign,
  binary,
  bool,
  configured,
  int,
  loop,
  no,
  not,
  num,
  shared,
  skip,
  variable,
  yes,
} from '../support/ast.ts'
import { cube, cubeCounts, fan, wide } from '../support/counters.ts'
import { agree, said, search, small } from '../support/engine.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Each trap is set for one worker, for two, and where the table is in many pieces. */
const ways: readonly (readonly [string, CheckSettings])[] = [
  ['one worker', {}],
  ['two workers', { workers: 2 }],
  ['many partitions', { partitionBytes: 2 ** 16 }],
]

describe.each(ways)('with %s', (_, options) => {
  test('the state of all zero bits is counted once, found first', async () => {
    const model = configured({
      variables: [variable('x', int(0, 3, 'wrap'))],
      threads: [{ daemon: true, body: [loop(1, assign(shared('x'), binary(shared('x'), '+', num(1))))] }],
      properties: [{ name: '3', kind: 'sometimes', condition: binary(shared('x'), '==', num(3)) }],
    })
    expect(await said(model, options)).toEqual({
      verdict: 'holds',
      states: 4,
      transitions: 4,
      depth: 4,
      properties: { 3: 'holds in 3' },
    })
  })

  test('the state of all zero bits is counted once, found last, and found again', async () => {
    // the end is control point 0, and no variable is set: all zero
    const off = [assign(shared('x'), no), assign(shared('y'), no)]
    const model = configured({
      variables: [variable('x', bool, yes), variable('y', bool, yes)],
      threads: [{ body: off }, { body: off }],
      properties: [
        { name: 'something is left', kind: 'invariant', condition: binary(shared('x'), 'or', shared('y')) },
        { name: 'deadlock', kind: 'deadlock' },
      ],
    })
    const found = await said(model, options)
    expect(found).toMatchObject({
      states: 9,
      transitions: 12,
      depth: 5,
      properties: { 'something is left': 'violated in 2', deadlock: 'holds' },
    })
  })

  test.each([64, 65, 128, 129, 1_000, 1_025])('states of %i bits', async (bits) => {
    const model = wide(bits)
    const result = await check(model, { ...small, ...options })
    expect(result).toMatchObject({ stateBits: bits, states: 32, transitions: 32, depth: 32, verdict: 'violated' })
    expect(result.properties[0]).toMatchObject({ name: 'some mark is not set', steps: 16 })
  })

  // 255 is the first number that the log writes in five bytes
  test.each([255, 256, 257, 1_000])('a state with %i successors, the last of which is shown', async (n) => {
    const result = await check(fan(n), { ...small, ...options })
    expect(result).toMatchObject({ states: 2 * n + 1, transitions: 2 * n, depth: 3 })
    expect(result.properties[0]).toMatchObject({ verdict: 'violated', steps: 2 })
    expect(result.properties[0]?.counterexample?.run.steps[0]?.transition.choices).toEqual([
      { name: 'x0', value: n - 1 },
    ])
  })

  test('70,000 initial states, the last of which is shown', async () => {
    const all = (n: number) => Array.from({ length: n }, (_each, i) => num(i))
    const model = configured({
      variables: [variable('x', int(0, 699), ...all(700)), variable('y', int(0, 99), ...all(100))],
      properties: [
        {
          name: 'not the last',
          kind: 'invariant',
          condition: binary(binary(shared('x'), '!=', num(699)), 'or', binary(shared('y'), '!=', num(99))),
        },
      ],
    })
    const result = await check(model, { ...small, ...options })
    expect(result).toMatchObject({ states: 70_000, transitions: 0, depth: 1 })
    expect(result.properties[0]).toMatchObject({ verdict: 'violated', steps: 0 })
    expect(result.properties[0]?.counterexample?.run.initial.state.shared.toJS()).toEqual({ x: 699, y: 99 })
  })

  test.each([1, 2, 5])('hashes of %i bits', async (hashBits) => {
    expect(await said(cube(3, 12), { ...options, partitionBytes: 2 ** 20, hashBits })).toEqual({
      verdict: 'violated',
      ...cubeCounts(3, 12),
      properties: { 'not all at their end': 'violated in 36' },
    })
  })

  test('a model without threads', async () => {
    const model = configured({
      variables: [variable('x', bool, no, yes)],
      properties: [
        { name: 'deadlock', kind: 'deadlock' },
        { name: 'lock-deadlock', kind: 'lock-deadlock' },
        { name: 'recoverable', kind: 'recoverable' },
        { name: 'x', kind: 'invariant', condition: shared('x') },
      ],
    })
    expect(await said(model, options)).toEqual({
      verdict: 'violated',
      states: 2,
      transitions: 0,
      depth: 1,
      properties: { deadlock: 'holds', 'lock-deadlock': 'holds', recoverable: 'holds', x: 'violated in 0' },
    })
  })

  test('a model with nothing at all', async () => {
    expect(await said(configured({}), options)).toEqual({
      verdict: 'holds',
      states: 1,
      transitions: 0,
      depth: 1,
      properties: {},
    })
  })

  test('a thread without steps is at its end', async () => {
    const model = configured({
      threads: [{ body: [] }, { body: [skip] }],
      properties: [
        { name: 'deadlock', kind: 'deadlock' },
        { name: 'recoverable', kind: 'recoverable' },
      ],
    })
    expect(await said(model, options)).toEqual({
      verdict: 'holds',
      states: 2,
      transitions: 1,
      depth: 2,
      properties: { deadlock: 'holds', recoverable: 'holds' },
    })
  })

  test('a step without effect is a transition, and a round of it leads nowhere', async () => {
    const model = configured({
      threads: [{ body: [skip, skip, loop(1, skip)] }],
      properties: [{ name: 'deadlock', kind: 'deadlock' }],
    })
    expect(await said(model, options)).toEqual({
      verdict: 'violated',
      states: 3,
      transitions: 3,
      depth: 3,
      properties: { deadlock: 'violated in 2' },
    })
  })
})

describe('a table that grows', () => {
  test('in place, from small: nothing is lost and nothing counted twice', async () => {
    const model = cube(3, 59)
    const kept = levels(Infinity)
    const found = await search(model, { levels: kept })
    const table = found.shard.any()
    expect(found).toMatchObject(cubeCounts(3, 59))
    expect(found.shard.partitions()).toBe(1)
    // it began with about 20,000 slots
    expect(table.visited.slots()).toBeGreaterThan(216_000)
    const { stateBytes } = table.sizes
    const slots = new Set<number>()
    for (const {
      chunk: { states, count },
    } of kept.all() ?? [])
      for (let i = 0; i < count; i++)
        slots.add(table.visited.find(states.subarray(i * stateBytes, (i + 1) * stateBytes)))
    expect(slots.size).toBe(216_000)
    expect(slots.has(-1)).toBe(false)
  })

  // every home slot is one of few, the lowest among them: what grows is far from where it belongs
  test.each([
    [1, 140],
    [1, 155],
    [1, 170],
    [1, 185],
    [2, 170],
    [2, 200],
    [3, 200],
    [3, 240],
  ])('while states crowd at a few places: %i bits of hash, 2 counters to %i', async (hashBits, top) => {
    expect(await search(cube(2, top), { hashBits })).toMatchObject(cubeCounts(2, top))
  })

  test.each([1, 2, 3])('states of several words, %i workers', async (workers) => {
    const model = { ...cube(3, 31) }
    const padded = {
      ...model,
      variables: [...model.variables, variable('pad', { kind: 'array', index: int(0, 99), of: bool } as const)],
      properties: [
        {
          name: 'pad',
          kind: 'invariant',
          condition: not({ kind: 'index', of: shared('pad'), index: shared('n0') }),
        } as const,
        ...model.properties,
      ],
    }
    expect(describeLayout(padded).words).toBeGreaterThan(1)
    expect(await said(padded, { workers, partitionBytes: 2 ** 19 })).toMatchObject({
      ...cubeCounts(3, 31),
      properties: { pad: 'holds', 'not all at their end': 'violated in 93' },
    })
  })

  test.each([1, 2])('partitions of 1 MiB, %i workers', async (workers) => {
    expect(await said(cube(3, 69), { workers, partitionBytes: 2 ** 20 })).toEqual({
      verdict: 'violated',
      ...cubeCounts(3, 69),
      properties: { 'not all at their end': 'violated in 207' },
    })
  })

  test('more partitions than there can be: it says so', async () => {
    // all states have the same hash: no number of partitions helps
    expect(await said(cube(2, 199), { partitionBytes: 2 ** 16, hashBits: 1 })).toMatchObject({
      verdict: 'incomplete',
      incomplete: 'max-memory',
    })
  })
})

test('the traps are traps for the interpreter as well', async () => {
  for (const bits of [64, 65, 128, 1_000]) await agree(wide(bits))
  await agree(fan(200))
  await agree(cube(2, 5))
})
