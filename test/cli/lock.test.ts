/** `lock` and `regress`: what they write and say, and each code that they end with. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readLock } from '../../src/schedules/read.ts'
import { writeSchedule } from '../../src/schedules/write.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'
import type { World } from './world.ts'

const LOCK = 'counterexamples/notifier/as-posted.p-nouaf.json'

/** With each sentence on one line, whatever the width. */
const unwrapped = (text: string): string => text.replaceAll(/\n {6}/g, ' ')

/** A world with a schedule in it. */
async function found(): Promise<
  World & {
    readonly text: (file: string) => string
    readonly change: (file: string, replaced: RegExp | string, by: string) => void
  }
> {
  const one = world()
  await one.run('check', 'notifier@as-posted', '--out', 'nouaf.json')
  const text = (file: string): string => readFileSync(join(one.cwd, file), 'utf8')
  return {
    ...one,
    text,
    change: (file, replaced, by) => {
      const changed = text(file).replace(replaced, by)
      expect(changed).not.toBe(text(file))
      writeFileSync(join(one.cwd, file), changed)
    },
  }
}

/** One with a lock, too. */
async function locked() {
  const one = await found()
  await one.run('lock', 'nouaf.json')
  return one
}

describe('lock', () => {
  test('fills in what is not said', async () => {
    const { run, text } = await found()
    const { code, stdout, stderr } = await run('lock', 'nouaf.json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(unwrapped(stdout)).toBe(
      [
        `locked: ${LOCK}`,
        '    fixed follows it for 7 of 9 steps, 2 of which it does not have',
        "    unmap can't take step 8, `free[page] = true`: it is still at `mutex_lock(&driver[device].update) in invalidate_range(device)`: driver[0].update is held by device_fault[0]",
        '',
      ].join('\n'),
    )
    const { lock, ...schedule } = readLock(text(LOCK), LOCK)
    expect(`${text('nouaf.json')}`).toBe(writeSchedule(schedule))
    expect(lock).toEqual({
      shows:
        'P-NOUAF: the device uses a freed page; 9 steps and 2 context switches of device_fault[0], unmap and device[0]',
      corrected: 'fixed',
      command: 'npx hmmcheck check notifier@as-posted --scenario core --config devices=1,pages=1 --property P-NOUAF',
    })
  })

  test('keeps what is said, and when it is written anew', async () => {
    const { run, text } = await found()
    const said = [
      '--shows',
      'freed under the device',
      '--bug',
      'B-01',
      '--bug',
      'B-02',
      '--versions',
      '4.14 to 4.19',
      '--commit',
      'ec131b2d7fa6',
      '--command',
      'by hand',
      '--corrected',
      'without-lock_order',
    ]
    expect((await run('lock', 'nouaf.json', '--name', 'Freed under it', '--dir', 'locks', ...said)).code).toBe(0)
    const file = 'locks/notifier/freed-under-it.json'
    const first = text(file)
    expect(readLock(first, file).lock).toEqual({
      shows: 'freed under the device',
      corrected: 'without-lock_order',
      bugs: ['B-01', 'B-02'],
      versions: '4.14 to 4.19',
      commit: 'ec131b2d7fa6',
      command: 'by hand',
    })
    expect((await run('lock', file, '--name', 'freed-under-it', '--dir', 'locks')).code).toBe(0)
    expect(text(file)).toBe(first)
    await run('lock', file, '--name', 'freed-under-it', '--dir', 'locks', '--commit', '35f0f9fa')
    expect(
      text(file)
        .split('\n')
        .filter((line, n) => line !== first.split('\n')[n]),
    ).toEqual(['    "commit": "35f0f9fa",'])
  })

  test('names the catalogue in the command that finds it', async () => {
    const { run, cwd, text } = await found()
    writeFileSync(join(cwd, 'none.js'), 'export const catalogue = []\n')
    expect((await run('lock', 'nouaf.json', '--catalogue', 'none.js')).code).toBe(0)
    expect(readLock(text(LOCK), LOCK).lock.command).toMatch(/--property P-NOUAF --catalogue none\.js$/)
  })

  test('is a schedule for replay and show', async () => {
    const { run } = await locked()
    const [one, other] = [await run('replay', LOCK), await run('replay', 'nouaf.json')]
    expect(one).toEqual(other)
    expect((await run('show', LOCK)).stdout).toBe((await run('show', 'nouaf.json')).stdout)
  })

  test('of a model that has changed since, the digest is the new one', async () => {
    const { run, text, change } = await found()
    change('nouaf.json', /sha256:..../, 'sha256:0000')
    await run('lock', 'nouaf.json')
    expect(await run('regress')).toMatchObject({ code: 0, stderr: '' })
    expect(text(LOCK)).not.toContain('sha256:0000')
  })

  test('refuses a witness', async () => {
    const { run } = world()
    await run('check', 'notifier', '--property', 'P-NOUAF-possible', '--out', 'possible.json')
    expect(await run('lock', 'possible.json')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error HMM252: possible.json shows that P-NOUAF-possible is possible, but a lock keeps a violation\n  remedy: lock the schedule of a violated property\n',
    })
  })

  test.each([
    [
      'a step that is not enabled',
      /"unmap"/,
      '"device[0]"',
      1,
      'HMM250: nouaf.json is not locked: step 5 is not enabled: device[0]: mutex_lock(&mm.lock)',
    ],
    [
      'steps that show nothing',
      /,\n[^\n]*device reads the page[^\n]*/,
      '',
      1,
      'HMM250: nouaf.json is not locked: every step is enabled, but P-NOUAF is not violated at the end',
    ],
    [
      'what is no schedule',
      /"steps"/,
      '"stops"',
      2,
      'error HMM222: nouaf.json is not a schedule: steps: Invalid input',
    ],
  ])('refuses %s, and writes nothing', async (_, replaced, by, code, message) => {
    const { run, cwd, change } = await found()
    change('nouaf.json', replaced, by)
    const answer = await run('lock', 'nouaf.json')
    expect(answer).toMatchObject({ code, stdout: '' })
    expect(answer.stderr).toContain(message)
    expect(existsSync(join(cwd, 'counterexamples'))).toBe(false)
  })

  test.each([
    [
      ['--corrected', 'as-posted'],
      2,
      'error HMM252: the schedule is of the variant as-posted itself\n  remedy: name the variant that has the correction: --corrected VARIANT, one of as-posted, fixed,',
    ],
    [
      ['--corrected', 'fixt'],
      2,
      'error HMM202: notifier has no variant fixt\n  remedy: choose one of as-posted, fixed,',
    ],
    [['--name', '///'], 2, 'error HMM252: --name /// leaves nothing for the name of a file'],
    [['--dir', 'nouaf.json'], 2, 'error HMM210: '],
  ])('with %j', async (options, code, message) => {
    const { run } = await found()
    const answer = await run('lock', 'nouaf.json', ...options)
    expect(answer.code).toBe(code)
    expect(answer.stderr).toContain(message)
  })

  test('refuses where the corrected variant can do the same', async () => {
    const { run, cwd } = await found()
    const answer = await run('lock', 'nouaf.json', '--corrected', 'without-invalidate')
    expect(answer).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'HMM253: nouaf.json is not locked: without-invalidate can do the same, up to the violation\n  remedy: name the variant that has the correction: --corrected VARIANT\n',
    })
    expect(existsSync(join(cwd, 'counterexamples'))).toBe(false)
  })

  test('writes over no other lock, and over no other file', async () => {
    const { run, text, cwd } = await locked()
    const first = text(LOCK)
    await run('check', 'notifier@without-invalidate', '--out', 'other.json')
    const over = await run('lock', 'other.json', '--name', 'as-posted.p-nouaf')
    expect(over).toMatchObject({ code: 2, stdout: '' })
    expect(over.stderr).toContain(
      `error HMM254: ${LOCK} is a lock of notifier@as-posted in core, P-NOUAF\n  remedy: choose another name: --name SLUG`,
    )
    writeFileSync(join(cwd, 'counterexamples/notifier/notes.json'), '{}')
    expect((await run('lock', 'other.json', '--name', 'notes')).stderr).toContain(
      'error HMM254: counterexamples/notifier/notes.json exists, but is not a lock',
    )
    expect([text(LOCK), text('counterexamples/notifier/notes.json')]).toEqual([first, '{}'])
  })

  test('says so if a limit was met', async () => {
    const { run } = await found()
    const { code, stderr } = await run('lock', 'nouaf.json', '--max-states', '1')
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: `HMM257: ${LOCK} is locked, but not every path of fixed was explored\n`,
    })
  })
})

describe('regress', () => {
  test('says of each lock what the corrected variant makes of it', async () => {
    const { run } = await locked()
    const { stdout, ...rest } = await run('regress')
    expect({ ...rest, stdout: unwrapped(stdout) }).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `ok  ${LOCK}`,
        '    P-NOUAF is violated after 9 steps',
        '    fixed follows it for 7 of 9 steps, 2 of which it does not have',
        "    unmap can't take step 8, `free[page] = true`: it is still at `mutex_lock(&driver[device].update) in invalidate_range(device)`: driver[0].update is held by device_fault[0]",
        '',
        '1 lock: 1 ok, 0 failed, 0 incomplete, 0 invalid',
        '',
      ].join('\n'),
    })
  })

  test.each([
    [
      'the model has changed, and it still shows it',
      /sha256:..../,
      'sha256:0000',
      0,
      'ok',
      `HMM225: ${LOCK} still shows that P-NOUAF is violated after 9 steps, but the model has changed since it was recorded (the text of the model)\n  remedy: search for it again with: regress --update ${LOCK}\n`,
    ],
    [
      'a step that is not enabled any more',
      /"unmap"/,
      '"device[0]"',
      1,
      'FAILED',
      `HMM223: ${LOCK} is outdated: step 5 is not enabled: device[0]: mutex_lock(&mm.lock)\nenabled there:\n`,
    ],
    [
      'nothing is violated',
      /,\n[^\n]*device reads the page[^\n]*/,
      '',
      1,
      'FAILED',
      `HMM224: ${LOCK} is outdated: every step is enabled, but P-NOUAF is not violated at the end\n`,
    ],
    [
      'another kind of property',
      /"kind": "assertion"/,
      '"kind": "deadlock"',
      1,
      'FAILED',
      'is not violated at the end',
    ],
    [
      'the corrected variant can do the same',
      '"corrected": "fixed"',
      '"corrected": "as-posted"',
      1,
      'FAILED',
      `HMM253: ${LOCK}: as-posted also breaks P-NOUAF with these steps in this order\n`,
    ],
    ['no JSON', '{', '', 2, 'INVALID', `error HMM221: ${LOCK} is not JSON`],
    [
      'no such field',
      '"shows"',
      '"show"',
      2,
      'INVALID',
      `error HMM222: ${LOCK} is not a lock: lock.shows: Invalid input`,
    ],
    [
      'no such model',
      '"model": "notifier"',
      '"model": "notifer"',
      2,
      'INVALID',
      'error HMM201: there is no model notifer',
    ],
    [
      'no such variant',
      '"corrected": "fixed"',
      '"corrected": "fixt"',
      2,
      'INVALID',
      'error HMM202: notifier has no variant fixt\n  remedy: choose one of as-posted, fixed,',
    ],
    [
      'no lock',
      /"lock": \{[^}]*\},\n/,
      '',
      2,
      'INVALID',
      `error HMM251: ${LOCK} is a schedule, not a lock\n  remedy: make it a lock with: hmmcheck lock ${LOCK}\n`,
    ],
  ])('%s', async (_, replaced, by, code, word, message) => {
    const { run, change } = await locked()
    change(LOCK, replaced, by)
    const answer = await run('regress', LOCK)
    expect(answer.code).toBe(code)
    expect(answer.stdout.split(' ')[0]).toBe(word)
    expect(answer.stderr).toContain(message)
  })

  test('a limit: 3', async () => {
    const { run } = await locked()
    const { code, stdout, stderr } = await run('regress', '--max-states', '2')
    expect(code).toBe(3)
    expect(unwrapped(stdout)).toContain(
      'fixed follows it for 2 of 9 steps, 2 of which it does not have, if not more: a limit was met after 3 states\n',
    )
    expect(stderr).toBe(`HMM257: ${LOCK}: not every path of fixed was explored\n`)
  })

  test('every lock is tried, whatever became of the others; the worst code is the code', async () => {
    const { run, cwd, change } = await locked()
    const copy = (name: string): string => {
      const file = `counterexamples/notifier/${name}.json`
      writeFileSync(join(cwd, file), readFileSync(join(cwd, LOCK)))
      return file
    }
    change(copy('a'), '"corrected": "fixed"', '"corrected": "as-posted"')
    expect((await run('regress')).code).toBe(1)
    change(copy('b'), '{', '')
    const { code, stdout } = await run('regress')
    expect(code).toBe(2)
    expect(stdout).toContain('\n3 locks: 1 ok, 1 failed, 0 incomplete, 1 invalid\n')
    expect((await run('regress', LOCK, 'counterexamples/notifier/a.json')).stdout).toContain(
      '\n2 locks: 1 ok, 1 failed',
    )
  })

  test('files that are none are left alone: hidden ones, and what is not called .json', async () => {
    const { run, cwd } = await locked()
    for (const name of ['.as-posted.p-nouaf.json.123.tmp', '.hidden.json', 'README.md'])
      writeFileSync(join(cwd, 'counterexamples/notifier', name), 'none')
    expect((await run('regress', 'counterexamples')).stdout).toContain('1 lock: 1 ok')
  })

  test.each([
    [[], "error HMM220: counterexamples can't be read: "],
    [['empty'], 'error HMM255: no locks found in empty\n  remedy: create one with: hmmcheck lock FILE\n'],
    [['nothing.json'], "error HMM220: nothing.json can't be read: "],
  ])('%j: there is nothing', async (argv, message) => {
    const { run, cwd } = world()
    mkdirSync(join(cwd, 'empty'))
    const answer = await run('regress', ...argv)
    expect(answer).toMatchObject({ code: 2, stdout: '' })
    expect(answer.stderr).toContain(message)
  })
})

describe('a correction in another model', () => {
  const copy: Protocol = { ...notifier, name: 'notifier-2' }
  const fewer: Protocol = {
    ...notifier,
    name: 'smaller',
    scenarios: notifier.scenarios.map((one) => ({
      ...one,
      threads: notifier.model.threads.map(({ name }) => name).slice(0, -1),
    })),
  }
  const among = async () => {
    const one = world({ catalogue: [notifier, copy, fewer] })
    await one.run('check', 'notifier@as-posted', '--out', 'nouaf.json')
    return one
  }

  test('is locked, named with its model, and replayed', async () => {
    const { cwd, run } = await among()
    const { code, stdout } = await run('lock', 'nouaf.json', '--corrected', 'notifier-2@fixed')
    expect(code).toBe(0)
    expect(stdout).toContain('notifier-2@fixed follows it for 7 of 9 steps')
    expect(readLock(readFileSync(join(cwd, LOCK), 'utf8'), LOCK).lock.corrected).toBe('notifier-2@fixed')
    const again = await run('regress')
    expect({ code: again.code, ok: again.stdout.includes('1 ok') }).toEqual({ code: 0, ok: true })
    expect((await run('regress', '--update')).code).toBe(0)
  })

  test('of the same model, it is named as before', async () => {
    const { cwd, run } = await among()
    expect((await run('lock', 'nouaf.json', '--corrected', 'notifier@fixed')).code).toBe(0)
    expect(readLock(readFileSync(join(cwd, LOCK), 'utf8'), LOCK).lock.corrected).toBe('fixed')
  })

  test('the same variant of a copy has no correction', async () => {
    const { run } = await among()
    const { code, stderr } = await run('lock', 'nouaf.json', '--corrected', 'notifier-2@as-posted')
    expect(code).toBe(1)
    expect(stderr).toContain('HMM253: nouaf.json is not locked: notifier-2@as-posted can do the same')
  })

  test.each([
    ['smaller@fixed', /HMM258: smaller@fixed does not have the threads of notifier@as-posted in core: it lacks /],
    ['nobody@fixed', /HMM201: there is no model nobody/],
    ['notifier-2@fixt', /HMM202: notifier-2 has no variant fixt/],
  ])('%s is a mistake', async (corrected, message) => {
    const { run } = await among()
    const { code, stderr } = await run('lock', 'nouaf.json', '--corrected', corrected)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
