/**
 * Files that were truncated, mangled, blown up or are of another version; a disk that is full; a write that is
 * interrupted. Nothing is lost, and the user is told.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { root } from '../support/package.ts'
import { temporaryDirectory, world } from './world.ts'
import type { Answer } from './world.ts'

/** Set, the disk takes half of what is written. */
const disk = vi.hoisted(() => ({ full: false }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const writeFileSync = (file: string, text: string, ...options: readonly object[]): void => {
    fs.writeFileSync(file, disk.full ? text.slice(0, text.length / 2) : text, ...options)
    if (disk.full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
  return { ...fs, writeFileSync, default: { ...fs, writeFileSync } }
})

const cwd = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true })
})
beforeEach(() => {
  disk.full = false
})

const { run } = world({ cwd })
await run('check', 'notifier@as-posted', '--out', 'schedule.json')
await run('lock', 'schedule.json')
const LOCK = 'counterexamples/notifier/as-posted.p-nouaf.json'
const files = {
  schedule: readFileSync(join(cwd, 'schedule.json'), 'utf8'),
  lock: readFileSync(join(cwd, LOCK), 'utf8'),
}

/** Every file under the directory that the commands may write to, with its text. */
const everything = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => [file, readFileSync(file, 'utf8')] as const)

const COMMANDS = [
  ['replay', 'file.json'],
  ['show', 'file.json'],
  ['regress', 'file.json'],
  ['lock', 'file.json', '--dir', 'out'],
] as const
type Command = (typeof COMMANDS)[number]
const each = COMMANDS.map((command) => [command[0], command] as const)

/** What a command says of a text, in a file beside others that must stay as they are. */
async function answerTo(text: string, command: Command): Promise<Answer> {
  writeFileSync(join(cwd, 'file.json'), text)
  rmSync(join(cwd, 'out'), { recursive: true, force: true })
  const before = everything(cwd)
  const answer = await run(...command)
  const isMade = ([file]: readonly [string, string]): boolean => file.startsWith(join(cwd, 'out'))
  expect(everything(cwd).filter((entry) => !isMade(entry))).toEqual(before)
  expect(everything(cwd).filter(isMade).length).toBe(
    command[0] === 'lock' && (answer.code === 0 || answer.code === 3) ? 1 : 0,
  )
  return answer
}

/** A message with its code, and no stack trace. */
function expectToldOf({ code, stdout, stderr }: Answer): void {
  expect([0, 1, 2]).toContain(code)
  expect(stderr).not.toMatch(/HMM299|\n\s+at |\[object/)
  expect(stderr.length).toBeLessThan(4_000)
  if (code === 2) expect(stderr).toMatch(/HMM(2[0-9][0-9])/)
  if (code === 1) expect(stderr).toMatch(/HMM(223|224|250|253)/)
  if (code === 0) expect(stdout).not.toBe('')
}

describe.each(Object.entries(files))('a %s', (_, text) => {
  test('truncated anywhere', async () => {
    for (let length = 0; length < text.length - 1; length += 37) {
      for (const command of COMMANDS) {
        const answer = await answerTo(text.slice(0, length), command)
        expect(answer.code).toBe(2)
        expect(answer.stderr).toContain('error HMM221: file.json is not JSON')
      }
    }
  })

  test.each(each)('%s: of another version', async (__, command) => {
    const answer = await answerTo(text.replace('"schema": 1', '"schema": 2'), command)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toMatch(
      /error HMM226: file\.json has schema 2, and this version of hmmcheck reads schema 1\n {2}remedy: update hmmcheck/,
    )
  })

  test.each(each)('%s: with more steps than any has', async (__, command) => {
    const step = '{"choices":[],"label":"x","path":"0","thread":"unmap"}'
    const answer = await answerTo(
      text.replace(/"steps": \[[^]*\n {2}\]/, `"steps": [${Array.from({ length: 100_001 }, () => step).join()}]`),
      command,
    )
    expect(answer.code).toBe(2)
    expect(answer.stderr).toMatch(
      /error HMM222: file\.json is not a (schedule|lock): steps: Too big: expected array to have <=100000 items/,
    )
  })

  test.each(each)('%s: larger than any file', async (__, command) => {
    const answer = await answerTo(`${text}${' '.repeat(64 * 2 ** 20)}`, command)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toMatch(/error HMM256: \S*file\.json has more than 64 MiB/)
  })

  test.each([
    ['nested without end', '['.repeat(100_000), 'HMM221'],
    [
      'nested deeply',
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      'HMM222: file.json is not a schedule: it is nested more than 64 levels deep',
    ],
    ['a value nested deeply', text.replace('"value": 0', `"value": ${'['.repeat(500)}${']'.repeat(500)}`), 'HMM222'],
    [
      'a very long name',
      text.replace('"notifier"', `"${'n'.repeat(1_000_000)}"`),
      'model: Too big: expected string to have <=4000 characters',
    ],
    ['a name of Object.prototype', text.replace('"notifier"', '"__proto__"'), 'HMM2'],
    [
      'a size of that name',
      text.replace('"devices": 1', '"__proto__": 1'),
      'HMM222: file.json is not a schedule: Unrecognized key: "__proto__"',
    ],
    ['bytes', '\u0000\u0001\ufffd', 'HMM221'],
  ])('%s', async (__, mangled, message) => {
    for (const command of COMMANDS) {
      const answer = await answerTo(mangled, command)
      expectToldOf(answer)
      if (answer.code !== 0) expect(answer.stderr).toContain(message)
    }
  })

  test('mangled in thousands of ways: a code and a message, and nothing is lost', async () => {
    const codes = new Map<number, number>()
    const value: unknown = JSON.parse(text)
    const paths = pathsOf(value)
    const mutation = fc.oneof(
      {
        weight: 2,
        arbitrary: fc
          .record({ at: fc.nat(text.length), length: fc.nat(40), by: fc.string({ maxLength: 20 }) })
          .map(({ at, length, by }) => text.slice(0, at) + by + text.slice(at + length)),
      },
      {
        weight: 5,
        arbitrary: fc
          .array(
            fc.record({
              path: fc.constantFrom(...paths),
              change: fc.oneof(
                fc.constant(undefined),
                fc.jsonValue({ maxDepth: 3 }),
                fc.constantFrom(...paths).map((path) => at(value, path)),
              ),
            }),
            { minLength: 1, maxLength: 3 },
          )
          .map((changes) =>
            JSON.stringify(
              changes.reduce((changed, { path, change }) => changedAt(changed, path, change), value),
              undefined,
              1,
            ),
          ),
      },
      { weight: 1, arbitrary: fc.json() },
    )
    await fc.assert(
      fc.asyncProperty(mutation, fc.constantFrom(...COMMANDS), async (mangled, command) => {
        const answer = await answerTo(mangled, command)
        expectToldOf(answer)
        codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1)
      }),
      { numRuns: 2_000 },
    )
    // All three are met, or the mutations are none.
    expect([...codes.keys()].toSorted()).toEqual([0, 1, 2])
  })
})

type Path = readonly (string | number)[]

/** The ways to everything in a value. */
function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = (key: string | number, of: unknown): readonly Path[] => [
    [key],
    ...pathsOf(of).map((path) => [key, ...path]),
  ]
  return Array.isArray(value)
    ? value.flatMap((of: unknown, n) => inner(n, of))
    : Object.entries(value).flatMap(([key, of]) => inner(key, of))
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((of, key) => (typeof of === 'object' && of !== null ? Reflect.get(of, key) : undefined), value)

/** The value with something else at a path; `undefined` takes it out. */
function changedAt(value: unknown, [key, ...rest]: Path, change: unknown): unknown {
  if (key === undefined) return change
  if (Array.isArray(value))
    return value.flatMap((of: unknown, n) =>
      n !== key ? [of] : rest.length === 0 && change === undefined ? [] : [changedAt(of, rest, change)],
    )
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, of]) =>
      name !== key
        ? [[name, of]]
        : rest.length === 0 && change === undefined
          ? []
          : [[name, changedAt(of, rest, change)]],
    ),
  )
}

describe('a full disk', () => {
  test.each([
    ['check --out', ['check', 'notifier@as-posted', '--out', 'schedule.json']],
    ['check --out, a new file', ['check', 'notifier@as-posted', '--out', 'new.json']],
    ['check --out DIR/', ['check', 'notifier@as-posted', '--out', 'counterexamples/notifier/']],
    ['lock', ['lock', 'schedule.json', '--commit', 'ec131b2d7fa6']],
    ['lock, a new file', ['lock', 'schedule.json', '--name', 'new']],
  ])('%s: what was there is whole, and nothing half-written is left', async (_, argv) => {
    const before = everything(cwd)
    disk.full = true
    const { code, stderr } = await run(...argv)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error HMM210: .* can't be written: ENOSPC: no space left on device/)
    expect(everything(cwd)).toEqual(before)
  })
})

describe('an interrupted write', () => {
  /** Kills the process that writes, either when half of it is written or before the file has its name. */
  function interrupted(file: string, when: 'half' | 'renamed'): void {
    const script = `
      import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      const killed = () => { process.kill(process.pid, 'SIGKILL'); for (;;); }
      const { writeFileSync } = fs
      if (${JSON.stringify(when)} === 'half') fs.writeFileSync = (path, text) => { writeFileSync(path, text.slice(0, 3)); killed() }
      else fs.renameSync = killed
      syncBuiltinESMExports()
      const { writeWhole } = await import(${JSON.stringify(pathToFileURL(join(root, 'src/cli/files.ts')).href)})
      writeWhole(${JSON.stringify(file)}, 'new text')
    `
    const { signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' })
  }

  test.each(['half', 'renamed'] as const)('%s: the old file is whole, a new one is not there', async (when) => {
    const folder = temporaryDirectory()
    writeFileSync(join(folder, 'old.json'), files.lock)
    interrupted(join(folder, 'old.json'), when)
    interrupted(join(folder, 'new.json'), when)
    expect(readFileSync(join(folder, 'old.json'), 'utf8')).toBe(files.lock)
    expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['old.json'])
    // What is left of it is in nobody's way.
    expect((await run('regress', folder)).stdout).toContain('1 lock: 1 ok')
  })
})

describe('what is no file', () => {
  test('a device is not replaced by a file', async () => {
    expect(await run('check', 'notifier@as-posted', '--out', '/dev/null')).toMatchObject({
      code: 2,
      stderr: "error HMM210: /dev/null can't be written: not a regular file\n",
    })
  })

  test('a directory is not read', async () => {
    mkdirSync(join(cwd, 'folder.json'))
    expect((await run('replay', 'folder.json')).stderr).toMatch(/^error HMM220: .*folder\.json can't be read: EISDIR/)
    rmSync(join(cwd, 'folder.json'), { recursive: true })
  })

  test('what never ends is read no further than a file may go', async () => {
    expect((await run('replay', '/dev/zero')).stderr).toMatch(/^error HMM256: \/dev\/zero has more than 64 MiB/)
  })

  test('a link stays one', async () => {
    const folder = temporaryDirectory()
    writeFileSync(join(folder, 'real.json'), 'old')
    symlinkSync('real.json', join(folder, 'link.json'))
    await run('check', 'notifier@as-posted', '--out', join(folder, 'link.json'))
    expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe(files.schedule)
  })
})
