/**
 * docs/models/*.md say what masks what: each row comes again, one left out alone shows nothing, and without both the
 * same falls in as many steps.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { documentOf } from '../../docs/marked.ts'
import { masked, masksIn, pairsOf } from '../../docs/masks-table.ts'
import { catalogue } from '../../models/catalogue.ts'

const tables = catalogue.map((protocol) => ({ protocol, masks: masksIn(readFileSync(documentOf(protocol), 'utf8')) }))
const rows = tables.flatMap(({ protocol, masks }) =>
  masks.map((mask) => ({
    protocol,
    mask,
    title: `${protocol.name} without ${mask.one} and ${mask.other} in ${mask.scenario}`,
  })),
)

test('there are tables, and of pairs that are tried', () => {
  expect(rows.length).toBeGreaterThan(10)
  for (const { protocol, masks } of tables) {
    const tried = pairsOf(protocol).map(({ one, other, scenario }) => `${one} ${other} ${scenario}`)
    expect(
      masks.map(({ one, other, scenario }) => `${one} ${other} ${scenario}`).filter((row) => !tried.includes(row)),
    ).toEqual([])
  }
})

describe('comes again', () => {
  test.each(rows.map(({ title, ...row }) => [title, row] as const))(
    '%s',
    async (_, { protocol, mask: { falls, ...pair } }) => {
      expect(await masked(protocol, pair)).toEqual(falls)
    },
    120_000,
  )
})
