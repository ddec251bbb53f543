/**
 * Finds LTSmin, or builds it from an archive of its source into a folder of the user's cache. Nothing of it is kept in
 * the repository.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'

/** What its source needs on Debian 12. */
const packages =
  'autoconf automake libtool pkg-config bison flex libpopt-dev zlib1g-dev libgmp-dev libltdl-dev libopenmpi-dev openmpi-bin gcc g++ make'

/** Without what is not used, and what is not in every archive. */
const configured = [
  '--disable-dependency-tracking',
  '--without-spins',
  '--disable-scoop',
  '--disable-opaal',
  '--disable-pnml',
  '--disable-prob',
  '--without-mcrl',
  '--without-mcrl2',
  '--without-spot',
  'CFLAGS=-O2 -Wno-error',
  'CXXFLAGS=-O2 -Wno-error',
] as const

const cache = (): string =>
  process.platform === 'darwin'
    ? join(homedir(), 'Library/Caches/hmmcheck')
    : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hmmcheck')

/**
 * The prefix of LTSmin: as `HMMCHECK_LTSMIN` says, else as it was built before, else as it is built now.
 *
 * @param archive the source, a file that tar reads; default: `HMMCHECK_LTSMIN_SOURCE`
 * @throws Error if there is no archive, or it does not build: the message has the end of the log
 */
export function ltsminPrefix(archive: string | undefined, say: (line: string) => void): string {
  const named = process.env['HMMCHECK_LTSMIN']
  if (named !== undefined) return named
  const source = archive ?? process.env['HMMCHECK_LTSMIN_SOURCE']
  if (source === undefined)
    throw new Error(
      'LTSmin is not known: HMMCHECK_LTSMIN=PREFIX says where it is installed, --source ARCHIVE or HMMCHECK_LTSMIN_SOURCE=ARCHIVE where its source is',
    )
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const prefix = join(cache(), `ltsmin-${digest}`)
  if (existsSync(join(prefix, 'bin/pins2lts-dist'))) return prefix
  mkdirSync(cache(), { recursive: true })
  const folder = mkdtempSync(join(cache(), 'build-'))
  try {
    say(`LTSmin is built in ${prefix}: some minutes`)
    build(source, folder, prefix, say)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return prefix
}

/** Builds in a folder; the prefix appears as a whole, at the end. */
function build(source: string, folder: string, prefix: string, say: (line: string) => void): void {
  execFileSync('tar', ['xf', source, '-C', folder, '--strip-components=1'])
  if (!existsSync(join(folder, 'ltl2ba/main.c')))
    throw new Error(`${source} has no ltl2ba/main.c: the submodule ltl2ba must be in the archive`)
  // where there is no git, make does not write it
  const version = join(folder, 'src/hre/git_version.h')
  if (!existsSync(version)) writeFileSync(version, '#define GIT_VERSION "archive"\n')
  const log = join(cache(), 'ltsmin-build.log')
  rmSync(log, { force: true })
  const stage = join(folder, 'stage')
  const steps: readonly (readonly string[])[] = [
    ['./ltsminreconf'],
    ['./configure', `--prefix=${prefix}`, ...configured],
    ['make', `-j${availableParallelism()}`],
    ['make', 'install', `DESTDIR=${stage}`],
  ]
  for (const [program = '', ...words] of steps) {
    say(`  ${program} ${words.slice(0, 1).join(' ')}`.trimEnd())
    const file = openSync(log, 'a')
    const { status } = spawnSync(program, words, { cwd: folder, stdio: ['ignore', file, file] })
    if (status === 0) continue
    const last = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
    throw new Error(`${program} ended with ${status}; the log is ${log}\n${last}\non Debian 12 it needs: ${packages}`)
  }
  renameSync(join(stage, prefix), prefix)
}
