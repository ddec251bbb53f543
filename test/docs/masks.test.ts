/**
 * docs/models/*.md say what masks what: each row comes again, one left out alone shows nothing, and without both the
 * same falls in as many steps.
 */
import { describe, expect, test } from 'vitest'
import { masked, pairsOf } from '../../docs/masks-table.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import { rows, tables } from './masks-rows.ts'

/** States of `fixed` in the scenario of a row that is repeated here; `npm run confirm:all` repeats every row. */
const LIMIT = 40_000
const here = rows.filter(({ protocol: { name }, mask: { scenario } }) => {
  const count = counts[name]?.[countKey('fixed', scenario)]
  return count !== undefined && count.states < LIMIT
})

test('there are tables, and of pairs that are tried', () => {
  expect(rows.length).toBeGreaterThan(10)
  expect(new Set(here.map(({ protocol: { name } }) => name)).size).toBeGreaterThan(1)
  for (const { protocol, masks } of tables) {
    const tried = pairsOf(protocol).map(({ one, other, scenario }) => `${one} ${other} ${scenario}`)
    expect(
      masks.map(({ one, other, scenario }) => `${one} ${other} ${scenario}`).filter((row) => !tried.includes(row)),
    ).toEqual([])
  }
})

describe('comes again', () => {
  test.each(here.map(({ title, ...row }) => [title, row] as const))(
    '%s',
    async (_, { protocol, mask: { falls, ...pair } }) => {
      expect(await masked(protocol, pair)).toEqual(falls)
    },
    120_000,
  )
})
