/**
 * Where the command runs compiled, in a clone, the sources may have changed since: then it is made anew, before the rest
 * of it is loaded. So this module has all done when it is loaded, and is the first that the command imports.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

interface Fresh {
  readonly COMMAND: string
  readonly isFresh: (stamp: string) => boolean
}

const build = fileURLToPath(new URL('../../build', import.meta.url))
if (import.meta.url.endsWith('.js') && existsSync(build)) {
  // The cast: `require` knows no types.
  const { COMMAND, isFresh } = createRequire(import.meta.url)(`${build}/fresh.cjs`) as Fresh
  if (!isFresh(COMMAND)) {
    // Few runs build, and the module takes longer to load than the look at the sources.
    const { status } = process
      .getBuiltinModule('node:child_process')
      .spawnSync(process.execPath, [`${build}.js`, '--command'], { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error('the command could not be made of the present sources')
  }
}
