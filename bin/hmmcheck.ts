#!/usr/bin/env node
/** The command `hmmcheck`: the command line and this package's models, joined. */

// Before anything is loaded: the lines that models name are then those of their source, not of what was compiled.
process.setSourceMapsEnabled(true)
const [{ main }, { catalogue }] = await Promise.all([import('../src/cli/main.ts'), import('../models/catalogue.ts')])
process.exitCode = await main(catalogue, process.argv.slice(2))
