#!/usr/bin/env node
/** The command `hmmcheck`. */
import { existsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

// V8 optimizes a function after fifteen times as much work as by default. Most of what a check runs is run once: a check
// of a small model, a catalogue and a fuzz run are all over before optimizing pays. Searches run in WebAssembly.
setFlagsFromString('--interrupt-budget=1000000')

const fresh = new URL('../../build/fresh.js', import.meta.url)
// Compiled, in a clone: the sources may have changed since.
if (import.meta.url.endsWith('/dist/bin/hmmcheck.js') && existsSync(fresh)) {
  const { freshen }: { readonly freshen: () => Promise<void> } = await import(fresh.href)
  await freshen()
}
const { command } = await import('./command.ts')
process.exitCode = await command(process.argv.slice(2))
