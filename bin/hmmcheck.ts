#!/usr/bin/env node
/** The command `hmmcheck`. */
import './late-optimization.ts'
import './freshen.ts'
import { command } from './command.ts'

void command(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
