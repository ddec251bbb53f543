/**
 * What is at the other end of standard output and standard error: readers that go away, disks that are full, readers
 * that are slow. All with the real command.
 */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bin, built, hmmcheck, installed } from '../support/package.ts'

const MINUTES = 60_000

/**
 * A flag that must not be raised, in a scenario that keeps it down, too; and a model with so many properties that a
 * check of it says a lot.
 */
const MODELS = `
import { Await, Bool, defineProtocol, fix, invariant, model, not, shared, Step, thread, type Protocol } from 'hmmcheck'

const raised = shared('raised', Bool)
const guarded = fix('guarded')
const raise = thread('raise', () => {
  Step('raise the flag', () => {
    Await(not(guarded))
    raised.set(true)
  })
}, { daemon: true })

const offer = (name: string, properties: readonly string[]): Protocol => defineProtocol({
  name, title: 'A flag', parameters: {}, expectations: [],
  model: model(name, { threads: [raise], properties: properties.map((one) => invariant(one, not(raised))) }),
  fixes: [{ name: 'guarded', kind: 'check', summary: 'it is not raised', source: 'this test' }],
  variants: [{ name: 'fixed', summary: 'as it should be', constants: { guarded: true } }, { name: 'first', summary: 'as it was', constants: { guarded: false } }],
  scenarios: [{ name: 'alone', summary: 'one thread', sizes: {} }],
})

export const catalogue = [offer('flag', ['down']), offer('wordy', Array.from({ length: 400 }, (_, n) => \`down, said for the \${n}th time\`))]
`

let folder = ''
let full = 0

beforeAll(async () => {
  await built()
  folder = installed(mkdtempSync(join(tmpdir(), 'hmmcheck-')))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'hmmcheck.config.ts'), MODELS)
  expect((await hmmcheck(folder, 'check', 'flag@first', '--out', 'down.json')).code).toBe(1)
  expect((await hmmcheck(folder, 'lock', 'down.json', '--name', 'down')).code).toBe(0)
  full = openSync('/dev/full', 'w')
}, 10 * MINUTES)

afterAll(() => {
  closeSync(full)
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
/**
 * `read`: all of it. `closed`: its reader is gone before anything is written. `first`: it goes when it has something.
 * `full`: a disk without room.
 */
type End = 'read' | 'closed' | 'first' | 'full'

function run(argv: readonly string[], ends: { readonly stdout?: End; readonly stderr?: End }): Promise<Ended> {
  const { stdout = 'read', stderr = 'read' } = ends
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', stdout === 'full' ? full : 'pipe', stderr === 'full' ? full : 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = child[name]
    if (ends[name] === 'closed') stream?.destroy()
    else
      stream?.on('data', (chunk) => {
        written[name] += String(chunk)
        if (ends[name] === 'first') stream.destroy()
      })
  }
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      setImmediate(() => {
        resolve({ code, ...written })
      })
    })
  })
}

/**
 * Commands of every kind, and the code that each ends with. `--help` and mistakes are written by commander, the rest
 * by the commands themselves.
 */
const COMMANDS: readonly (readonly [words: string, code: number])[] = [
  ['check --help', 0],
  ['wrong', 2],
  ['list', 0],
  ['check flag', 0],
  ['check flag@first', 1],
  ['check flag@first --max-states 1', 3],
  ['check', 0],
  ...['json', 'itf', 'mermaid', 'junit', 'sarif'].map((format) => [`check flag@first --format ${format}`, 1] as const),
  ['fuzz flag@first --runs 3', 1],
  ['replay down.json', 0],
  ['show down.json', 0],
  ['minimize down.json', 0],
  ['lock down.json --name down', 0],
  ['regress', 0],
]
const TRACE = /^\s+at .+:\d+:\d+\)?$/m

describe.each(COMMANDS)('%s', (words, code) => {
  const argv = words.split(' ')

  test(
    'nobody reads',
    async () => {
      expect((await run(argv, { stdout: 'closed', stderr: 'closed' })).code).toBe(code)
    },
    MINUTES,
  )

  test(
    'a full disk',
    async () => {
      const { code: onFull, stderr } = await run(argv, { stdout: 'full' })
      expect({ code: onFull, trace: TRACE.exec(stderr)?.[0] }).toEqual({ code: 2, trace: undefined })
      expect(stderr).toContain(code === 2 ? 'HMM200' : "error HMM215: standard output can't be written: ENOSPC")
    },
    MINUTES,
  )
})

test(
  'a reader goes away when it has something',
  async () => {
    const { code, stderr } = await run(['check', 'wordy@first', '--json'], { stdout: 'first' })
    expect({ code, stderr: stderr.replace(/^no TypeScript is installed .*\n/, '') }).toEqual({ code: 1, stderr: '' })
  },
  MINUTES,
)

test(
  "a mistake that can't be told is one still",
  async () => {
    expect(await run(['check', 'unknown'], { stderr: 'full' })).toEqual({ code: 2, stdout: '', stderr: '' })
    expect((await run(['replay', 'down.json'], { stdout: 'full', stderr: 'full' })).code).toBe(2)
  },
  MINUTES,
)

describe('a large output', () => {
  test(
    'comes whole to a slow reader',
    async () => {
      const { stdout } = await run(['check', 'wordy@first', '--json'], {})
      expect(stdout.length).toBeGreaterThan(200_000)
      const child = spawn(process.execPath, [bin, 'check', 'wordy@first', '--json'], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      child.stdout.pause()
      const chunks: Buffer[] = []
      const ended = new Promise<number | null>((resolve) => {
        child.on('close', resolve)
      })
      child.stdout.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        child.stdout.pause()
        setTimeout(() => {
          child.stdout.resume()
        }, 5)
      })
      setTimeout(() => {
        child.stdout.resume()
      }, 100)
      expect(await ended).toBe(1)
      const timeless = (text: string): string => text.replaceAll(/"(seconds|bytesPerState)": [\d.]+/g, '')
      expect(timeless(Buffer.concat(chunks).toString())).toBe(timeless(stdout))
    },
    MINUTES,
  )

  test.each(['check wordy@first --json'])(
    '%s: a disk that is full in the middle ends in 2',
    (words) => {
      // Files of 1 KiB at most: the first write takes as much as there is room for, and says so.
      const { status, stderr } = spawnSync(
        'bash',
        ['-c', `ulimit -f 1; exec "$0" "$@" > cut.txt`, process.execPath, bin, ...words.split(' ')],
        { cwd: folder, encoding: 'utf8' },
      )
      expect(readFileSync(join(folder, 'cut.txt'))).toHaveLength(1024)
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("HMM215: standard output can't be written: EFBIG") as string,
      })
    },
    MINUTES,
  )
})
