/** `npm test`. */
import { defineConfig } from 'vitest/config'
import { projectsOf } from './vitest.source.config.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: projectsOf(
      ['test/**/*.test.ts'],
      ['test/{kernel,language,properties,report,schedules,semantics,wasm}/**/*.test.ts'],
    ),
  },
})
