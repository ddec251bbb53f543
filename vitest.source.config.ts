/**
 * A part of each configuration of the tests: a model that imports `hmmcheck` gets the source in this repository, not
 * what was built from it; and which files share a process.
 */

/** The condition in the `exports` of package.json that leads to the source. */
export const SOURCE = 'hmmcheck-source'

/** Vite's own conditions on a server, with ours before them. */
const conditions = [SOURCE, 'module', 'node', 'development|production']

/** How vitest resolves the imports of what it runs. */
export const source = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** Node's arguments for each process in which tests run: it resolves what vitest leaves to it in the same way. */
export const sourceArguments: string[] = [`--conditions=${SOURCE}`]

/** How tests run, here and there. No test measures time; the limits are only there so that what hangs is seen. */
const running = {
  pool: 'forks' as const,
  execArgv: sourceArguments,
  setupFiles: ['test/support/optimize-later.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
}

/**
 * The tests as two projects.
 *
 * @param alone each file has a process of its own, so that the engine's memories are given back when it ends
 * @param together the files share a process, as to load the modules takes longer than most of them: they keep nothing
 *   to themselves, and mock nothing
 */
export const projectsOf = (alone: readonly string[], together: readonly string[]) => [
  { ...source, test: { ...running, name: 'alone', include: [...alone], exclude: [...together] } },
  { ...source, test: { ...running, name: 'together', include: [...together], isolate: false } },
]
