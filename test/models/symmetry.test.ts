/** The smallest run of each model, with symmetry and without it; `npm run confirm:symmetry` has the others. */
import { countedRuns } from './counted-runs.ts'
import { testSymmetry } from './symmetry.ts'

testSymmetry(countedRuns.flatMap((runs) => runs.slice(0, 1)))
