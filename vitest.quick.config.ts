/** `npm run test:quick`: the inner loop. Every room has a test in it, none that searches for long. */
import { defineConfig } from 'vitest/config'
import { source, sourceArguments } from './vitest.source.config.ts'

export default defineConfig({
  ...source,
  test: {
    include: [
      'test/architecture.test.ts',
      'test/language/**/*.test.ts',
      'test/semantics/transitions.test.ts',
      'test/wasm/**/*.test.ts',
      'test/compiler/layout.test.ts',
      'test/engine/**/*.test.ts',
      'test/mutants/*.test.ts',
      'test/report/drawing.test.ts',
      'test/schedules/replay.test.ts',
      'test/cli/check.test.ts',
    ],
    pool: 'forks',
    execArgv: sourceArguments,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
