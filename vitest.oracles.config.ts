/** `npm run oracles:all`: the whole table, which takes minutes. */
import { defineConfig } from 'vitest/config'
import { source, sourceArguments } from './vitest.source.config.ts'

export default defineConfig({
  ...source,
  test: {
    include: ['test/oracles/all.oracles.ts'],
    pool: 'forks',
    execArgv: sourceArguments,
    testTimeout: 3_600_000,
  },
})
