#!/usr/bin/env node
/** The command `hmmcheck`: the command line and this package's models, joined. */

// Before anything is loaded: the lines that models name are then those of their source, not of what was compiled.
process.setSourceMapsEnabled(true)
const [{ main }, { processEnvironment }, { catalogue }, { runners }] = await Promise.all([
  import('../src/cli/main.ts'),
  import('../src/cli/environment.ts'),
  import('../models/catalogue.ts'),
  import('./runners.ts'),
])
process.exitCode = await main(catalogue, process.argv.slice(2), { ...processEnvironment(), runners })
