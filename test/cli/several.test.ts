/**
 * Several runs in one process: models, variants and scenarios by name and by pattern, a summary and one exit code;
 * and what is said of those that were not run.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/cli/environment.ts'
import type { CheckOptions } from '../../src/explorer/result.ts'
import type { Catalogue } from '../../src/catalogue/protocol.ts'
import { checkSchema } from '../support/documents.ts'
import { notifier } from '../support/notifier.ts'
import { referenceEngine } from '../support/reference-engine.ts'
import { world } from './world.ts'

const two: Catalogue = [notifier, { ...notifier, name: 'note.2' }]
/** Model, variant and scenario of each line. */
const rows = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:ok|NOT AS EXPECTED|incomplete) {2}(\S+) +(\S+)/gm)].map(
    ([, name, scenario]) => `${name ?? ''} ${scenario ?? ''}`,
  )

describe('which runs', () => {
  test.each([
    [
      ['notifier', '--scenario', 'core', '--scenario', 'quiet'],
      ['notifier@fixed core', 'notifier@fixed quiet'],
    ],
    [
      ['notifier', '--scenario', 'quiet', '--scenario', 'core'],
      ['notifier@fixed quiet', 'notifier@fixed core'],
    ],
    [
      ['notifier@fixed', '--scenario', '*'],
      ['notifier@fixed core', 'notifier@fixed quiet'],
    ],
    [['notifier@fixed', '--scenario', '*', '--large'], ['notifier@fixed wide']],
    [
      ['notifier@fixed', '--scenario', '*', '--scenario', 'wide'],
      ['notifier@fixed core', 'notifier@fixed quiet', 'notifier@fixed wide'],
    ],
    [['notifier@without-*'], ['notifier@without-lock_order core', 'notifier@without-invalidate core']],
    [
      ['note.2', 'notifier@as-posted'],
      ['note.2@fixed core', 'notifier@as-posted core'],
    ],
    [
      ['n*@fixed', 'notifier@fixed', 'notifier'],
      ['notifier@fixed core', 'note.2@fixed core'],
    ],
    // a dot is a dot
    [['note.*'], ['note.2@fixed core']],
    [
      ['*t*@*d', '--scenario', 'q*'],
      ['notifier@as-posted quiet', 'notifier@fixed quiet', 'note.2@as-posted quiet', 'note.2@fixed quiet'],
    ],
  ])('%j', async (words, expected) => {
    const { stdout } = await world({ catalogue: two }).run('check', ...words)
    expect(rows(stdout)).toEqual(expected)
    expect(stdout).toContain(`\n${expected.length} checked: `)
  })

  test.each([
    [['nothing*'], 'HMM201: no model is called nothing*'],
    [['notifier', 'nothing'], 'HMM201: there is no model nothing'],
    [['notifier@post*'], 'HMM202: notifier has no variant called post*\n  remedy: choose one of as-posted'],
    [
      ['notifier', '--scenario', 'core', '--scenario', 'cor'],
      'HMM203: notifier has no scenario cor\n  remedy: did you mean core?',
    ],
    [['notifier', '--scenario', 'x*'], 'HMM203: notifier has no scenario called x*\n  remedy: choose one of core'],
    [
      ['notifier', '--scenario', 'w*'],
      'HMM203: notifier has only large scenarios called w*\n  remedy: add --large, or name one of wide',
    ],
    [
      ['n*', '--scenario', 'q*', '--large'],
      'HMM203: notifier has no large scenario called q*\n  remedy: leave out --large to get quiet',
    ],
    [['n*', '--property', 'P-X'], 'HMM204: notifier has no property P-X'],
    [['n*', '--config', 'pagse=1'], 'HMM205: notifier has no parameter pagse'],
    [['notifier', '--all'], 'HMM208: --all goes with the whole catalogue'],
    [['n*', '--format', 'mermaid'], 'HMM261: --format mermaid writes one schedule'],
    [
      ['notifier', '--scenario', 'core', '--scenario', 'quiet', '--format', 'itf'],
      'HMM261: --format itf writes one schedule',
    ],
  ])('%j is a mistake', async (words, message) => {
    const { code, stdout, stderr } = await world({ catalogue: two }).run('check', ...words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`error ${message}`)
  })
})

describe('one exit code: whether all is as expected', () => {
  test.each([
    ['one that is expected to be violated, and one that holds', ['notifier@as-posted', 'notifier@fixed'], 0],
    ['a violation that nothing expects', ['notifier@as-posted', 'notifier@without-invalidate'], 1],
    ['the same variant alone tells its verdict', ['notifier@as-posted'], 1],
    ['a limit', ['notifier@fixed', 'note.2', '--max-states', '5'], 3],
    ['steps never taken', ['notifier', '--scenario', '*', '--fail-on', 'never-taken'], 1],
  ])('%s', async (_, words, code) => {
    expect((await world({ catalogue: two }).run('check', ...words)).code).toBe(code)
  })
})

describe('what was not checked', () => {
  test('a holds says of how many scenarios it is', async () => {
    const { stdout } = await world().run('check', 'notifier')
    expect(stdout).toContain('\nholds\nas expected; by hand\n1 of 3 scenarios; not checked: wide, quiet\n')
  })

  test('not where there is one scenario, and not of a violation', async () => {
    const [only] = notifier.scenarios
    if (only === undefined) throw new Error('no scenario')
    const alone = { ...notifier, scenarios: [only], expectations: [] }
    expect((await world({ catalogue: [alone] }).run('check', 'notifier')).stdout).not.toContain('not checked')
    expect((await world().run('check', 'notifier@as-posted')).stdout).not.toContain('not checked')
  })

  test('several runs: scenarios that no run was of', async () => {
    expect((await world({ catalogue: two }).run('check', 'n*@*')).stdout).toMatch(
      /\nnot checked: notifier in wide \(large\), quiet; note\.2 in wide \(large\), quiet\n$/,
    )
    expect((await world().run('check', 'notifier', '--scenario', '*', '--scenario', 'wide')).stdout).toMatch(
      / incomplete\n$/,
    )
  })

  test('in JSON, each run', async () => {
    const { stdout } = await world({ catalogue: two }).run(
      'check',
      'notifier@fixed',
      'notifier@as-posted',
      '--scenario',
      'core',
      '--scenario',
      'quiet',
      '--json',
    )
    expect(
      checkSchema
        .parse(JSON.parse(stdout))
        .runs.map(({ variant, scenario, notChecked }) => [variant, scenario, notChecked]),
    ).toEqual([
      ['fixed', 'core', ['wide']],
      ['fixed', 'quiet', ['wide']],
      ['as-posted', 'core', ['wide']],
      ['as-posted', 'quiet', ['wide']],
    ])
  })
})

test('--out: a folder a model, unless one model is named', async () => {
  const { cwd, run } = world({ catalogue: two })
  await run('check', 'n*@as-posted', '--out', 'all/')
  expect(readdirSync(join(cwd, 'all')).toSorted()).toEqual(['note.2', 'notifier'])
  await run('check', 'notifier@*', '--out', 'one/')
  expect(readdirSync(join(cwd, 'one'), { withFileTypes: true }).filter((entry) => !entry.isFile())).toEqual([])
  expect(readdirSync(join(cwd, 'one'))).toContain('as-posted.core.P-NOUAF.json')
})

describe('--workers', () => {
  function counting(): { readonly engine: Engine; readonly asked: CheckOptions[] } {
    const asked: CheckOptions[] = []
    return {
      asked,
      engine: {
        check: (model, options) => {
          asked.push(options)
          return referenceEngine(model, options)
        },
        describeLayout: () => Promise.reject(new Error('not asked for')),
      },
    }
  }

  test('of several runs they go to the large ones, which come last', async () => {
    const { engine, asked } = counting()
    const { stdout } = await world({ engine }).run(
      'check',
      'notifier',
      '--scenario',
      'wide',
      '--scenario',
      'core',
      '--workers',
      '2',
    )
    expect(rows(stdout)).toEqual(['notifier@fixed core', 'notifier@fixed wide'])
    expect(asked.map(({ workers }) => workers)).toEqual([undefined, 2])
  })

  test('of one run, to that', async () => {
    const { engine, asked } = counting()
    await world({ engine }).run('check', 'notifier', '--workers', '2')
    expect(asked.map(({ workers }) => workers)).toEqual([2])
  })

  test('more than there are processors are not started, and that is said', async () => {
    const { engine, asked } = counting()
    const { stdout, stderr } = await world({ engine, processors: 2 }).run('check', 'notifier', '--workers', '1000')
    expect(asked.map(({ workers }) => workers)).toEqual([2])
    expect(stderr).toBe(
      'HMM216: --workers 1000: 2 explore, because this machine has 2 processors; more threads would take memory and not be faster\n',
    )
    expect(stdout).toContain(' --workers 2')
    expect((await world({ engine, processors: 2 }).run('check', 'notifier', '--workers', '2')).stderr).toBe('')
  })
})

test.each([
  ['check', 'notifier', '--max-states', '5', '--max-states', '6'],
  ['check', 'notifier', '--minimize', 'steps', '--minimize', 'threads'],
  ['check', 'notifier', '--out', 'a', '--out', 'b'],
  ['fuzz', 'notifier', '--scenario', 'core', '--scenario', 'quiet'],
  ['fuzz', 'notifier', '--seed', '1', '--seed', '1'],
  ['lock', 'a.json', '--name', 'a', '--name', 'b'],
  ['minimize', 'a.json', '--timeout', '1', '--timeout', '2'],
  ['regress', '--max-states', '1', '--max-states', '2'],
  ['show', 'a.json', '--format', 'text', '--format', 'itf'],
])('%s %s: an option that has one value is given twice', async (...argv) => {
  const { code, stderr } = await world().run(...argv)
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^error HMM217: --\S+ is given twice, the second time as \S+; it has one value\n {2}remedy: leave one of them out\n$/,
    ) as string,
  })
})
