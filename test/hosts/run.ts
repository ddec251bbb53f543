/**
 * `npm run confirm:hosts`: searches on two and on four hosts, which are network namespaces of this machine (hosts.sh).
 *
 * 1. A graph without a violation: states, transitions and depth are those of this package's own search.
 * 2. A graph with one: the schedule that comes back is as long as the shortest, and `replay` accepts it.
 * 3. A host is killed in the middle: the run ends with an error or incomplete, and has no verdict.
 *
 * Nothing is said of time: the hosts share the processors of one machine. Needs root and what hosts.sh needs, Open MPI,
 * and LTSmin (HMMCHECK_LTSMIN, or on the path). The log goes to standard output; with --write into docs/engines.md.
 *
 * Exit code 1 if anything is not as it must be.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { between } from '../../docs/marked.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const script = fileURLToPath(new URL('./hosts.sh', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'dist/bin/hmmcheck.js')
const engines = join(root, 'docs/engines.md')

const holding = ['check', 'migrate-vma@fixed', '--no-symmetry']
const violated = ['check', 'mirror-2017@as-posted', '--property', 'P-NOUAF', '--no-symmetry']
/** Large enough that a host can be killed in the middle. */
const large = ['check', 'mirror-4.14@fixed', '--scenario', 'core', '--no-symmetry']

const log: string[] = []
function say(line: string): void {
  log.push(line)
  process.stdout.write(`${line}\n`)
}

let faults = 0
function expectSame(what: string, found: unknown, wanted: unknown): void {
  const [one, two] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (one === two) say(`  ok: ${what}: ${one}`)
  else {
    faults++
    say(`  NOT AS IT MUST BE: ${what}: ${one}, not ${two}`)
  }
}

interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The counts and verdicts of a document of `check --json`. */
interface Counted {
  readonly runs: readonly {
    readonly verdict: string
    readonly incomplete?: string
    readonly states: number
    readonly transitions: number
    readonly depth: number
    readonly properties: readonly { readonly name: string; readonly verdict: string; readonly steps?: number }[]
  }[]
}

const countsOf = (text: string): readonly unknown[] =>
  (JSON.parse(text) as Counted).runs.map(({ verdict, states, transitions, depth }) => ({
    verdict,
    states,
    transitions,
    depth,
  }))

const stepsOf = (text: string): readonly unknown[] =>
  (JSON.parse(text) as Counted).runs.flatMap(({ properties }) =>
    properties.filter(({ verdict }) => verdict === 'violated').map(({ name, steps }) => `${name} in ${steps}`),
  )

/** Hosts that are there while something is done with them. */
interface Hosts {
  /** A folder that all of them share. */
  readonly folder: string
  /** Runs the command on the first of them. */
  check(argv: readonly string[]): Said
  /** The same, as a process. */
  begin(argv: readonly string[]): ReturnType<typeof spawn>
  kill(host: number): void
}

async function withHosts(count: number, work: (hosts: Hosts) => void | Promise<void>): Promise<void> {
  // not in /tmp, of which each host has its own
  const folder = mkdtempSync('/var/tmp/hmmcheck-hosts-')
  const call = (what: string, ...words: readonly string[]): string =>
    execFileSync(script, [what, folder, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const onFirst = (argv: readonly string[]): readonly string[] => [
    'on',
    folder,
    '1',
    process.execPath,
    program,
    ...argv,
    '--engine',
    'ltsmin',
    '--hosts',
    join(folder, 'hosts'),
  ]
  try {
    call('up', String(count))
    await work({
      folder,
      check: (argv) => said(spawnSync(script, onFirst(argv), { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 })),
      begin: (argv) => spawn(script, onFirst(argv), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }),
      kill: (host) => call('kill', String(host)),
    })
  } finally {
    call('down')
    rmSync(folder, { recursive: true, force: true })
  }
}

const said = ({ status, stdout, stderr }: ReturnType<typeof spawnSync>): Said => ({
  code: status,
  stdout: String(stdout),
  stderr: String(stderr),
})

const own = (argv: readonly string[]): string =>
  spawnSync(process.execPath, [program, ...argv, '--json'], { cwd: '/var/tmp', encoding: 'utf8', maxBuffer: 2 ** 28 })
    .stdout

function holds({ check }: Hosts): void {
  const { stdout, stderr } = check([...holding, '--json'])
  if (stdout === '') say(stderr.trim())
  expectSame(holding.join(' '), countsOf(stdout), countsOf(own(holding)))
}

function isViolated({ check, folder }: Hosts): void {
  const file = join(folder, 'schedule.json')
  const { stdout, stderr, code } = check([...violated, '--json', '--out', file])
  if (stdout === '') say(stderr.trim())
  expectSame(violated.join(' '), stepsOf(stdout), stepsOf(own(violated)))
  expectSame('its exit code', code, 1)
  const replayed = spawnSync(process.execPath, [program, 'replay', file], { encoding: 'utf8' })
  expectSame('replay of its schedule ends with', replayed.status, 0)
}

/** Kills the last host when the progress is at some thousand states. */
async function loses({ begin, kill }: Hosts, count: number): Promise<void> {
  const child = begin(large)
  const text = { out: '', err: '' }
  let killed = false
  child.stdout?.on('data', (chunk: Buffer) => {
    text.out += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    text.err += chunk.toString()
    const [progress] = /[\d.]+ s {2}\d+,\d{3} states/.exec(text.err) ?? []
    if (killed || progress === undefined) return
    killed = true
    say(`  host h${count} is killed after ${progress}`)
    kill(count)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  expectSame('a host was killed in the middle', killed, true)
  expectSame('its last host gone, the run ends with 2 or 3', code === 2 || code === 3, true)
  expectSame('it has a verdict', /^(?:holds|violated)\b/m.test(text.out), false)
  const last = (text.out + text.err)
    .trim()
    .split('\n')
    .filter((line) => /incomplete|HMM\d/.test(line))
  for (const line of last.slice(0, 4)) say(`  | ${line.trim()}`)
}

for (const count of [2, 4]) {
  say(`${count} hosts`)
  await withHosts(count, async (hosts) => {
    holds(hosts)
    isViolated(hosts)
    await loses(hosts, count)
  })
}
say(faults === 0 ? 'all as it must be' : `${faults} not as it must be`)

if (values.write) {
  const { writeWhole } = await import('../../src/cli/files.ts')
  const { before, after } = between(readFileSync(engines, 'utf8'), 'hosts')
  writeWhole(engines, `${before}\n\n\`\`\`\n${log.join('\n')}\n\`\`\`\n\n${after}`)
}
process.exitCode = faults === 0 ? 0 : 1
