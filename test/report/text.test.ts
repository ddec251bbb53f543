/** Numbers, line breaks, verdict lines, the progress line. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../src/explorer/result.ts'
import { programOf } from '../../src/cli/environment.ts'
import type { Progress } from '../../src/explorer/result.ts'
import { progressLine, progressText } from '../../src/cli/progress.ts'
import { paintOf, widthOf } from '../../src/cli/context.ts'
import { parseSize, bytesText } from '../../src/cli/options/values.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { nearest } from '../../src/language/near.ts'
import { showBytes, showCount, showRough, showSeconds } from '../../src/report/numbers.ts'
import { ansiPaint, plainPaint } from '../../src/report/paint.ts'
import { summaryLines } from '../../src/report/text.ts'
import { wrap } from '../../src/report/wrap.ts'
import { notifier } from '../support/notifier.ts'

test.each([
  [showCount, 0, '0'],
  [showCount, 999, '999'],
  [showCount, 1000, '1,000'],
  [showCount, 1234567, '1,234,567'],
  [showRough, 0, '0'],
  [showRough, 9499, '9,499'],
  [showRough, 9500, '10 thousand'],
  [showRough, 999_499, '999 thousand'],
  [showRough, 999_500, '1.0 million'],
  [showRough, 6_700_000, '6.7 million'],
  [showRough, 48_000_000, '48 million'],
  [showRough, Number.NaN, '0'],
  [showSeconds, 0, '0.00 s'],
  [showSeconds, 9.99, '9.99 s'],
  [showSeconds, 9.995, '10.0 s'],
  [showSeconds, 119.4, '119.4 s'],
  [showSeconds, 250, '4 min 10 s'],
  [showBytes, 2 ** 20, '1 MiB'],
  [showBytes, 2 ** 30, '1.0 GiB'],
  [showBytes, 3.25 * 2 ** 30, '3.3 GiB'],
] as const)('%o of %d is %s', (show, number, text) => {
  expect(show(number)).toBe(text)
})

describe('wrap', () => {
  test.each([
    ['short', 20, ['short']],
    ['down_write(&mm.mmap_sem)', 16, ['down_write(&mm.', '  mmap_sem)']],
    ['driver[device].pte[va] = none', 18, ['driver[device].', '  pte[va] = none']],
    ['  holds mm.mmap_sem (writer)', 20, ['  holds mm.mmap_sem', '    (writer)']],
    ['abcdefghijklmnopqrstuvwxyz', 10, ['abcdefghij', '  klmnopqr', '  stuvwxyz']],
  ])('%j in %i', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  test('no line is longer than asked for, and nothing but spaces is lost', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab_.([ ,->'), maxLength: 80 }),
        fc.integer({ min: 8, max: 40 }),
        (text, width) => {
          const lines = wrap(text.trim(), width)
          expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        },
      ),
    )
  })
})

test.each([
  ['fixd', ['fixed']],
  ['FIXED', ['fixed']],
  ['posted', ['as-posted']],
  ['without-lock', ['without-lock_order']],
  ['x', []],
  ['fxied', ['fixed']],
  ['', []],
])('near %j is %j', (name, near) => {
  expect(
    nearest(
      name,
      notifier.variants.map((variant) => variant.name),
    ),
  ).toEqual(near)
})

test.each([
  ['/w/hmmcheck/bin/hmmcheck.ts', 'npm run hmmcheck --'],
  ['/w/mine/node_modules/.bin/hmmcheck', 'npx hmmcheck'],
  ['/usr/local/bin/hmmcheck', 'hmmcheck'],
  ['/w/hmmcheck/dist/bin/hmmcheck.js', 'node ../hmmcheck/dist/bin/hmmcheck.js'],
])('what runs %s is repeated by %s', (script, program) => {
  expect(programOf(script, '/w/mine')).toBe(program)
})

test.each([
  ['hmmcheck', 'check:large', 'npm run hmmcheck --'],
  ['hmmcheck', 'test', 'node dist/bin/hmmcheck.js'],
  ['mine', 'check', 'node dist/bin/hmmcheck.js'],
])('in the package %s, what the script %s runs is repeated by %s', (name, event, program) => {
  const variables = { npm_package_name: name, npm_lifecycle_event: event }
  expect(programOf('/w/hmmcheck/dist/bin/hmmcheck.js', '/w/hmmcheck', variables)).toBe(program)
})

test('sizes are shown as they can be typed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (bytes) => {
      expect(parseSize('--max-memory')(bytesText(bytes))).toBe(bytes)
    }),
  )
  expect([1, 1024, 3 * 2 ** 20, 2 ** 32, 2 ** 40, 1025].map(bytesText)).toEqual(['1', '1K', '3M', '4G', '1T', '1025'])
})

describe('the last lines', () => {
  const result: CheckResult = {
    verdict: 'incomplete',
    incomplete: 'timeout',
    states: 1_234_567,
    stored: 1_234_567,
    symmetry: { scalarsets: [], refused: [] },
    transitions: 7_654_321,
    depth: 41,
    levelSizes: [],
    seconds: 2.5,
    searchSeconds: 2.5,
    bytesPerState: 23.6,
    stateBits: 61,
    workers: 2,
    deadLocalReset: false,
    minimize: 'steps',
    droppedGhosts: ['newest'],
    neverTaken: [],
    warnings: [],
    properties: [],
  }
  const last = (change: Partial<CheckResult>): readonly string[] =>
    summaryLines(
      { setting: settingOf(notifier), notChecked: [], result: { ...result, ...change }, command: 'THE COMMAND' },
      100,
      plainPaint,
    )

  test('memory and speed are of the states that were stored, and say so', () => {
    expect(last({ stored: 123_456, bytesPerState: 236 }).slice(1, 3)).toEqual([
      expect.stringContaining('61 bits per state, 236 bytes of memory per stored state, 2 workers'),
      '2.50 s, 49 thousand stored states/s',
    ])
  })

  test('of an incomplete run', () => {
    expect(last({})).toEqual([
      'incomplete; not every state was visited: timeout',
      '1,234,567 states, 7,654,321 transitions, depth 41; 61 bits per state, 24 bytes of memory per state, 2 workers, dead locals kept, left out because no checked property reads them: newest',
      '2.50 s, 494 thousand states/s',
      'steps never taken: known only after a complete run',
      'repeat with: THE COMMAND',
    ])
  })

  test('of a run with symmetry', () => {
    const symmetry: CheckResult['symmetry'] = {
      scalarsets: [
        { kind: 'ids', name: 'Page', size: 2 },
        { kind: 'ids', name: 'Hmm', size: 3 },
        { kind: 'copies', name: 'registrar', thread: 1, size: 2 },
      ],
      refused: [{ name: 'Cpu', why: 'cpu 0 names an element' }],
    }
    const lines = last({ stored: 12_345, symmetry })
    expect(lines[1]).toMatch(
      '1,234,567 states (12,345 stored, symmetry of 2 pages, 3 of Hmm, 2 copies of registrar), 7,654,321 transitions',
    )
    expect(lines).toContain('no symmetry of Cpu: cpu 0 names an element')
  })

  test('of a run with warnings', () => {
    const what = 'an assertion of a name that is so long that the line has to be broken somewhere near its end'
    expect(
      last({ warnings: [{ code: 'HMM061', what, at: 'model/driver.ts:7', remedy: 'assert it' }] }).slice(-4),
    ).toEqual([
      'warning HMM061, model/driver.ts:7: an assertion of a name that is so long that the line has to be',
      '  broken somewhere near its end',
      '  remedy: assert it',
      'repeat with: THE COMMAND',
    ])
  })

  test('of more steps never taken than anybody reads', () => {
    const neverTaken = Array.from({ length: 30 }, (_, n) => ({ thread: 'cpu', path: String(n), label: `step ${n}` }))
    const { incomplete: _, ...complete } = result
    const lines = summaryLines(
      {
        setting: settingOf(notifier),
        notChecked: [],
        result: { ...complete, verdict: 'holds', neverTaken },
        command: 'THE COMMAND',
      },
      100,
      plainPaint,
    )
    expect(lines.filter((line) => line.startsWith('  cpu: '))).toHaveLength(20)
    expect(lines.at(-2)).toBe('  and 10 more, all of them with --json')
  })
})

describe('progress', () => {
  const progress = (seconds: number): Progress => ({
    states: 1e6 * seconds,
    transitions: 3e6 * seconds,
    depth: 7,
    queue: 1234,
    memory: 2 ** 28,
    seconds,
  })

  function written(isTerminal: boolean, seconds: readonly number[]): readonly string[] {
    const texts: string[] = []
    const line = progressLine(
      {
        write: (text) => {
          texts.push(text)
        },
        isTerminal,
        columns: 60,
      },
      'model',
      progressText,
    )
    for (const second of seconds) line.onProgress(progress(second))
    line.done()
    return texts
  }

  test('nothing in the first second', () => {
    expect(written(false, [0.5, 0.99])).toEqual([])
    expect(written(true, [0.5, 0.99])).toEqual([])
  })

  test('states that are visited again are not counted as new', () => {
    expect(progressText({ ...progress(2), again: true })).toBe(
      '2.00 s  looks for schedules: 2,000,000 states visited again, depth 7, 256 MiB',
    )
  })

  test('lines come ever more rarely where there is no terminal', () => {
    const lines = written(
      false,
      Array.from({ length: 600 }, (_, n) => n / 2),
    )
    expect(lines[0]).toBe('model  1.00 s  1,000,000 states, 1.0 million states/s, depth 7, queue 1,234, 256 MiB\n')
    expect(lines.map((line) => /(\S+) (?:s|min \d+ s)  /.exec(line)?.[0])).toEqual([
      '1.00 s  ',
      '2.00 s  ',
      '4.00 s  ',
      '8.00 s  ',
      '16.0 s  ',
      '32.0 s  ',
      '64.0 s  ',
      '2 min 4 s  ',
      '3 min 4 s  ',
      '4 min 4 s  ',
    ])
  })

  test('on a terminal one line is written over, and taken away', () => {
    const [first, second, gone] = written(true, [1, 1.5])
    expect(first).toBe(
      `\r${'model  1.00 s  1,000,000 states, 1.0 million states/s, depth 7, queue 1,234, 256 MiB'.slice(0, 59)}\u001b[K`,
    )
    expect(second).toContain('1.50 s')
    expect(gone).toBe('\r\u001b[K')
  })
})

describe('the terminal', () => {
  const output = { write: () => undefined, isTerminal: true, columns: 100 }
  const file = { ...output, isTerminal: false, columns: undefined }

  test.each([
    ['a terminal', output, {}, ansiPaint],
    ['a terminal and NO_COLOR', output, { NO_COLOR: '1' }, plainPaint],
    ['a terminal and an empty NO_COLOR', output, { NO_COLOR: '' }, ansiPaint],
    ['a dumb terminal', output, { TERM: 'dumb' }, plainPaint],
    ['a file', file, {}, plainPaint],
    ['a file and FORCE_COLOR', file, { FORCE_COLOR: '1' }, ansiPaint],
    ['NO_COLOR and FORCE_COLOR', output, { FORCE_COLOR: '1', NO_COLOR: '1' }, plainPaint],
  ])('%s', (_, where, variables, paint) => {
    expect(paintOf(where, variables)).toBe(paint)
  })

  test('has a width that can be drawn in', () => {
    expect([undefined, 20, 100, 500].map((columns) => widthOf({ ...output, columns }))).toEqual([100, 60, 100, 160])
  })
})
