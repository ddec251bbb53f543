/** `check --engine`: what goes together, and what is missing. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory, world } from '../cli/world.ts'
import { scriptedFor, standInFor } from './tools.ts'

const nothing = { PATH: '/nowhere' }

describe('refuses', () => {
  test.each([
    [['--ranks', '2'], '--ranks is about the processes of LTSmin'],
    [['--hosts', 'h'], '--hosts is about the processes of LTSmin'],
    [['--engine', 'ltsmin-mc', '--hosts', 'h'], 'searches on one host'],
    [['--engine', 'ltsmin', '--workers', '2'], '--ranks says how many'],
    [['--engine', 'ltsmin', '--fingerprint'], "--fingerprint is of hmmcheck's own engine"],
    [['--engine', 'ltsmin', '--checkpoint', 'c'], "--checkpoint is of hmmcheck's own engine"],
    [['--engine', 'spin'], 'spin'],
    [['--engine', 'ltsmin', '--ranks', '0'], '--ranks'],
  ])('%j', async (words, message) => {
    const { code, stderr, stdout } = await world({ variables: nothing }).run('check', 'notifier', ...words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  test.each(['ltsmin', 'ltsmin-mc'])('--engine %s where there is none, with the recipe', async (engine) => {
    const { code, stderr } = await world({ variables: nothing }).run('check', 'notifier', '--engine', engine)
    expect(code).toBe(2)
    expect(stderr).toContain('HMM300')
    expect(stderr).toContain('docs/beyond-one-machine.md')
  })

  test('a file of hosts that is not there', async () => {
    const variables = scriptedFor(temporaryDirectory(), 'exit 0')
    const { code, stderr } = await world({ variables }).run('check', 'notifier', '--engine', 'ltsmin', '--hosts', 'h')
    expect(code).toBe(2)
    expect(stderr).toContain('HMM304')
  })
})

test('a plugin that does not compile is an error with what the compiler says', async () => {
  const folder = temporaryDirectory()
  const variables = scriptedFor(folder, 'exit 0')
  writeFileSync(join(folder, 'bin/no-cc'), "#!/bin/sh\necho 'pins.h: No such file' >&2\nexit 1\n")
  const { code, stderr } = await world({ variables }).run('check', 'notifier', '--engine', 'ltsmin')
  expect(code).toBe(2)
  expect(stderr).toMatch(/HMM306[^]*pins\.h: No such file/)
})

describe('a check', { timeout: 600_000 }, () => {
  const run = (...words: readonly string[]): ReturnType<ReturnType<typeof world>['run']> =>
    world({ variables: standInFor(temporaryDirectory()) }).run('check', ...words)

  test('says its verdict, the schedule, the engine, and a command that repeats it', async () => {
    const { code, stdout } = await run('notifier@as-posted', '--engine', 'ltsmin', '--ranks', '1', '--verbose')
    expect(code).toBe(1)
    expect(stdout).toMatch(/violated +P-NOUAF .*minimal: 9 steps, 2 switches/)
    expect(stdout).toContain('ltsmin, 1 rank')
    expect(stdout).toMatch(/repeat with: npx hmmcheck check notifier@as-posted .*--engine ltsmin --ranks 1/)
  })

  test('saves its schedules, and writes JSON that names the engine', async () => {
    const { cwd, run: check } = world({ variables: standInFor(temporaryDirectory()) })
    const { code, stdout } = await check(
      'check',
      'notifier@as-posted',
      '--engine',
      'ltsmin-mc',
      '--ranks',
      '1',
      '--json',
      '--out',
      'found',
    )
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ verdict: 'violated', engine: 'ltsmin-mc', workers: 1 }] })
    const replayed = await world({ cwd }).run('replay', join(cwd, 'found'))
    expect(replayed.code).not.toBe(2)
  })

  test('of several runs goes through them one after the other', async () => {
    const { code, stdout } = await run('notifier@*', '--engine', 'ltsmin', '--ranks', '1')
    const ours = await world().run('check', 'notifier@*')
    expect(code).toBe(ours.code)
    for (const [, name = ''] of ours.stdout.matchAll(/(notifier@[\w-]+)/g)) expect(stdout).toContain(name)
  })
})
