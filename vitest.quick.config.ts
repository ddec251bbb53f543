/** `npm run test:quick`: the inner loop. Every room has a test in it, none that searches for long. */
import { defineConfig } from 'vitest/config'
import { projectsOf } from './vitest.source.config.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: projectsOf(
      [
        'test/architecture.test.ts',
        'test/analysis/{assertions,atomicity,family,memory,statics,uncalled}.test.ts',
        'test/bench/*.test.ts',
        'test/browser/worker.test.ts',
        'test/cli/check.test.ts',
        'test/compiler/{brackets,layout}.test.ts',
        'test/docs/{errors,links}.test.ts',
        'test/engine/*.test.ts',
        'test/explorer/levels.test.ts',
        'test/explorer/walks/covered.test.ts',
        'test/fuzz/found.test.ts',
        'test/lint/*.test.ts',
        'test/models/bugs.test.ts',
        // with the small oracles, and a few random models
        'test/mutants/*.test.ts',
        'test/support/*.test.ts',
        'test/vitest/*.test.ts',
      ],
      [
        'test/kernel/{kref,mutex-wake,percpu-ref,rcu,seqcount}.test.ts',
        'test/language/{claimed,configure,labels,mistakes,model,names,position,ranges,select,types}.test.ts',
        'test/project/new-project.test.ts',
        'test/properties/catalogue.test.ts',
        'test/report/{drawing,text}.test.ts',
        'test/schedules/{carry,digest,replay,switches}.test.ts',
        'test/semantics/{evaluate,properties,transitions}.test.ts',
        'test/wasm/*.test.ts',
      ],
    ),
  },
})
