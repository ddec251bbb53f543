/**
 * Builds `dist`, as far as it is not of the present sources.
 *
 *     node build.js            the command and the declarations
 *     node build.js --command  the command alone: what a run in a clone needs
 *     node build.js --anew     all of it, from nothing, so that a package has no file whose source is gone
 */
import { forget, makeCommand, makeTypes } from './build/make.js'

if (process.argv.includes('--anew')) forget()
await makeCommand()
if (!process.argv.includes('--command')) await makeTypes()
