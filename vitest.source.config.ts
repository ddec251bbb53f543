/**
 * A part of each configuration of the tests: a model that imports `hmmcheck` gets the source in this repository, not
 * what was built from it.
 */

/** The condition in the `exports` of package.json that leads to the source. */
export const SOURCE = 'hmmcheck-source'

/** Vite's own conditions on a server, with ours before them. */
const conditions = [SOURCE, 'module', 'node', 'development|production']

/** How vitest resolves the imports of what it runs. */
export const source = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** Node's arguments for each process in which tests run: it resolves what vitest leaves to it in the same way. */
export const sourceArguments: string[] = [`--conditions=${SOURCE}`]
