/** `npm test`. No test measures time; the time limits are only there so that what hangs is seen. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // a process for each file: the engine's memories are given back when it ends
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
