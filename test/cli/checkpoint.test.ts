/** `--checkpoint` and `--resume`: what is printed, which command goes on, and which options do not go together. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { processEnvironment, type Engine } from '../../src/cli/environment.ts'
import { check } from '../../src/explorer/check.ts'
import { checkSchema } from '../support/documents.ts'
import { world, type Answer } from './world.ts'

const engine: Engine = { check, describeLayout: () => Promise.reject(new Error('not asked for')) }

/** A report without its times and its last line. */
const lasting = ({ stdout }: Answer): string => stdout.replaceAll(/;\s+\d+\.\d+ s\b|repeat with: .*\n/g, '')

describe('a check that was stopped', () => {
  test('names the command that goes on from its checkpoint, which says what a whole check says', async () => {
    const { run, cwd } = world({ engine })
    const whole = await run('check', 'notifier@as-posted')
    const first = ['check', 'notifier@as-posted', '--minimize', 'switches', '--timeout', '60']
    const stopped = await run(...first, '--max-states', '5', '--checkpoint', 'kept', '--checkpoint-every', '2m')
    expect(stopped.code).toBe(3)
    const [, command = ''] = /\nresume with: npx hmmcheck (.*)\n/.exec(stopped.stdout) ?? []
    expect(command).toBe(
      'check notifier@as-posted --scenario core --config devices=1,pages=1 --timeout 60 --minimize switches --resume kept --checkpoint-every 120s',
    )
    expect(existsSync(join(cwd, 'kept'))).toBe(true)
    const resumed = await run(...command.replace(' --minimize switches', '').split(' '))
    expect(resumed).toMatchObject({ code: 1, stderr: '' })
    expect(lasting(resumed)).toBe(lasting(whole))
    expect(resumed.stdout).not.toContain('resume with')
  })

  test('keeps the file up to date that it goes on from, unless another is named', async () => {
    const { run, cwd } = world({ engine })
    await run('check', 'notifier', '--max-states', '3', '--checkpoint', 'one')
    const same = await run('check', 'notifier', '--max-states', '12', '--resume', 'one')
    expect(same.stdout).toMatch(/\nresume with: .* --resume one\n/)
    const other = await run('check', 'notifier', '--max-states', '20', '--resume', 'one', '--checkpoint', 'two')
    expect(other.stdout).toMatch(/\nresume with: .* --resume two\n/)
    expect(existsSync(join(cwd, 'two'))).toBe(true)
    expect(await run('check', 'notifier', '--resume', 'two')).toMatchObject({ code: 0 })
  })

  test('goes on from the file before, if it has written none', async () => {
    const full: Engine = {
      ...engine,
      check: async (model, { checkpoint: _, ...options }) => ({
        ...(await check(model, options)),
        checkpoint: { file: 'kept', written: 0, problem: 'ENOSPC: no space left on device' },
      }),
    }
    const { run, cwd } = world({ engine: full })
    const first = await run('check', 'notifier', '--max-states', '3', '--checkpoint', 'one')
    expect(first.stdout).toMatch(/\nHMM275: .*\nnothing to resume from: no checkpoint was written\n/)
    const one = world({ engine, cwd })
    await one.run('check', 'notifier', '--max-states', '3', '--checkpoint', 'one')
    const again = await run('check', 'notifier', '--max-states', '12', '--resume', 'one')
    expect(again.stdout).toMatch(/\nHMM275: .*\nresume with: .* --resume one\n/)
    const other = await run('check', 'notifier', '--max-states', '12', '--resume', 'one', '--checkpoint', 'two')
    expect(other.stdout).toMatch(/\nresume with: .* --resume one --checkpoint two\n/)
    const done = await run('check', 'notifier', '--resume', 'one')
    expect(done.stdout).not.toMatch(/\n(resume with|nothing to resume from): /)
  })

  test('goes on with as many workers on a machine that has fewer processors', async () => {
    const { run, cwd } = world({ engine, processors: 2 })
    const { stdout } = await run('check', 'notifier', '--max-states', '3', '--workers', '2', '--checkpoint', 'a b')
    const [, command = ''] = /\nresume with: npx hmmcheck (.*) --resume 'a b'\n/.exec(stdout) ?? []
    expect(command).toMatch(/^check notifier@fixed /)
    expect(command).not.toContain('--workers')
    for (const workers of [[], ['--workers', '2']]) {
      const resumed = await world({ engine, cwd, processors: 1 }).run(
        ...command.split(' '),
        ...workers,
        '--resume',
        'a b',
        '--verbose',
      )
      expect(resumed).toMatchObject({ code: 0, stderr: '' })
      expect(resumed.stdout).toContain(', 2 workers, ')
    }
  })

  test('says all of it in its document', async () => {
    const { run, cwd } = world({ engine })
    const documentOf = async (...argv: readonly string[]): Promise<unknown> =>
      checkSchema.parse(JSON.parse((await run('check', 'notifier', '--json', ...argv)).stdout)).runs[0]?.checkpoint
    expect(await documentOf('--max-states', '3', '--checkpoint', 'kept')).toEqual({
      file: join(cwd, 'kept'),
      written: 1,
      problem: null,
      resume: 'npx hmmcheck check notifier@fixed --scenario core --config devices=1,pages=1 --resume kept',
    })
    expect(await documentOf('--resume', 'kept')).toEqual({
      file: join(cwd, 'kept'),
      written: 0,
      problem: null,
      resume: null,
    })
  })

  test('says that its last checkpoint could not be written', async () => {
    const broken: Engine = {
      ...engine,
      check: async (model, options) => ({
        ...(await check(model, options)),
        checkpoint: { file: 'kept', written: 2, problem: 'ENOSPC: no space left on device' },
      }),
    }
    const { stdout } = await world({ engine: broken }).run('check', 'notifier', '--checkpoint', 'kept')
    expect(stdout).toContain(
      '\nHMM275: the last checkpoint could not be written to kept: ENOSPC: no space left on device\n',
    )
  })
})

test.each([
  [['notifier', '--resume', 'nothing'], 'HMM270: .* can.t be read'],
  [
    ['notifier@as-posted', '--resume', 'kept'],
    'HMM273: .* is of another check: the variant there: fixed; here: as-posted',
  ],
  [['notifier', '--scenario', 'quiet', '--resume', 'kept'], 'HMM273: .*: the scenario there: core; here: quiet'],
  [['notifier', '--property', 'P-REF', '--resume', 'kept'], 'HMM273: .*: the properties there: '],
  [
    ['notifier', '--workers', '2', '--resume', 'kept'],
    'HMM274: .* has the tables of 1 worker; --workers 2 is another number',
  ],
  [['notifier', '--checkpoint', 'no/kept'], 'HMM210: the checkpoint .* can.t be written'],
  [['notifier', '--checkpoint', '.'], 'HMM210: .*: not a regular file(?=\n.*\n.*: the name is that of a folder)'],
])('refuses %j', async (words, text) => {
  const { run } = world({ engine })
  await run('check', 'notifier', '--max-states', '3', '--checkpoint', 'kept')
  const { code, stderr } = await run('check', ...words)
  expect(code).toBe(2)
  expect(stderr).toMatch(new RegExp(`^error ${text}[^]*\\n {2}at: .*\\n {2}likely cause: .*\\n {2}remedy: .*\\n$`))
})

test.each([
  [['--checkpoint', 'kept'], '--checkpoint is for one run'],
  [['n*', '--resume', 'kept'], '--resume is for one run'],
  [['notifier', '--checkpoint-every', '2s'], '--checkpoint-every needs a file'],
  [
    ['notifier', '--dry-run', '--checkpoint', 'kept'],
    '--dry-run explores nothing, so it does not go with --checkpoint',
  ],
])('%j do not go together', async (words, text) => {
  const { code, stderr } = await world().run('check', ...words)
  expect([code, stderr]).toEqual([2, expect.stringContaining(`HMM208: ${text}\n  remedy: `)])
})

test.each(['2', '2s', '0.5m', '1h'])('%s is a time', async (text) => {
  expect(await world().run('check', 'notifier', '--checkpoint', 'kept', '--checkpoint-every', text)).toMatchObject({
    code: 0,
  })
})
test.each(['0', '2d', 's', '-1s'])('%s is not', async (text) => {
  const { code, stderr } = await world().run('check', 'notifier', '--checkpoint', 'kept', `--checkpoint-every=${text}`)
  expect([code, stderr]).toEqual([2, expect.stringContaining('HMM207: --checkpoint-every')])
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s asks for an end', (signal) => {
  let asked = 0
  const release = processEnvironment().onInterrupt(() => {
    asked++
  })
  process.emit(signal)
  release()
  expect(asked).toBe(1)
})
