/**
 * What `hmmcheck init` makes works: with the package as it is published, its types are right, its check finds the fault
 * that was left in and nothing else, its test passes, and its problem matcher finds the line of a mistake.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { built, hmmcheck, installedPacked, packed } from '../support/package.ts'

const MINUTES = 60_000
/** npm installs into the folder around the project: the nearest package.json there names the tarball. */
const around = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
const folder = join(around, 'my-driver')

beforeAll(async () => {
  await built()
  mkdirSync(folder)
  const tarball = packed(around)
  installedPacked(folder, tarball, ['typescript', 'vitest', '@types/node'])
  writeFileSync(join(around, 'package.json'), JSON.stringify({ devDependencies: { hmmcheck: `file:${tarball}` } }))
}, 10 * MINUTES)

afterAll(() => {
  rmSync(around, { recursive: true, force: true })
})

const inFolder = (tool: string, ...argv: readonly string[]) =>
  spawnSync(join(folder, 'node_modules/.bin', tool), argv, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })

test('init writes it', async () => {
  const { code, stdout, stderr } = await hmmcheck(folder, 'init', '--yes')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('wrote 8 files')
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
    devDependencies: { hmmcheck: expect.stringMatching(/^file:.*\.tgz$/) as unknown },
  })
})

test(
  'its types are right',
  () => {
    const { status, stdout } = inFolder('tsc')
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  },
  3 * MINUTES,
)

test(
  'its check is as expected, without a warning: the fault is found',
  async () => {
    const { code, stdout } = await hmmcheck(folder, 'check', '--strict')
    expect(stdout).toContain('1 holds, 1 violated as expected')
    expect(stdout).toContain('3 checked: 3 as expected, 0 not, 0 incomplete')
    expect(stdout).not.toContain('atomicity:')
    expect(code).toBe(0)
    const fault = await hmmcheck(folder, 'check', 'my-driver@without-retry-check')
    expect(fault.stdout).toContain('violated: no-use-after-free')
    expect(fault.code).toBe(1)
  },
  3 * MINUTES,
)

test(
  'its test passes',
  () => {
    const { status, stdout, stderr } = inFolder('vitest', 'run')
    expect(stdout + stderr).toMatch(/Tests +2 passed/)
    expect(status).toBe(0)
  },
  3 * MINUTES,
)

/** One line of what a problem matcher looks for, and what it takes from it. */
interface Pattern {
  readonly regexp: string
  readonly [part: string]: string | number
}

test(
  'the problem matcher finds the line of a mistake',
  async () => {
    const file = join(folder, 'model/driver.ts')
    const text = readFileSync(file, 'utf8')
    const line = text.split('\n').findIndex((one) => one.includes('Loop(() => {')) + 1
    writeFileSync(file, text.replace('Loop(() => {', 'Loop(() => {\n    Await(mm.nothing.isNone)'))
    const { stderr } = await hmmcheck(folder, 'check', '--no-typecheck')
    const [task] = (
      JSON.parse(readFileSync(join(folder, '.vscode/tasks.json'), 'utf8')) as {
        readonly tasks: readonly { readonly problemMatcher: { readonly pattern: readonly Pattern[] } }[]
      }
    ).tasks
    const lines = stderr.split('\n')
    const at = lines.findIndex((one) => one.startsWith('error '))
    const found = Object.assign(
      {},
      ...(task?.problemMatcher.pattern ?? []).map(({ regexp, ...parts }, n) => {
        const groups = new RegExp(regexp).exec(lines[at + n] ?? '')
        return Object.fromEntries(Object.entries(parts).map(([part, group]) => [part, groups?.[Number(group)]]))
      }),
    ) as Readonly<Record<string, string>>
    expect(found).toMatchObject({ code: 'HMM038', file: 'model/driver.ts', line: String(line + 1) })
    writeFileSync(file, text)
  },
  MINUTES,
)
