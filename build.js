/**
 * Builds `dist/` for npm: if a source is newer than what was built, so that installing a clone into another folder
 * takes no longer than it must; with `--anew` in any case and from nothing, so that a package has no file whose
 * source is gone.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname
const time = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
const newest = (folder) =>
  Math.max(...readdirSync(join(root, folder), { recursive: true }).map((name) => time(join(folder, name))))
const sources = Math.max(
  ...['src', 'models', 'properties', 'bin'].map(newest),
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json'].map(time),
)

const isAnew = process.argv.includes('--anew')
if (isAnew) rmSync(join(root, 'dist'), { recursive: true, force: true })
if (isAnew || time('dist/bin/hmmcheck.js') <= sources) {
  process.exitCode =
    spawnSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
      .status ?? 1
}
