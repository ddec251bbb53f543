/**
 * A part of the build: runs checks, and keeps the code that V8 makes of the bundle meanwhile (`bin/bundled.ts`). Functions
 * that these do not run are compiled by the process that runs them.
 */
import { setFlagsFromString } from 'node:v8'
import '../dist/bin/late-optimization.js'

/** One that holds, and one whose violation is drawn; their exit codes. */
const CHECKS = /** @type {const} */ ([
  ['mirror-2017', 0],
  ['device-memory@as-merged', 1],
])

// Else V8 forgets what was not run for some time.
setFlagsFromString('--no-flush-bytecode')
const { command } = await import('../dist/bin/command.js')
const { keepCode } = await import('../dist/bin/bundled.js')
for (const [model, expected] of CHECKS) {
  const code = await command(['check', model])
  if (code !== expected) throw new Error(`the check of ${model} ended with ${code}`)
}
setFlagsFromString('--flush-bytecode')
keepCode()
