/** Makes `dist`: the command, which every run in a clone needs, and the declarations of types, which a package needs. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { COMMAND, isFresh, presentDigest, root, stampWith, TYPES } from './fresh.cjs'

/** Makes the command, its recorded models and the code that V8 has of it, unless they are of the present sources. */
export const makeCommand = () =>
  alone(COMMAND, async (digest) => {
    const { bundle } = await import('./bundle.js')
    await bundle()
    const { buildPage } = await import('./page.js')
    await buildPage()
    const { buildBrowser } = await import('./browser.js')
    await buildBrowser()
    chmodSync(join(root, 'dist/bin/hmmcheck.js'), 0o755)
    run([join(root, 'dist/bin/record.js'), digest])
    run([join(root, 'build/code.js')], 'ignore')
  })

/** Makes the declarations, unless they are of the present sources. */
export const makeTypes = () =>
  alone(TYPES, () => {
    run([join(root, 'node_modules/typescript-7/bin/tsc'), '-p', 'tsconfig.build.json'])
  })

/** From nothing, so that no file is left whose source is gone. */
export function forget() {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
}

/** @throws Error if it fails */
function run(/** @type {readonly string[]} */ argv, /** @type {2 | 'ignore'} */ stdout = 2) {
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: ['ignore', stdout, 2] })
  if (status !== 0) throw new Error(`the build failed: node ${argv.join(' ')} ended with ${status}`)
}

/** A folder outside the tree, whose name is this tree's. It exists while a process builds. */
const lock = join(tmpdir(), `hmmcheck-build-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)

/**
 * Makes something once, though several processes want it, and stamps it when it is whole.
 *
 * @param {string} stamp
 * @param {(digest: string) => void | Promise<void>} make
 */
async function alone(stamp, make) {
  for (;;) {
    if (isFresh(stamp)) return
    if (takeLock()) break
    await sleep(100)
  }
  try {
    if (isFresh(stamp)) return
    rmSync(stamp, { force: true })
    const digest = presentDigest()
    await make(digest)
    stampWith(stamp, digest)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Whether this process may build now. A builder that is no more has no lock. */
function takeLock() {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, 'process'), String(process.pid))
    return true
  } catch {
    if (isLeft()) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function isLeft() {
  try {
    process.kill(Number(readFileSync(join(lock, 'process'), 'utf8')), 0)
    return false
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    // Taken a moment ago, and not signed yet.
    return isGone || Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 10_000
  }
}
