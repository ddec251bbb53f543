/** Runs that end before they are done say so, and do not say that anything holds. */
import { describe, expect, test, vi } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import type { CheckSettings, Progress } from '../../src/explorer/result.ts'
import type { Property } from '../../src/language/ast.ts'
import { binary, num, shared } from '../support/ast.ts'
import { cube, cubeCounts } from '../support/counters.ts'
import { said, small } from '../support/engine.ts'

vi.setConfig({ testTimeout: 60_000 })

const properties: readonly Property[] = [
  { name: 'early', kind: 'sometimes', condition: binary(shared('n0'), '==', num(2)) },
  { name: 'late', kind: 'sometimes', condition: binary(shared('n0'), '==', num(90)) },
  { name: 'deadlock', kind: 'deadlock' },
  { name: 'recoverable', kind: 'recoverable' },
]
const model = cube(3, 90, properties)

describe.each([1, 2])('%i workers', (workers) => {
  test.each<readonly [string, CheckSettings]>([
    ['max-states', { maxStates: 10_000 }],
    ['max-memory', { maxMemory: 1 }],
    ['timeout', { timeout: 0.001 }],
    ['interrupted', { signal: AbortSignal.abort() }],
  ])('%s', async (reason, options) => {
    const found = await said(model, { ...options, workers })
    expect(found).toMatchObject({ verdict: 'incomplete', incomplete: reason })
    expect(found.states).toBeLessThan(cubeCounts(3, 90).states)
    expect(found.properties).toMatchObject({
      late: 'incomplete',
      deadlock: 'incomplete',
      recoverable: 'incomplete',
      'not all at their end': 'incomplete',
    })
  })

  test('what was found before the end is said', async () => {
    const { properties: all, states } = await said(model, { workers, maxStates: 10_000 })
    expect(all).toMatchObject({ early: 'holds in 2' })
    expect(states).toBeGreaterThanOrEqual(10_000)
  })

  test('a limit that is not reached changes nothing', async () => {
    const tiny = cube(3, 9)
    expect(
      await said(tiny, { workers, maxStates: 1_000_000, timeout: 1_000, maxMemory: 2 ** 40, stopAtFirst: true }),
    ).toEqual(await said(tiny))
  })

  test('a violation found in time makes a run that is incomplete violated', async () => {
    const early = cube(3, 90, [
      { name: 'n0 is small', kind: 'invariant', condition: binary(shared('n0'), '<', num(2)) },
    ])
    expect(await said(early, { workers, maxStates: 10_000 })).toMatchObject({
      verdict: 'violated',
      incomplete: 'max-states',
      properties: { 'n0 is small': 'violated in 2', 'not all at their end': 'incomplete' },
    })
  })

  test('to stop at the first violation is to complete its level', async () => {
    const early = cube(3, 20, [
      { name: 'n0 is small', kind: 'invariant', condition: binary(shared('n0'), '<', num(2)) },
      { name: 'n1', kind: 'sometimes', condition: binary(shared('n1'), '==', num(1)) },
    ])
    // the sums 0 to 2 are expanded, and 3 is found: 1 + 3 + 6 + 10 states
    expect(await said(early, { workers, stopAtFirst: true })).toEqual({
      verdict: 'violated',
      incomplete: 'first-violation',
      states: 20,
      transitions: 30,
      depth: 3,
      properties: { 'not all at their end': 'incomplete', 'n0 is small': 'violated in 2', n1: 'holds in 1' },
    })
  })

  test('an interruption while it runs ends it', async () => {
    const abort = new AbortController()
    const found = await said(cube(4, 60), {
      workers,
      signal: abort.signal,
      partitionBytes: 2 ** 26,
      onProgress: ({ states }) => {
        if (states > 0) abort.abort()
      },
    })
    expect(found).toMatchObject({ verdict: 'incomplete', incomplete: 'interrupted' })
    expect(found.states).toBeGreaterThan(0)
  })
})

test('progress is told while it runs', async () => {
  const told: Progress[] = []
  await check(cube(4, 60), {
    ...small,
    partitionBytes: 2 ** 26,
    timeout: 1.5,
    onProgress: (progress) => {
      told.push(progress)
    },
  })
  expect(told.length).toBeGreaterThan(0)
  for (const { states, transitions, depth, queue, memory, seconds } of told)
    for (const n of [states, transitions, depth, queue, memory, seconds]) expect(n).toBeGreaterThan(0)
  expect(told.map(({ states }) => states)).toEqual(told.map(({ states }) => states).toSorted((a, b) => a - b))
})

test('only complete runs name what was never taken', async () => {
  expect((await check(cube(2, 3), small)).neverTaken).toEqual([])
  expect((await check(cube(2, 90), { ...small, maxStates: 10 })).neverTaken).toEqual([])
})
