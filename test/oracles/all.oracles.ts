/** Every row of the table on the compiled engine, however large: minutes, and some gigabytes. */
import { describe, test } from 'vitest'
import { holdsToTable } from './engine.ts'
import { oracles } from './table.ts'

describe.each([
  [1, false],
  [1, true],
  [2, false],
])('the engine, %i workers, symmetry: %s', (workers, symmetry) => {
  test.each(oracles)(
    '$name',
    async (oracle) => {
      await holdsToTable(oracle, workers, symmetry)
    },
    3_600_000,
  )
})
