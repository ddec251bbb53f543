#!/usr/bin/env node
/** The command `hmmcheck`. */
import { existsSync } from 'node:fs'
import './late-optimization.ts'

const fresh = new URL('../../build/fresh.js', import.meta.url)
// Compiled, in a clone: the sources may have changed since.
if (import.meta.url.endsWith('/dist/bin/hmmcheck.js') && existsSync(fresh)) {
  const { freshen }: { readonly freshen: () => Promise<void> } = await import(fresh.href)
  await freshen()
}
const { command } = await import('./command.ts')
process.exitCode = await command(process.argv.slice(2))
