/** `--format` of `check` and `show`: what is printed, what is said beside it, exit codes; and drawings in ASCII. */
import { checkSchema, traceSchema } from '../support/documents.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from 'sarif'
import { beforeAll, describe, expect, test } from 'vitest'
import { isAscii } from '../../src/cli/context.ts'
import { locator } from '../../src/cli/places.ts'
import { position } from '../../src/language/position.ts'
import { buildPage } from '../page/template.ts'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'
import type { World } from './world.ts'

beforeAll(buildPage)

const ONE = ['itf', 'mermaid', 'html'] as const
const RUNS = ['junit', 'sarif'] as const

async function saved(property = 'P-NOUAF'): Promise<World> {
  const one = world()
  await one.run('check', 'notifier@as-posted', '--property', property, '--out', 'one.json')
  return one
}

/** The cases of a JUnit document: name and what became of it. */
const cases = (xml: string): readonly (readonly [string, string])[] =>
  [...xml.matchAll(/<testcase name="([^"]+)"[^>]*?(?:\/>|>\s*<(failure|error)[^]*?<\/testcase>)/g)].map(
    ([, name = '', result = 'passed']) => [name, result] as const,
  )

const results = (text: string): readonly (readonly [string | undefined, boolean])[] =>
  (JSON.parse(text) as Log).runs[0]?.results?.map(
    ({ ruleId, suppressions }) => [ruleId, suppressions !== undefined] as const,
  ) ?? []

describe('check of one model', () => {
  test.each([...ONE, ...RUNS, 'json'])(
    '--format %s: nothing else on standard output, the exit code of the verdict',
    async (format) => {
      const { code, stdout, stderr } = await world().run('check', 'notifier@as-posted', '--format', format)
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      expect(stdout).toMatch(
        {
          itf: /^\{\n"#meta"/,
          mermaid: /^sequenceDiagram\n/,
          html: /^<!doctype html>\n/,
          junit: /^<\?xml /,
          sarif: /^\{\n {2}"\$schema"/,
          json: /^\{\n {2}"schema": 3/,
        }[format] ?? /^$/,
      )
    },
  )

  test('--json is --format json', async () => {
    const answers = await Promise.all(
      [['--json'], ['--format', 'json'], ['--json', '--format', 'json']].map((options) =>
        world().run('check', 'notifier', ...options),
      ),
    )
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1)
    expect(checkSchema.safeParse(JSON.parse(answers[0]?.stdout ?? '')).success).toBe(true)
  })

  test('all its properties; a violation is a failure, expected or not', async () => {
    const { stdout } = await world().run('check', 'notifier@as-posted', '--format', 'junit')
    expect(cases(stdout)).toEqual([
      ['P-NOUAF', 'failure'],
      ['P-NOUAF-possible', 'passed'],
      ['P-REF', 'passed'],
      ['deadlock', 'passed'],
      ['lock-deadlock', 'passed'],
    ])
    expect(stdout).toContain('✗ P-NOUAF: the device uses a freed page')
    const sarif = await world().run('check', 'notifier@as-posted', '--format', 'sarif')
    expect(results(sarif.stdout)).toEqual([['P-NOUAF', false]])
    expect((JSON.parse(sarif.stdout) as Log).runs[0]?.tool.driver.rules?.[0]?.fullDescription?.text).toBe(
      'mmu_notifier.h: the page may be freed after the call',
    )
  })

  test('what is not decided is an error', async () => {
    const { code, stdout } = await world().run('check', 'notifier', '--max-states', '5', '--format', 'junit')
    expect(code).toBe(3)
    expect(cases(stdout).map(([, result]) => result)).toEqual(['error', 'error', 'error', 'error', 'error'])
    expect(stdout).toContain('incomplete: max-states')
  })

  test('of one schedule: the first violated property, or the one that is asked for', async () => {
    const first = await world().run('check', 'notifier@without-lock_order', '--scenario', 'wide', '--format', 'mermaid')
    const asked = await world().run(
      'check',
      'notifier@without-lock_order',
      '--scenario',
      'wide',
      '--property',
      'lock-deadlock',
      '--format',
      'mermaid',
    )
    expect(first.stdout).toContain('✗ deadlock: no step changes the state any more')
    expect(asked.stdout).toContain('✗ lock-deadlock: ')
  })

  test('a witness that is asked for', async () => {
    const { code, stdout } = await world().run('check', 'notifier', '--property', 'P-NOUAF-possible', '--format', 'itf')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ '#meta': { description: 'P-NOUAF-possible is reached' } })
  })

  test('nothing is violated: a note, and no file', async () => {
    expect(await world().run('check', 'notifier', '--format', 'itf')).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'HMM262: nothing is violated, so there is no schedule to write as itf\n  remedy: ask for the witness of a property with --property\n',
    })
  })

  test('--out goes with every format, and says so beside it', async () => {
    const { stdout, stderr } = await world().run('check', 'notifier@as-posted', '--format', 'sarif', '--out', 'x.json')
    expect(stderr).toBe('saved: x.json\n')
    expect(results(stdout)).toHaveLength(1)
  })
})

describe('check of the catalogue', () => {
  test('a violation that is expected is no failure', async () => {
    const junit = await world().run('check', '--format', 'junit')
    expect(junit.code).toBe(0)
    expect(cases(junit.stdout).filter(([, result]) => result !== 'passed')).toEqual([])
    expect(junit.stdout).toContain('P-NOUAF: violated in 9 steps, as expected (by hand)')
    expect(results((await world().run('check', '--format', 'sarif')).stdout)).toEqual([['P-NOUAF', true]])
  })

  test.each([
    ['holds, but is expected to be violated', 'fixed', { verdict: 'violated', violated: ['P-REF'] }, ['P-REF']],
    ['something is expected to be violated, and nothing is', 'fixed', { verdict: 'violated' }, ['as expected']],
    ['violated, but expected to hold', 'as-posted', { verdict: 'holds' }, ['P-NOUAF']],
  ] as const)('%s', async (_, variant, expectation, failures) => {
    const catalogue = [
      { ...notifier, expectations: [{ variant, scenario: 'core', source: 'by hand', ...expectation }] },
    ]
    const { code, stdout } = await world({ catalogue }).run('check', '--format', 'junit')
    expect(code).toBe(1)
    expect(
      cases(stdout)
        .filter(([, result]) => result === 'failure')
        .map(([name]) => name),
    ).toEqual(failures)
  })
})

describe('show', () => {
  test('--format json', async () => {
    const { run } = await saved()
    const { code, stdout } = await run('show', 'one.json', '--format', 'json')
    const document = traceSchema.parse(JSON.parse(stdout))
    expect(code).toBe(0)
    expect(document).toMatchObject({
      outcome: 'confirmed',
      schedule: { property: { name: 'P-NOUAF' } },
      trace: { race: { cell: 'mm.pte', read: 3, write: 7, relies: 9 }, falls: [{ property: 'P-NOUAF', step: 9 }] },
    })
    expect(document.trace?.steps[6]).toMatchObject({
      thread: 'unmap',
      label: 'mm.pte = none',
      changes: ['mm.pte: page 0 → none'],
      locks: { holds: ['mm.lock'] },
      rails: ['holds', 'holds', 'runs'],
    })
  })

  // a page says by which command it was written: test/cli/page.test.ts
  test.each(['itf', 'mermaid'] as const)('--format %s: what check writes', async (format) => {
    const { run } = await saved()
    expect((await run('show', 'one.json', '--format', format)).stdout).toBe(
      (await run('check', 'notifier@as-posted', '--format', format)).stdout,
    )
  })

  test('--format junit, --format sarif', async () => {
    const { run } = await saved()
    expect(cases((await run('show', 'one.json', '--format', 'junit')).stdout)).toEqual([['P-NOUAF', 'failure']])
    expect(results((await run('show', 'one.json', '--format', 'sarif')).stdout)).toEqual([['P-NOUAF', false]])
    const witness = await saved('P-NOUAF-possible')
    expect(cases((await witness.run('show', 'one.json', '--format', 'junit')).stdout)).toEqual([
      ['P-NOUAF-possible', 'passed'],
    ])
  })

  test.each(['json', ...ONE, ...RUNS])(
    '--format %s of a schedule that does not fit any more: as far as it goes, and the exit code',
    async (format) => {
      const { run, cwd } = await saved()
      const { stdout: text } = await run('show', 'one.json', '--format', 'json')
      const { schedule } = traceSchema.parse(JSON.parse(text))
      writeFileSync(
        join(cwd, 'one.json'),
        JSON.stringify({ ...schedule, steps: [...schedule.steps.slice(0, 3), ...schedule.steps.slice(6)] }),
      )
      const { code, stdout, stderr } = await run('show', 'one.json', '--format', format)
      expect({ code, stderr: stderr.slice(0, 40) }).toEqual({
        code: 2,
        stderr: 'HMM223: one.json is outdated: step 4 is ',
      })
      if (format === 'json')
        expect(JSON.parse(stdout)).toMatchObject({ outcome: 'refused', trace: { steps: [{}, {}, {}] } })
      if (format === 'junit') expect(cases(stdout)).toEqual([['P-NOUAF', 'error']])
      if (format === 'sarif') expect(results(stdout)).toEqual([])
      if (format === 'itf')
        expect((JSON.parse(stdout) as { readonly states: readonly unknown[] }).states).toHaveLength(4)
    },
  )
})

describe('mistakes', () => {
  test.each([
    [
      ['check', 'notifier', '--format', 'xml'],
      /HMM200: option '--format <FORMAT>' argument 'xml' is invalid\. Allowed choices are text, json, itf, mermaid, html, junit, sarif, markdown\./,
    ],
    [
      ['check', 'notifier', '--json', '--format', 'sarif'],
      /^error HMM260: --json is --format json, so it does not go with --format sarif/,
    ],
    [['check', '--format', 'itf'], /^error HMM261: --format itf writes one schedule\n {2}remedy: name one model/],
    [
      ['check', 'notifier', '--dry-run', '--format', 'junit'],
      /^error HMM208: --dry-run explores nothing, so it goes neither with --format nor with --out/,
    ],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await world().run(...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

describe('plain ASCII', () => {
  const plain = /^[\n -~]*$/

  test.each([
    ['show --ascii', ['show', 'one.json', '--ascii'], {}],
    ['show, where the locale is not UTF-8', ['show', 'one.json'], { LC_ALL: 'C' }],
    ['check --ascii', ['check', 'notifier@as-posted', '--ascii', '--full'], {}],
  ])('%s', async (_, argv, variables) => {
    const { cwd } = await saved()
    const { stdout } = await world({ cwd, variables }).run(...argv)
    expect(stdout).toMatch(plain)
    expect(stdout).toContain('| mm.pte: page 0 -> none')
    expect(stdout).toContain('x P-NOUAF: the device uses a freed page')
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .filter((line) => line.startsWith('     ') || /^ {1,2}\d/.test(line))
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(100)
  })

  test('check --ascii, the short drawing', async () => {
    const { stdout } = await world().run('check', 'notifier@as-posted', '--ascii')
    expect(stdout).toMatch(plain)
    expect(stdout).toContain('| race: mm.pte: page 0 -> none')
    expect(stdout).toContain('x P-NOUAF: the device uses a freed page')
  })

  test.each([
    [{}, false],
    [{ TERM: 'dumb' }, true],
    [{ TERM: 'dumb', LANG: 'de_DE.UTF-8' }, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'C.UTF-8' }, false],
    [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, true],
    [{ LC_ALL: '', LC_CTYPE: 'en_US.utf8', LANG: 'C' }, false],
    [{ LANG: 'ja_JP.eucJP' }, true],
  ])('on a terminal with %j: %s', (variables, ascii) => {
    expect(isAscii({ write: () => undefined, isTerminal: true, columns: 80 }, variables)).toBe(ascii)
  })
})

describe('where a step stands', () => {
  const here = position()
  const line = Number(/\d+$/.exec(here)?.[0])

  test('in the working directory: from there', () => {
    expect(locator(import.meta.dirname)([here])).toEqual({ file: 'formats.test.ts', line })
    expect(locator(join(import.meta.dirname, '..'))([here])).toEqual({ file: 'cli/formats.test.ts', line })
  })

  test("elsewhere: as the model knows it, but for a call around it that is the user's", () => {
    expect(locator('/elsewhere')([here])).toEqual({ file: 'test/cli/formats.test.ts', line })
    expect(locator(import.meta.dirname)(['kernel/rwsem.ts:58', here])).toEqual({ file: 'formats.test.ts', line })
    expect(locator('/elsewhere')(['kernel/rwsem.ts:58', here])).toEqual({ file: 'kernel/rwsem.ts', line: 58 })
    expect(locator('/elsewhere')(['unknown'])).toBeUndefined()
  })
})
