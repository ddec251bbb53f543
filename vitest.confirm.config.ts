/**
 * `npm run confirm:all`: what takes minutes: every counterexample of the catalogue found by a second search, and a check
 * that is killed a hundred times.
 */
import { defineConfig } from 'vitest/config'
import { source, sourceArguments } from './vitest.source.config.ts'

export default defineConfig({
  ...source,
  test: {
    include: ['test/{browser,models,docs,explorer,page/browser}/*.confirm.ts'],
    pool: 'forks',
    execArgv: sourceArguments,
    testTimeout: 3_600_000,
    // what takes an hour says how far it is
    reporters: ['verbose'],
  },
})
