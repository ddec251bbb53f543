/** `regress` of locks whose model has changed, `regress --update`, and what else is written onto a lock. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CheckOptions } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { readLock, readSchedule } from '../../src/schedules/read.ts'
import { writeSchedule } from '../../src/schedules/write.ts'
import { changed } from '../support/changed.ts'
import { referenceEngine } from '../support/reference-engine.ts'
import { world } from './world.ts'
import type { World } from './world.ts'

const LOCK = 'counterexamples/adders/lost.json'
const NOTE = [
  '--shows',
  'an update is lost',
  '--bug',
  'A-01',
  '--versions',
  '4.14 to 4.19',
  '--commit',
  'ec131b2d7fa6',
  '--command',
  'by hand',
]

interface Locked extends World {
  /** The command line with the protocol as it is now. */
  readonly now: (protocol: readonly Protocol[], ...argv: readonly string[]) => ReturnType<World['run']>
  readonly text: (file?: string) => string
}

/** A lock of the protocol as it was first. */
async function locked(...note: readonly string[]): Promise<Locked> {
  const first = world({ catalogue: [changed()] })
  await first.run('check', 'adders@racy', '--out', 'lost.json')
  expect(await first.run('lock', 'lost.json', '--name', 'lost', ...note)).toMatchObject({ code: 0 })
  return {
    ...first,
    now: (catalogue, ...argv) => world({ catalogue, cwd: first.cwd }).run(...argv),
    text: (file = LOCK) => readFileSync(join(first.cwd, file), 'utf8'),
  }
}

const words = (text: string): readonly string[] =>
  readLock(text, LOCK).steps.map(({ thread, label }) => `${thread} ${label}`)

describe('regress, where the text has changed and there is one way', () => {
  test('it is no failure, and the remedy is named', async () => {
    const { now, text } = await locked()
    const before = text()
    const { code, stdout, stderr } = await now([changed('inserted')], 'regress')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `HMM225: ${LOCK} still shows that nothing is lost is violated after 6 steps, but the model has changed since it was recorded (the text of the model)\n  remedy: search for it again with: regress --update ${LOCK}\n`,
    })
    expect(stdout).toContain('nothing is lost is violated after 6 steps')
    expect(text()).toBe(before)
    expect(await now([changed('renamed')], 'replay', LOCK)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('add[1]: load') as unknown,
    })
    expect(await now([changed('renamed')], 'lock', LOCK, '--name', 'lost')).toMatchObject({ code: 0 })
    expect(words(text())).toContain('add[0] load')
  })

  test('where there are several it is said, and what finds one', async () => {
    const { now } = await locked()
    const { code, stderr } = await now([changed('several')], 'regress')
    expect(code).toBe(1)
    expect(stderr).toContain(`HMM223: ${LOCK} is outdated`)
    expect(stderr).toContain(
      `\nthe current model can take its steps in several ways, so none is chosen\n  remedy: search for it again with: regress --update ${LOCK}\n`,
    )
  })
})

describe('regress --update', () => {
  test('a model that has not changed changes no lock', async () => {
    const { now, text, cwd } = await locked()
    const [before, written] = [text(), statSync(join(cwd, LOCK)).mtimeMs]
    const { code, stdout } = await now([changed()], 'regress', '--update')
    expect({ code, text: text(), written: statSync(join(cwd, LOCK)).mtimeMs }).toEqual({
      code: 0,
      text: before,
      written,
    })
    expect(stdout).toContain('ok  ')
    expect(stdout).toContain('1 lock: 1 ok, 0 failed, 0 incomplete, 0 invalid; 0 updated')
  })

  test('its own steps are kept where they lead there; what is known of the bug stays', async () => {
    const { now, text } = await locked(...NOTE)
    const { lock } = readLock(text(), LOCK)
    const { code, stdout, stderr } = await now([changed('inserted')], 'regress', '--update')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      `updated  ${LOCK}`,
      '    nothing is lost is violated after 6 steps',
      '    6 steps, 4 before; 3 switches, as before',
      '    step 1 is new: add[0]: account',
      '    step 3 is new: add[1]: account',
    ])
    expect(stdout).toContain('1 lock: 1 ok, 0 failed, 0 incomplete, 0 invalid; 1 updated')
    expect(readLock(text(), LOCK).lock).toEqual(lock)
    expect(words(text())).toEqual([
      'add[0] account',
      'add[0] read',
      'add[1] account',
      'add[1] read',
      'add[0] write',
      'add[1] write',
    ])
    expect(await now([changed('inserted')], 'regress')).toMatchObject({ code: 0, stderr: '' })
  })

  test.each(['several', 'either', 'started'] as const)('else a check finds it again: %s', async (change) => {
    const { now, text } = await locked(...NOTE)
    const { lock } = readLock(text(), LOCK)
    expect(await now([changed(change)], 'regress')).toMatchObject({ code: 1 })
    const { code, stdout, stderr } = await now([changed(change)], 'regress', '--update', LOCK)
    expect({ code, stderr, lock: readLock(text(), LOCK).lock }).toEqual({ code: 0, stderr: '', lock })
    expect(stdout).toMatch(/ {4}\d steps, 4 before; \d switch(es)?, (as before|\d before)\n {4}step 1 is new: /)
    expect(await now([changed(change)], 'regress')).toMatchObject({ code: 0, stderr: '' })
  })

  test('what was said of the steps is said of the new ones', async () => {
    const { now, text } = await locked()
    expect(readLock(text(), LOCK).lock.shows).toMatch(/; 4 steps and 3 context switches of add\[0\] and add\[1\]$/)
    await now([changed('started')], 'regress', '--update')
    expect(readLock(text(), LOCK).lock.shows).toMatch(/; 5 steps and \d context switches of .*start/)
  })

  test('a label that is called otherwise is named', async () => {
    const { now } = await locked()
    expect((await now([changed('renamed')], 'regress', '--update')).stdout).toContain(
      '    step 1: add[0]: load; was: add[0]: read\n',
    )
  })

  test('a bug that is gone: 1, and the lock is as it was', async () => {
    const { now, text } = await locked()
    const before = text()
    const { code, stdout, stderr } = await now([changed('corrected')], 'regress', '--update')
    expect({ code, text: text() }).toEqual({ code: 1, text: before })
    expect(stdout).toContain('FAILED  ')
    expect(stderr).toBe(
      `HMM230: ${LOCK} is not changed: nothing is lost is not found violated in adders@racy, scenario two: no state of the model shows it; if the bug is gone for good, delete the lock\n`,
    )
  })

  test.each<[string, (protocol: Protocol) => readonly Protocol[], string]>([
    ['model', () => [], 'HMM201'],
    [
      'variant',
      (protocol) => [
        {
          ...protocol,
          variants: protocol.variants.map((one) => ({ ...one, name: one.name === 'racy' ? 'wild' : one.name })),
        },
      ],
      'HMM202',
    ],
    [
      'corrected variant',
      (protocol) => [
        {
          ...protocol,
          variants: protocol.variants.map((one) => ({ ...one, name: one.name === 'fixed' ? 'mended' : one.name })),
        },
      ],
      'HMM202',
    ],
    [
      'scenario',
      (protocol) => [{ ...protocol, scenarios: protocol.scenarios.map((one) => ({ ...one, name: 'pair' })) }],
      'HMM203',
    ],
    ['property', (protocol) => [{ ...protocol, model: { ...protocol.model, properties: [] } }], 'HMM204'],
    [
      'size',
      (protocol) => [
        {
          ...protocol,
          parameters: { adders: { sort: 'Adder', min: 1, max: 1, summary: 'threads' } },
          scenarios: [{ name: 'two', summary: 'one', sizes: { adders: 1 } }],
        },
      ],
      'HMM206',
    ],
  ])('a %s that is gone: 2, and the lock is as it was', async (_, change, code) => {
    const { now, text } = await locked()
    const before = text()
    const answer = await now(change(changed('inserted')), 'regress', '--update')
    expect({ code: answer.code, text: text() }).toEqual({ code: 2, text: before })
    expect(answer.stdout).toContain('INVALID  ')
    expect(answer.stderr).toContain(`error ${code}: `)
  })

  test('where the corrected variant can do it, too: 1, and the lock is as it was', async () => {
    const { now, text } = await locked()
    const before = text()
    const protocol = changed('inserted')
    const both = { ...protocol, variants: protocol.variants.map((one) => ({ ...one, constants: { locked: false } })) }
    const { code, stderr } = await now([both], 'regress', '--update')
    expect({ code, stderr, text: text() }).toEqual({
      code: 1,
      stderr: `HMM253: ${LOCK} is not changed: fixed can do the same, up to the violation\n`,
      text: before,
    })
  })

  test('a limit: 3, and the lock is as it was', async () => {
    const { now, text, cwd } = await locked()
    const before = text()
    const narrow = {
      check: (model: ConfiguredModel, options: CheckOptions) => referenceEngine(model, { ...options, maxStates: 2 }),
      describeLayout: () => Promise.reject(new Error('nobody asks')),
    }
    const met = await world({ catalogue: [changed('started')], cwd, engine: narrow }).run('regress', '--update')
    expect({ code: met.code, text: text() }).toEqual({ code: 3, text: before })
    expect(met.stderr).toContain(
      `HMM230: ${LOCK} is not changed: nothing is lost is not found violated in adders@racy, scenario two: max-states\n`,
    )
    const stopped = await world({
      catalogue: [changed('started')],
      cwd,
      onInterrupt: (stop) => {
        stop()
        return () => undefined
      },
    }).run('regress', '--update')
    expect({ code: stopped.code, text: text() }).toEqual({ code: 130, text: before })
    expect(await now([changed('inserted')], 'regress', '--update', '--max-states', '1')).toMatchObject({
      code: 3,
      stderr: `HMM257: ${LOCK} is updated, but not every path of fixed was explored\n`,
    })
  })

  test('every lock is tried, and nothing is left beside them', async () => {
    const { now, text, cwd } = await locked()
    writeFileSync(join(cwd, 'counterexamples/adders/broken.json'), text().slice(0, -20))
    writeFileSync(join(cwd, 'counterexamples/adders/other.json'), text())
    const { code, stdout } = await now([changed('inserted')], 'regress', '--update')
    expect(code).toBe(2)
    expect(stdout).toContain('3 locks: 2 ok, 0 failed, 0 incomplete, 1 invalid; 2 updated')
    expect(readdirSync(join(cwd, 'counterexamples/adders')).sort()).toEqual(['broken.json', 'lost.json', 'other.json'])
    expect(text()).toBe(text('counterexamples/adders/other.json'))
  })

  test('--timeout without it is a mistake', async () => {
    const { now } = await locked()
    expect(await now([changed()], 'regress', '--timeout', '5')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error HMM208: ') as unknown,
    })
  })
})

describe('what is written onto a lock leaves it one', () => {
  test('by minimize', async () => {
    const { now, text, cwd } = await locked(...NOTE)
    const { lock } = readLock(text(), LOCK)
    writeFileSync(join(cwd, LOCK), text().replace(/sha256:..../, 'sha256:0000'))
    const { code, stdout, stderr } = await now([changed('inserted')], 'minimize', LOCK, '--out', LOCK)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`\nsaved: ${LOCK}, a lock as before\n`)
    expect(readLock(text(), LOCK)).toMatchObject({ lock, steps: { length: 6 } })
    expect(await now([changed('inserted')], 'regress')).toMatchObject({ code: 0, stderr: '' })
  })

  test('by check, and in a directory', async () => {
    const { now, text, cwd } = await locked(...NOTE)
    const { lock } = readLock(text(), LOCK)
    await now([changed('started')], 'check', 'adders@racy', '--out', LOCK)
    expect(readLock(text(), LOCK)).toMatchObject({ lock, steps: { length: 5 } })
    const [file = ''] =
      /saved: (.*)/.exec((await now([changed()], 'check', 'adders@racy', '--out', './')).stdout)?.slice(1) ?? []
    expect(readSchedule(text(file), file).steps).toHaveLength(4)
    writeFileSync(join(cwd, file), text())
    await now([changed('inserted')], 'check', 'adders@racy', '--out', './')
    expect(readLock(text(file), file)).toMatchObject({ lock, steps: { length: 6 } })
  })

  test('another bug is not written over it', async () => {
    const { now, text, cwd } = await locked()
    const other = text().replace('"name": "nothing is lost"', '"name": "another"')
    writeFileSync(join(cwd, 'other.json'), other)
    const answer = await now([changed()], 'check', 'adders@racy', '--out', 'other.json')
    expect(answer).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'error HMM254: other.json is a lock of adders@racy in two, another\n  remedy: choose another name',
      ) as unknown,
    })
    expect(text('other.json')).toBe(other)
  })

  test('where the corrected variant can do it, too, minimize leaves it as it is', async () => {
    const { now, text } = await locked()
    const before = text()
    const protocol = changed()
    const both = { ...protocol, variants: protocol.variants.map((one) => ({ ...one, constants: { locked: false } })) }
    const { code, stderr } = await now([both], 'minimize', LOCK, '--out', LOCK)
    expect({ code, stderr, text: text() }).toEqual({
      code: 1,
      stderr: `HMM253: ${LOCK} is not changed: fixed can do the same, up to the violation\n`,
      text: before,
    })
  })

  test('a schedule elsewhere is a schedule', async () => {
    const { now, text, cwd } = await locked()
    await now([changed()], 'minimize', LOCK, '--out', 'small.json')
    expect(existsSync(join(cwd, 'small.json'))).toBe(true)
    expect(text('small.json')).toBe(writeSchedule(readSchedule(text('small.json'), 'small.json')))
    expect(text('small.json')).not.toContain('"lock"')
  })
})
