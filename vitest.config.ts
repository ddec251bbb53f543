/** `npm test`. */
import { defineConfig } from 'vitest/config'
import { projectsOf } from './vitest.source.config.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: projectsOf(
      ['test/**/*.test.ts'],
      [
        'test/{kernel,language,properties,report,schedules,semantics,wasm}/**/*.test.ts',
        // these record the whole catalogue, which takes seconds
        'test/docs/{abstraction,api,bugs,changelog,errors,fuzzing,internals,language,left-out,links,masks}.test.ts',
        'test/models/*/{outcomes,variants}.test.ts',
        'test/models/{absent,bugs,random-schedules,warnings}.test.ts',
        'test/counterexamples.test.ts',
      ],
    ),
  },
})
