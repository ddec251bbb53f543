/** `npm test`. */
import { defineConfig } from 'vitest/config'
import { projectsOf } from './vitest.source.config.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: projectsOf(
      ['test/**/*.test.ts'],
      [
        'test/{engine,kernel,language,project,properties,report,schedules,semantics,wasm}/**/*.test.ts',
        'test/cli/{catalogues,check,derive,diff,file-names,formats,fuzz,init,lock,minimize,mistakes,several,strict,typecheck,update}.test.ts',
        'test/compiler/**/*.test.ts',
        // these record the whole catalogue, which takes seconds
        'test/docs/{abstraction,api,bugs,changelog,errors,fuzzing,internals,language,left-out,links,masks}.test.ts',
        'test/models/*/{bugs,outcomes,variants}.test.ts',
        'test/models/{absent,bugs,random-schedules,warnings}.test.ts',
        'test/counterexamples.test.ts',
      ],
    ),
  },
})
