/**
 * The oracles on the compiled engine, up to 20 million transitions, with one worker; with two those in which both have
 * something to do, as it takes longer to start two threads than to search the others; with symmetry those whose orbits
 * have been counted. `npm run oracles:all` takes them all with both.
 */
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/index.ts'
import { holdsToTable, transitionsOf } from './engine.ts'
import { oracles } from './table.ts'

const most = 20_000_000
const chosen = oracles.filter((oracle) => transitionsOf(oracle) <= most)
const forTwo = chosen.filter((oracle) => transitionsOf(oracle) >= 2_000)

const counted = chosen.filter(({ stored }) => stored !== undefined)

describe.each([
  { workers: 1, symmetry: false, rows: chosen },
  { workers: 1, symmetry: true, rows: counted },
  { workers: 2, symmetry: true, rows: forTwo },
])('the engine, $workers workers, symmetry: $symmetry', ({ workers, symmetry, rows }) => {
  test.each(rows)(
    '$name',
    async (oracle) => {
      await holdsToTable(oracle, workers, symmetry)
    },
    300_000,
  )
})

describe('with dead locals reset', () => {
  const rows = oracles.filter(({ deadLocalReset }) => deadLocalReset !== undefined)
  test('four rows of the table say what there is', () => {
    expect(rows.map(({ deadLocalReset }) => deadLocalReset?.states)).toEqual([12, 59, 330, 2_027])
  })
  test.each(rows)('$name', async ({ model, configuration, deadLocalReset, shortest = {} }) => {
    const { states, transitions, deadLocalReset: reset, properties } = await check(configure(model, configuration))
    expect({ states, transitions, reset }).toEqual({ ...deadLocalReset, reset: true })
    expect(
      Object.fromEntries(properties.flatMap(({ name, steps }) => (steps === undefined ? [] : [[name, steps]]))),
    ).toEqual(shortest)
  })
})
