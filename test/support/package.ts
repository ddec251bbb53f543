/** The package as it is installed: built, and linked into a folder as npm would. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '../..')
export const bin = join(root, 'dist/bin/hmmcheck.js')

/** Builds the package if a source has changed. Several test files may want that at once: the build takes turns. */
export function built(): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(root, 'build.js')], { cwd: root }, (error, stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`the package can't be built:\n${stdout}${stderr}`))
    })
  })
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
