/**
 * The package as it is installed: its command, what it exports, models in a folder that knows nothing of the
 * repository, Ctrl-C.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSchedule } from '../../src/schedules/read.ts'
import { checkSchema } from '../support/documents.ts'
import { bin, built, hmmcheck, installed as install, root, type Ended } from '../support/package.ts'
import { temporaryDirectory } from './world.ts'

beforeAll(built, 600_000)

/** A folder in which the package is installed as npm would: linked, with its command. */
const installed = (): string => install(temporaryDirectory())

const COUNTERS = `
import { defineProtocol, invariant, model, or, shared, Step, thread, wrapping, Loop, type Protocol } from 'hmmcheck'

const [a, b, c] = [shared('a', wrapping(4000)), shared('b', wrapping(4000)), shared('c', wrapping(4000))] as const
const counts = (name: string, counter: typeof a) => thread(name, () => {
  Loop(() => {
    Step('count', () => {
      counter.increment()
    })
  })
}, { daemon: true })

export const counters: Protocol = defineProtocol({
  name: 'counters', title: 'Three counters', parameters: {}, fixes: [], expectations: [],
  model: model('counters', { threads: [counts('x', a), counts('y', b), counts('z', c)], properties: [invariant('low', or(a.lt(3999), b.lt(3999), c.lt(3999)))] }),
  variants: [{ name: 'only', summary: 'as it is', constants: {} }],
  scenarios: [{ name: 'all', summary: 'all three', sizes: {} }],
})
`

/** A user's project: a model in one file, the catalogue in another, nothing said of modules. */
function project(): string {
  const folder = installed()
  writeFileSync(join(folder, 'counters.ts'), COUNTERS)
  writeFileSync(
    join(folder, 'hmmcheck.config.ts'),
    "import { counters } from './counters.ts'\nexport const catalogue = [counters]\n",
  )
  return folder
}

describe('the command', () => {
  test('can be run: first line, mode, version', async () => {
    expect(readFileSync(bin, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
    expect(statSync(bin).mode & 0o111).toBe(0o111)
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
    expect(await hmmcheck(installed(), '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('knows the models of the package', async () => {
    const { code, stdout } = await hmmcheck(installed(), 'list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^mirror-2017 {2}/m)
  })

  test('walks at random in several threads', async () => {
    const words = ['fuzz', 'mirror-2017', '--runs', '60000', '--max-steps', '100', '--workers', '2', '--json']
    const { code, stdout } = await hmmcheck(installed(), ...words)
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ runs: 60_000, steps: 6_000_000, verdict: 'incomplete' })
  }, 60_000)

  test('an unknown model ends with 2, in the process as in its parts', async () => {
    const { code, stdout, stderr } = await hmmcheck(installed(), 'check', 'mirror-2071')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /^error HMM201: there is no model mirror-2071\n {2}likely cause: \S+ and the folders around it have no hmmcheck\.config\.ts, \.js or \.mjs, [^\n]*\n {2}remedy: did you mean mirror-2017\?; [^\n]*\n$/,
    )
  })

  test('runs from its source, too', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/tsx/dist/cli.mjs'),
        '--conditions=hmmcheck-source',
        join(root, 'bin/hmmcheck.ts'),
        'list',
        'mirror-2017',
      ],
      { cwd: root, encoding: 'utf8' },
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(/^mirror-2017 {2}/)
  }, 60_000)
})

test('what package.json exports is there, with its types', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
  }
  const targets = Object.values(exports).flatMap((entry) => Object.values(entry))
  expect(targets.length).toBeGreaterThanOrEqual(8)
  expect(targets.filter((target) => !existsSync(join(root, target.replace('*', 'mirror-4.20/model'))))).toEqual([])
})

describe('a model from a folder outside the repository', () => {
  test('is checked, saved and replayed; its steps know their lines', async () => {
    const folder = project()
    const checked = await hmmcheck(folder, 'check', 'counters', '--max-states', '1000', '--property', 'low', '--json')
    expect(checked.code).toBe(3)
    expect(checked.stderr).toMatch(/^no TypeScript is installed .*\n$/)
    expect(checkSchema.parse(JSON.parse(checked.stdout)).runs).toMatchObject([
      { model: 'counters', verdict: 'incomplete', neverTaken: [] },
    ])
    const small = COUNTERS.replaceAll('4000', '9').replaceAll('3999', '8')
    writeFileSync(join(folder, 'counters.ts'), small)
    const violated = await hmmcheck(folder, 'check', 'counters', '--out', 'low.json')
    expect(violated).toMatchObject({ code: 1, stderr: expect.stringMatching(/^no TypeScript is installed /) })
    expect(violated.stdout).toContain('729 states, 2,187 transitions, depth 25')
    expect(readSchedule(readFileSync(join(folder, 'low.json'), 'utf8'), 'low.json').steps).toHaveLength(24)
    const replayed = await hmmcheck(folder, 'replay', 'low.json')
    expect(replayed).toMatchObject({ code: 0, stderr: '' })
    const line = small.split('\n').findIndex((text) => text.includes("Step('count'")) + 1
    expect(replayed.stdout).toContain(`counters.ts:${line}\n`)
  }, 60_000)
})

describe('Ctrl-C', () => {
  /** Starts a check that would take days, presses Ctrl-C once it tells of thousands of states, and waits. */
  function interrupted(...argv: readonly string[]): Promise<Ended> {
    const cwd = project()
    const child = spawn(
      join(cwd, 'node_modules/.bin/hmmcheck'),
      ['check', 'counters', '--max-memory', '3G', '--timeout', '120', ...argv],
      { cwd },
    )
    const written = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      written.stdout += String(chunk)
    })
    const isExploring = (): boolean => /^counters@only .*\d,\d{3} states/m.test(written.stderr)
    child.stderr.on('data', (chunk) => {
      const explored = isExploring()
      written.stderr += String(chunk)
      if (!explored && isExploring()) child.kill('SIGINT')
    })
    return new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ code, ...written })
      })
    })
  }

  test('ends with 130, incomplete, and the counts so far', async () => {
    const { code, stdout, stderr } = await interrupted()
    expect(stderr).toMatch(
      /^counters@only {2}[\d.]+ s {2}[\d,]+ states, .* states\/s, depth \d+, queue [\d,]+, [\d.]+ [MG]iB\n/m,
    )
    expect(code).toBe(130)
    expect(stdout).toMatch(/\nincomplete; not every state was visited: interrupted\n[\d,]{5,} states, /)
    expect(stdout).toContain(
      'repeat with: npx hmmcheck check counters@only --scenario all --max-memory 3G --timeout 120\n',
    )
  }, 60_000)

  test('with two workers and --json, the document is whole', async () => {
    const { code, stdout } = await interrupted('--json', '--workers', '2')
    expect(code).toBe(130)
    const { runs } = checkSchema.parse(JSON.parse(stdout))
    const properties = ['low', 'deadlock', 'lock-deadlock', 'recoverable'].map((name) => ({
      name,
      verdict: 'incomplete',
    }))
    expect(runs).toMatchObject([{ verdict: 'incomplete', workers: 2, neverTaken: [], properties }])
    expect(runs[0]?.states).toBeGreaterThan(1000)
  }, 60_000)
})
