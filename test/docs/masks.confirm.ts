/** `npm run confirm:all`: every row of the tables of masks comes again. */
import { expect, test } from 'vitest'
import { masked } from '../../docs/masks-table.ts'
import { rows } from './masks-rows.ts'

test.each(rows.map(({ title, ...row }) => [title, row] as const))(
  '%s',
  async (_, { protocol, mask: { falls, ...pair } }) => {
    expect(await masked(protocol, pair)).toEqual(falls)
  },
)
