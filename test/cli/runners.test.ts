/** Several runs at once say what they say one after the other, in the same order. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { processEnvironment, type RunnerThreads } from '../../src/cli/environment.ts'
import { spawnBeside } from '../../src/explorer/threads/spawn.ts'
import { three } from './runners.ts'
import { world } from './world.ts'

const { engine } = processEnvironment()
const runners: RunnerThreads = {
  count: 2,
  start: (setup) => spawnBeside(import.meta.url, 'runner', { workerData: setup, execArgv: [] }),
}
/** No thread is wanted. */
const none: RunnerThreads = {
  count: 2,
  start: () => {
    throw new Error('a thread was started')
  },
}

/** Without what differs from run to run. */
const timeless = (text: string): string =>
  text
    .replaceAll(/[\d.]+ s\b/g, 'S')
    .replaceAll(/"(seconds|bytesPerState)": [\d.]+/g, '"$1": 0')
    .replaceAll(/("startTimeUtc": |timestamp=)"[^"]*"/g, '$1"T"')
    .replaceAll(/ time="[\d.]+"/g, ' time="0"')

test.each([
  ['--verbose'],
  ['--json'],
  ['--verbose', '--fail-on', 'never-taken'],
  ['--format', 'junit'],
  ['--format', 'sarif'],
])(
  'check %s',
  async (...options) => {
    const one = await world({ catalogue: three, engine }).run('check', ...options)
    const several = await world({ catalogue: three, engine, runners }).run('check', ...options)
    expect({ ...several, stdout: timeless(several.stdout) }).toEqual({ ...one, stdout: timeless(one.stdout) })
    expect(one.stdout).toContain('third')
    expect(one.code).toBe(1)
  },
  60_000,
)

test('without --verbose the lines of the groups are the same, each as soon as its runs are over', async () => {
  const one = await world({ catalogue: three, engine }).run('check')
  const several = await world({ catalogue: three, engine, runners }).run('check')
  const lines = (text: string): readonly string[] => timeless(text).split('\n').toSorted()
  expect(lines(several.stdout)).toEqual(lines(one.stdout))
}, 60_000)

test('schedules are saved', async () => {
  const { cwd, run } = world({ catalogue: three, engine, runners })
  await run('check', '--out', 'found/')
  expect(readdirSync(join(cwd, 'found')).toSorted()).toEqual(['notifier', 'second', 'third'])
}, 60_000)

test('an interrupt ends it, and what no run came to is named as not checked', async () => {
  const { code, stdout } = await world({
    catalogue: three,
    engine,
    runners,
    onInterrupt: (stop) => {
      stop()
      return () => undefined
    },
  }).run('check')
  expect(code).toBe(130)
  expect(stdout).toMatch(/^\n0 checked: 0 as expected, 0 not, 0 incomplete\nnot checked: /)
  const left = stdout.split('not checked: ')[1]?.trim().replaceAll(/\s+/g, ' ').split('; ')
  expect(left).toEqual(three.map(({ name }) => `${name} in core, wide (large), quiet`))
}, 60_000)

describe('one after the other', () => {
  test.each([
    ['check', 'notifier'],
    ['check', '--workers', '1'],
    ['check', '--max-memory', '4G'],
    ['check', '--large'],
  ])(
    '%s %s %s',
    async (...words) => {
      const catalogue = words.includes('--large') ? three.slice(0, 1) : three
      expect((await world({ catalogue, engine, runners: none }).run(...words)).stderr).toBe('')
    },
    60_000,
  )
})
