/** The threads of `hmmcheck check` without a model: each has the package's models of its own. */
import { availableParallelism } from 'node:os'
import type { RunnerThreads } from '../src/cli/environment.ts'
import { spawnBeside } from '../src/explorer/threads/spawn.ts'

/** A thread resolves the imports of models as its program does, in a clone to the source. */
const execArgv = process.execArgv.filter((argument) => argument.startsWith('--conditions'))

/** The most MiB of young objects in a thread. A run makes many that die soon; with the default of 48 they grow old. */
const youngMiB = 192

export const runners: RunnerThreads = {
  count: availableParallelism(),
  start: (setup) =>
    spawnBeside(import.meta.url, 'runner', {
      workerData: setup,
      execArgv,
      resourceLimits: { maxYoungGenerationSizeMb: youngMiB },
    }),
}
