/** `npm run oracles:all`: the whole table, which takes minutes. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/oracles/all.oracles.ts'], pool: 'forks', testTimeout: 3_600_000 },
})
