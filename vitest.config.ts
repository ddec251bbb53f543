/** `npm test`. No test measures time; the time limits are only there so that what hangs is seen. */
import { defineConfig } from 'vitest/config'
import { source, sourceArguments } from './vitest.source.config.ts'

export default defineConfig({
  ...source,
  test: {
    include: ['test/**/*.test.ts'],
    // a process for each file: the engine's memories are given back when it ends
    pool: 'forks',
    execArgv: sourceArguments,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
