/** `npm run confirm:all`: every counterexample of the catalogue found by a second search, which takes minutes. */
import { defineConfig } from 'vitest/config'
import { source, sourceArguments } from './vitest.source.config.ts'

export default defineConfig({
  ...source,
  test: {
    include: ['test/models/*.confirm.ts', 'test/docs/*.confirm.ts'],
    pool: 'forks',
    execArgv: sourceArguments,
    testTimeout: 3_600_000,
  },
})
