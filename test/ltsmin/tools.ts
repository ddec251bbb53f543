/** Tools for checks by LTSmin: a stand-in that searches, and programs that fail as LTSmin does. */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Host } from '../../src/explorer/host.ts'
import { ltsminHost } from '../../src/ltsmin/host.ts'
import type { LtsminEngine } from '../../src/ltsmin/engines.ts'
import { temporaryDirectory } from '../cli/world.ts'

const standIn = join(import.meta.dirname, 'stand-in')

type Variables = Readonly<Record<string, string | undefined>>

/** Starts a program without MPI: what stands before the program on its command line is left out. */
const mpirun = `#!/bin/sh
case "$1" in --version) echo 'mpirun (Open MPI) 4.1.4'; exit 0;; esac
while :; do
  case "$1" in
    -np|-x|--hostfile|--bind-to) shift 2;;
    --mca) shift 3;;
    --*) shift;;
    *) break;;
  esac
done
exec "$@"
`

/** The directory in which this test's searches make their folders: those of other tests are not in it. */
export function placeForFolders(): string {
  const directory = temporaryDirectory()
  vi.stubEnv('TMPDIR', directory)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  return directory
}

function program(file: string, text: string): void {
  writeFileSync(file, text)
  chmodSync(file, 0o755)
}

/** A folder as LTSmin's prefix, with its headers and an `mpirun`; the variables that lead there. */
function prefixIn(folder: string): Variables {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  cpSync(join(standIn, 'include'), join(folder, 'include'), { recursive: true })
  program(join(folder, 'bin/mpirun'), mpirun)
  return { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, HMMCHECK_LTSMIN: folder }
}

/** Builds the stand-in in a folder. */
export function standInFor(folder: string): Variables {
  const variables = prefixIn(folder)
  const dist = join(folder, 'bin/pins2lts-dist')
  const words = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-rdynamic', '-I', join(standIn, 'include')]
  execFileSync('cc', [...words, join(standIn, 'pins2lts.c'), '-ldl', '-o', dist])
  cpSync(dist, join(folder, 'bin/pins2lts-mc'))
  return variables
}

/**
 * Makes `pins2lts-dist` and `pins2lts-mc` in a folder of a script of a shell.
 *
 * @param script its lines: what it prints and how it ends
 */
export function scriptedFor(folder: string, script: string): Variables {
  const variables = prefixIn(folder)
  for (const name of ['pins2lts-dist', 'pins2lts-mc']) program(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
  program(join(folder, 'bin/no-cc'), '#!/bin/sh\nexit 0\n')
  return { ...variables, CC: join(folder, 'bin/no-cc') }
}

/** Puts a script of a shell in the place of a program of the stand-in; `$real` is the program. */
function wrap(folder: string, name: string, script: string): void {
  const [file, real] = [join(folder, 'bin', name), join(folder, 'real', name)]
  mkdirSync(join(folder, 'real'), { recursive: true })
  cpSync(file, real)
  program(file, `#!/bin/sh\nreal=${real}\n${script}\n`)
}

/**
 * Builds the stand-in so that `pins2lts-mc` gets out of step with two processes when it stops at what it finds, as the
 * real one does at times.
 */
export function outOfStepFor(folder: string): Variables {
  const variables = standInFor(folder)
  const met = Array.from({ length: 64 }, (_, watch) => `'hmmcheck: met ${watch};'`).join(' ')
  wrap(
    folder,
    'pins2lts-mc',
    `case "$*" in
  *--procs=1*) exec "$real" "$@";;
  *' -i '*) printf '%s\\n' ${met} 'pins2lts-mc( 1/ 2), ** error **: inconsistent op' >&2; exit 255;;
esac
"$real" "$@"
echo 'hmmcheck: rank 0 states 0 transitions 0 bytes 0 milliseconds ended 0 met 0 taken 0;' >&2`,
  )
  return variables
}

/** Builds the stand-in so that a search that leaves traces takes a while. */
export function slowTracesFor(folder: string): Variables {
  const variables = standInFor(folder)
  wrap(folder, 'pins2lts-dist', 'case "$*" in *--trace=*) sleep 0.5;; esac\nexec "$real" "$@"')
  return variables
}

export interface Wanted {
  readonly engine?: LtsminEngine
  readonly ranks?: number
}

/** The host of a check that has these tools. */
export const hostWith = (variables: Variables, { engine = 'ltsmin', ranks = 1 }: Wanted = {}): Host =>
  ltsminHost({ engine, ranks, variables }).host

/** The variables with which the real LTSmin is found, or why there is none. */
export function realTools(): Variables | string {
  const variables = process.env
  try {
    ltsminHost({ engine: 'ltsmin', variables })
    return variables
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}
