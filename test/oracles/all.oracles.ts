/** Every row of the table on the compiled engine, however large: minutes, and some gigabytes. */
import { describe, test } from 'vitest'
import { holdsToTable } from './engine.ts'
import { oracles } from './table.ts'

describe.each([1, 2])('the engine, %i workers', (workers) => {
  test.each(oracles)(
    '$name',
    async (oracle) => {
      await holdsToTable(oracle, workers)
    },
    3_600_000,
  )
})
