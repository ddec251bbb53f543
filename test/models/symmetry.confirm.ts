/** `npm run confirm:symmetry`: all runs of the catalogue with fewer than 10^7 states, with symmetry and without it. */
import { countedRuns } from './counted-runs.ts'
import { testSymmetry } from './symmetry.ts'

testSymmetry(countedRuns.flat().filter(({ states }) => states < 10_000_000))
