/** `minimize`, of schedules that a walk has made, that somebody wrote, that do not fit any more. */
import { replayOnWhole } from '../../src/explorer/whole.ts'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/configure.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { SettingNames } from '../../src/catalogue/setting.ts'
import { interleavings } from '../../src/schedules/interleavings.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { machineOf } from '../../src/semantics/counterexample.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import { originOf, record } from '../../src/schedules/record.ts'
import type { Schedule, ScheduleProperty } from '../../src/schedules/schedule.ts'
import { contextSwitches } from '../../src/schedules/switches.ts'
import { writeSchedule } from '../../src/schedules/write.ts'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'
import type { World } from './world.ts'

const nouaf: ScheduleProperty = { name: 'P-NOUAF', kind: 'assertion', outcome: 'violated' }

/** The schedule of a walk that shows a property after many steps. */
function walked(
  protocol: Protocol,
  names: SettingNames,
  property: ScheduleProperty,
  least: number,
  seed = 2017,
): Schedule {
  const setting = settingOf(protocol, names)
  const model = configure(protocol.model, setting.configuration)
  const machine = machineOf(model, property)
  for (let n = 0; n < 40; n += 1) {
    const [run] = fc.sample(interleavings(machine.model, { maxSteps: 4 * least }), { numRuns: 1, seed: seed + n })
    const shown = run && firstShown(machine, run, property)
    if (run !== undefined && shown !== undefined && shown >= least)
      return record(
        originOf(setting),
        replayOnWhole(model)(property, { initial: run.initial, steps: run.steps.slice(0, shown) }),
      )
  }
  throw new Error(`no walk shows ${property.name} after ${least} steps or more`)
}

const long = walked(notifier, { variant: 'as-posted', scenario: 'wide' }, nouaf, 16)

/** A world with a schedule in `long.json`. */
function worldWith(
  schedule: Schedule | string,
  changes: Parameters<typeof world>[0] = {},
): World & { readonly read: (file: string) => Schedule } {
  const one = world({ engine: { check, describeLayout: () => Promise.reject(new Error('nobody asks')) }, ...changes })
  writeFileSync(join(one.cwd, 'long.json'), typeof schedule === 'string' ? schedule : writeSchedule(schedule))
  return { ...one, read: (file) => readSchedule(readFileSync(join(one.cwd, file), 'utf8'), file) }
}

/** What is printed but for the drawing. */
const said = (stdout: string): readonly string[] =>
  stdout.split('\n').filter((line) => line !== '' && !/^ {5}| {2}[│┃┆] /.test(line))

describe('a long schedule', () => {
  test('is reduced, searched for a shorter one, and tried in smaller scenarios', async () => {
    const { run, read } = worldWith(long)
    const { code, stdout, stderr } = await run('minimize', 'long.json', '--out', 'short.json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [title, given, reduced, searched, smaller, ...rest] = said(stdout)
    expect(title).toBe('notifier@as-posted, scenario wide with devices=2,pages=2')
    expect(given).toBe(`  as given           ${long.steps.length} steps, ${contextSwitches(long.steps)} switches`)
    expect(reduced).toMatch(/^ {2}reduced +9 steps, 2 switches +\d+ schedules tried$/)
    expect(searched).toMatch(/^ {2}searched +9 steps, 2 switches +\d+ states$/)
    expect(smaller).toMatch(/^ {2}devices=1,pages=1 {2}9 steps, 2 switches +\d+ states$/)
    expect(rest).toEqual([
      'P-NOUAF is violated in 9 steps, notifier@as-posted, scenario wide with devices=1,pages=1:',
      'minimal: 9 steps, 2 switches',
      'saved: short.json',
      'repeat with: npx hmmcheck minimize long.json --out short.json',
    ])
    expect(stdout).toContain('✗ P-NOUAF: the device uses a freed page')
    expect(read('short.json')).toMatchObject({ configuration: { sizes: { devices: 1, pages: 1 } } })
    expect(read('short.json').steps).toHaveLength(9)
    expect(await run('replay', 'short.json')).toMatchObject({ code: 0, stderr: '' })
  })

  test('the same twice', async () => {
    const { run } = worldWith(long)
    expect(await run('minimize', 'long.json')).toEqual(await run('minimize', 'long.json'))
  })

  test('a witness, too', async () => {
    const witness = walked(
      notifier,
      { variant: 'as-posted', scenario: 'wide' },
      { name: 'P-NOUAF-possible', kind: 'sometimes', outcome: 'witnessed' },
      8,
    )
    const { code, stdout } = await worldWith(witness).run('minimize', 'long.json')
    expect(code).toBe(0)
    expect(said(stdout)).toContain(
      'P-NOUAF-possible is witnessed in 4 steps, notifier@as-posted, scenario wide with devices=1,pages=1:',
    )
    expect(said(stdout)).toContain('minimal: 4 steps, 1 switch')
  })

  test('where smaller scenarios can not show it, they are counted', async () => {
    const crosswise = walked(
      notifier,
      { variant: 'without-lock_order', scenario: 'wide' },
      { name: 'lock-deadlock', kind: 'lock-deadlock', outcome: 'violated' },
      5,
    )
    const tight: Protocol = {
      ...notifier,
      parameters: { ...notifier.parameters, devices: { sort: 'Device', min: 0, max: 2, summary: 'devices' } },
    }
    const { stdout } = await worldWith(crosswise, { catalogue: [tight] }).run('minimize', 'long.json')
    expect(said(stdout)).toContain('  2 smaller scenarios do not show it')
    expect(stdout).toMatch(/devices=1,pages=1 {2}\d steps/)
  })
})

test('a lock is a schedule, too', async () => {
  const { run, read } = worldWith({
    ...long,
    configuration: { ...long.configuration, sizes: { devices: 1, pages: 1 } },
    steps: [],
  })
  expect(await run('minimize', 'long.json', '--out', 'short.json')).toMatchObject({ code: 0 })
  expect(await run('lock', 'short.json', '--name', 'short')).toMatchObject({ code: 0 })
  const { code, stdout } = await run('minimize', 'counterexamples/notifier/short.json', '--out', 'again.json')
  expect({ code, again: read('again.json') }).toEqual({ code: 0, again: read('short.json') })
  expect(stdout).toContain('\nminimal: 9 steps, 2 switches\n')
})

describe('other measures', () => {
  test.each([
    ['switches', 'minimal: 2 switches, 9 steps'],
    // the fault and the unmapping go on to their ends: two unlocks more
    ['preemptions', 'minimal: 0 preemptions, 11 steps'],
    ['threads', 'minimal: 3 threads, 9 steps'],
  ])('%s', async (measure, minimal) => {
    const { code, stdout } = await worldWith(long).run('minimize', 'long.json', '--minimize', measure)
    expect(code).toBe(0)
    expect(said(stdout)).toContain(minimal)
    expect(said(stdout)).toContain(`repeat with: npx hmmcheck minimize long.json --minimize ${measure}`)
  })
})

test('Ctrl-C is heard while it is reduced', async () => {
  const walk = walked(mirror2017Protocol, { variant: 'as-posted', scenario: 'core' }, nouaf, 100)
  const { code, stdout } = await worldWith(walk, {
    catalogue: [mirror2017Protocol],
    onInterrupt: (stop) => {
      setTimeout(stop)
      return () => undefined
    },
  }).run('minimize', 'long.json')
  expect(code).toBe(130)
  expect(stdout).toMatch(
    /\n {2}reduced .* schedules? tried, stopped before the end\n {2}searched +0 states, then interrupted\n/,
  )
}, 60_000)

describe('limits', () => {
  test('a search that is stopped proves nothing', async () => {
    const { code, stdout } = await worldWith(long).run('minimize', 'long.json', '--max-states', '20')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /\n {2}searched +\d+ states, then max-states\n {2}not decided: devices=1,pages=1 \(max-states\), devices=1,pages=2 \(max-states\), devices=2,pages=1 \(max-states\)\n/,
    )
    expect(stdout).toContain('\nreduced: 9 steps, 2 switches\n')
  })

  test('time', async () => {
    const { code, stdout } = await worldWith(long).run('minimize', 'long.json', '--timeout', '0.000001')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /\n {2}reduced +\d+ steps, \d+ switches {2}0 schedules tried, stopped before the end\n {2}searched +0 states, then timeout\n/,
    )
    expect(stdout).toContain(`\nreduced: ${long.steps.length} steps, `)
  })

  test('Ctrl-C: 130, and what it has come to', async () => {
    const { code, stdout } = await worldWith(long, {
      onInterrupt: (stop) => {
        stop()
        return () => undefined
      },
    }).run('minimize', 'long.json')
    expect(code).toBe(130)
    expect(stdout).toContain('then interrupted\n')
    expect(stdout).toContain(`\nreduced: ${long.steps.length} steps, `)
  })
})

describe('a schedule that does not fit any more', () => {
  test('what fits is kept, and that is said', async () => {
    const old: Schedule = {
      ...long,
      steps: long.steps.toSpliced(2, 0, { thread: 'unmap', path: '9', label: 'msleep(1)', choices: [] }),
    }
    const { run, read } = worldWith(old)
    const { code, stdout, stderr } = await run('minimize', 'long.json', '--out', 'short.json')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'HMM231: long.json no longer fits the model: 1 step left out, first step 3, unmap: msleep(1)\n',
    })
    expect(stdout).toMatch(
      new RegExp(`\\n {2}as far as it fits +${long.steps.length} steps, \\d+ switches +1 step left out\\n`),
    )
    expect(read('short.json').steps).toHaveLength(9)
  })

  test('where what fits does not show it, the search does', async () => {
    const old: Schedule = { ...long, steps: long.steps.map((step) => ({ ...step, thread: `${step.thread} of old` })) }
    const { code, stdout, stderr } = await worldWith(old).run('minimize', 'long.json')
    expect(code).toBe(0)
    expect(stderr).toContain(
      `HMM231: long.json no longer fits the model: ${long.steps.length} steps left out, first step 1, `,
    )
    expect(stdout).toMatch(/\n {2}as far as it fits +0 steps, 0 switches +\d+ steps left out; does not show it\n/)
    expect(stdout).toContain('\nminimal: 9 steps, 2 switches\n')
  })

  test('another initial state is taken', async () => {
    const { code, stdout, stderr } = await worldWith({
      ...long,
      initial: { choices: [{ name: 'page', value: 9 }] },
    }).run('minimize', 'long.json')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'HMM231: long.json no longer fits the model: there is no initial state with page = 9\n',
    })
    expect(stdout).toContain('\nminimal: 9 steps, 2 switches\n')
  })

  test('where it can not be shown at all: 1, and what was tried', async () => {
    const { run, cwd } = worldWith({ ...long, variant: 'fixed' })
    const { code, stdout, stderr } = await run('minimize', 'long.json', '--out', 'short.json')
    expect(code).toBe(1)
    expect(stdout).toMatch(/\n {2}searched +\d+ states in all: none shows it\n$/)
    expect(stderr).toContain('HMM230: P-NOUAF is no longer violated: no state of the model shows it\n')
    expect(readdirSync(cwd)).toEqual(['long.json'])
  })

  test('where nobody knows: 1, and what could be tried', async () => {
    const { code, stderr } = await worldWith({ ...long, variant: 'fixed' }).run(
      'minimize',
      'long.json',
      '--max-states',
      '10',
    )
    expect(code).toBe(1)
    expect(stderr).toContain(
      'HMM230: P-NOUAF is no longer violated: neither the steps that still fit nor a search shows it\n  remedy: allow more with --max-states or --timeout\n',
    )
  })

  test('it fits, and does not show it', async () => {
    const { code, stdout } = await worldWith({ ...long, steps: long.steps.slice(0, 3) }).run('minimize', 'long.json')
    expect(code).toBe(0)
    expect(stdout).toMatch(/\n {2}played +3 steps, \d switch(es)? +does not show it\n/)
    expect(stdout).toContain('\nminimal: 9 steps, 2 switches\n')
  })
})

describe('mistakes end with 2, and leave nothing', () => {
  test.each([
    ['no JSON', '{', 'HMM221'],
    ['no schedule', '{}', 'HMM222'],
    [
      'of a property that there is not',
      writeSchedule({ ...long, property: { ...nouaf, name: 'P-NOUFA' } }),
      'error HMM204: notifier has no property P-NOUFA\n  remedy: did you mean P-NOUAF?',
    ],
    ['of a variant that there is not', writeSchedule({ ...long, variant: 'posted' }), 'HMM202'],
    [
      "of sizes that can't be",
      writeSchedule({ ...long, configuration: { ...long.configuration, sizes: { devices: 7 } } }),
      'HMM206',
    ],
  ])('a file that is %s', async (_, text, message) => {
    const { run, cwd } = worldWith(text)
    const { code, stdout, stderr } = await run('minimize', 'long.json', '--out', 'short.json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(readdirSync(cwd)).toEqual(['long.json'])
  })

  test('a relation, which is of many schedules', async () => {
    const ordered: Protocol = {
      ...notifier,
      model: { ...notifier.model, properties: [...notifier.model.properties, { name: 'P-ORDER', kind: 'collected' }] },
    }
    const { code, stdout, stderr } = await worldWith(
      { ...long, property: { ...nouaf, name: 'P-ORDER' } },
      { catalogue: [ordered] },
    ).run('minimize', 'long.json')
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error HMM232: no single schedule violates P-ORDER, since it is a relation\n  remedy: minimize the schedule of one of its pairs\n',
    })
  })

  test.each([
    [['--minimize', 'states'], "error HMM200: option '--minimize <MEASURE>' argument 'states' is invalid"],
    [['--max-states', '0'], 'error HMM207: --max-states 0'],
    [['--timeout', 'soon'], 'error HMM207: --timeout soon'],
  ])('%j', async (options, message) => {
    const { code, stderr } = await worldWith(long).run('minimize', 'long.json', ...options)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  test('a place where nothing can be written', async () => {
    const { run, cwd } = worldWith(long)
    mkdirSync(join(cwd, 'short.json'))
    const { code, stdout, stderr } = await run('minimize', 'long.json', '--out', 'short.json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error HMM210: .*short\.json can't be written/)
    expect(readdirSync(cwd).sort()).toEqual(['long.json', 'short.json'])
    expect(existsSync(join(cwd, 'short.json', 'long.json'))).toBe(false)
  })
})

test('of a walk through the mirror of 2017, as posted, the minimum is left', async () => {
  const walk = walked(mirror2017Protocol, { variant: 'as-posted', scenario: 'mirror' }, nouaf, 100)
  expect(walk.steps.length).toBeGreaterThanOrEqual(100)
  const setting = settingOf(mirror2017Protocol, { variant: 'as-posted', scenario: 'mirror' })
  const searched = await check(configure(mirror2017Protocol.model, setting.configuration), {
    properties: ['P-NOUAF'],
    stopAtFirst: true,
  })
  const steps = searched.properties.find(({ name }) => name === 'P-NOUAF')?.steps
  const { run, read } = worldWith(walk, { catalogue: [mirror2017Protocol] })
  const { code, stdout } = await run('minimize', 'long.json', '--out', 'short.json')
  expect({ code, steps }).toEqual({ code: 0, steps: 14 })
  expect(read('short.json').steps).toHaveLength(14)
  expect(read('short.json').configuration.sizes).toMatchObject({ cpus: 1, devices: 1, pages: 1, addresses: 1 })
  expect(stdout).toContain('\nminimal: 14 steps, 3 switches\n')
}, 60_000)
