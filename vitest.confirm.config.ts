/** `npm run confirm:all`: every counterexample of the catalogue found by a second search, which takes minutes. */
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['test/models/*.confirm.ts'], pool: 'forks', testTimeout: 3_600_000 } })
