/** The package as it is installed: built, and linked into a folder as npm would. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const root = join(import.meta.dirname, '../..')
export const bin = join(root, 'dist/bin/hmmcheck.js')
/** A folder that exists while the package is being built: several test files may want that at once. */
const building = join(root, 'dist/.building')
const LONGEST_BUILD = 300_000

/** The time of the newest file in a folder. */
function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )
}

function isFresh(): boolean {
  const sources = Math.max(...['src', 'models', 'properties', 'bin'].map((folder) => newest(join(root, folder))))
  return existsSync(bin) && statSync(bin).mtimeMs > sources && (statSync(bin).mode & 0o111) !== 0
}

function build(): void {
  const { status, stdout } = spawnSync('npm', ['run', 'build', '--silent'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the package can't be built:\n${stdout}`)
}

/** Builds the package if a source is newer. */
export async function built(): Promise<void> {
  mkdirSync(join(root, 'dist'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(building)
    } catch {
      if (Date.now() - (statSync(building, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LONGEST_BUILD)
        rmSync(building, { recursive: true, force: true })
      await sleep(200)
      continue
    }
    try {
      if (!isFresh()) build()
      return
    } finally {
      rmSync(building, { recursive: true, force: true })
    }
  }
}

function succeed(program: string, argv: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')} ends with ${status}:\n${stdout}${stderr}`)
}

/** The tarball that would be published, made in a folder. */
export function packed(folder: string): string {
  succeed('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error(`npm pack left nothing in ${folder}`)
  return join(folder, tarball)
}

/**
 * Installs the package from its tarball: its own files and no others, and what it depends on, and what the project
 * has beside it, from here.
 */
export function installedPacked(folder: string, tarball: string, beside: readonly string[]): void {
  const modules = join(folder, 'node_modules')
  const place = join(modules, 'hmmcheck')
  mkdirSync(place, { recursive: true })
  succeed('tar', ['-xzf', tarball, '--strip-components=1', '-C', place], folder)
  const { dependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  for (const name of [...Object.keys(dependencies), ...beside]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  mkdirSync(join(modules, '.bin'))
  symlinkSync('../hmmcheck/dist/bin/hmmcheck.js', join(modules, '.bin/hmmcheck'))
  for (const name of beside) {
    for (const command of readdirSync(join(root, 'node_modules/.bin')).filter(
      (one) => one === name || (name === 'typescript' && one === 'tsc'),
    )) {
      symlinkSync(join(root, 'node_modules/.bin', command), join(modules, '.bin', command))
    }
  }
}

/** Installs the package into a folder: linked, with its command. */
export function installed(folder: string): string {
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules/hmmcheck'))
  symlinkSync('../hmmcheck/dist/bin/hmmcheck.js', join(folder, 'node_modules/.bin/hmmcheck'))
  return folder
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command that is installed in the folder. */
export function hmmcheck(cwd: string, ...argv: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      join(cwd, 'node_modules/.bin/hmmcheck'),
      argv,
      { cwd, env: { ...process.env, NO_COLOR: '1' } },
      (_, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr })
      },
    )
  })
}
