/** Every mistake ends with code 2, a clear message on stderr, nothing on stdout, and no stack trace. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Engine } from '../../src/cli/environment.ts'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'

test.each([
  [['chekc'], "error HMM200: unknown command 'chekc'"],
  [['check', 'notifier', '--workrs', '2'], "error HMM200: unknown option '--workrs'"],
  [['check', 'notifier', 'again'], 'error HMM201: there is no model again'],
  [['replay'], "error HMM200: missing required argument 'FILE'"],
  [['check', 'notifier', '--out'], "error HMM200: option '--out <FILE|DIR/>' argument missing"],
  [['check', 'notifier', '--fail-on', 'holds'], "error HMM200: option '--fail-on <WHAT>' argument 'holds' is invalid"],
  [
    ['check', 'notifer'],
    /error HMM201: there is no model notifer\n {2}likely cause: .*no hmmcheck\.config\.ts.*\n {2}remedy: did you mean notifier\?/,
  ],
  [
    ['check', 'zzzzzz'],
    /error HMM201: there is no model zzzzzz\n {2}likely cause: .*\n {2}remedy: choose one of notifier; for models of your own/,
  ],
  [['check', '@fixed'], 'error HMM201: @fixed is not the name of a model\n  remedy: write MODEL or MODEL@VARIANT'],
  [['check', 'notifier@'], 'error HMM201: notifier@ is not the name of a model'],
  [['check', 'notifier@a@b'], 'error HMM201: notifier@a@b is not the name of a model'],
  [
    ['list', 'notifer'],
    /error HMM201: there is no model notifer\n {2}likely cause: .*no hmmcheck\.config\.ts.*\n {2}remedy: did you mean notifier\?/,
  ],
  [['check', 'notifier@asposted'], 'error HMM202: notifier has no variant asposted\n  remedy: did you mean as-posted?'],
  [
    ['check', 'notifier', '--scenario', 'cores'],
    'error HMM203: notifier has no scenario cores\n  remedy: did you mean core?',
  ],
  [
    ['check', 'notifier', '--property', 'P-NOUFA'],
    'error HMM204: notifier has no property P-NOUFA\n  remedy: did you mean P-NOUAF?',
  ],
  [
    ['check', 'notifier', '--config', 'device=1'],
    'error HMM205: notifier has no parameter device\n  remedy: did you mean devices?',
  ],
  [
    ['check', 'notifier', '--config', 'devices'],
    'error HMM205: --config devices: "devices" is not a parameter with a number\n  remedy: write for example --config cpus=2,devices=1',
  ],
  [['check', 'notifier', '--config', 'devices=1.5'], 'error HMM205: --config devices=1.5'],
  [['check', 'notifier', '--config', 'devices=1,'], 'error HMM205: --config devices=1,: ""'],
  [
    ['check', 'notifier', '--config', 'devices=1,devices=2'],
    'error HMM205: --config devices=1,devices=2: devices is given twice',
  ],
  [
    ['check', 'notifier', '--config', 'devices=3'],
    "error HMM206: notifier can't be checked with devices=3\n  remedy: make devices (devices that map the page) a whole number from 1 to 2",
  ],
  [['check', 'notifier', '--config', 'devices=0'], "error HMM206: notifier can't be checked with devices=0"],
  [['check', 'notifier', '--workers', '0'], 'error HMM207: --workers 0: expected a whole number of at least 1'],
  [['check', 'notifier', '--workers', 'two'], 'error HMM207: --workers two'],
  [['check', 'notifier', '--max-states', '1.5'], 'error HMM207: --max-states 1.5'],
  [
    ['check', 'notifier', '--max-memory', '4X'],
    'error HMM207: --max-memory 4X: expected a size\n  remedy: write for example --max-memory 4G',
  ],
  [['check', 'notifier', '--timeout', '-1'], 'error HMM207: --timeout -1: expected a number of seconds'],
  [['check', '--scenario', 'core'], 'error HMM208: --scenario needs a model\n  remedy: name one'],
  [['check', '--property', 'deadlock'], 'error HMM208: --property needs a model'],
  [['check', '--config', 'devices=1'], 'error HMM208: --config needs a model'],
  [['check', 'notifier', '--dry-run', '--json'], 'error HMM208: --dry-run explores nothing'],
  [
    ['check', 'notifier', '--catalogue', 'none.js'],
    'none.js does not exist\n  remedy: name a .js or .ts file that exports `catalogue`',
  ],
  [['fuzz'], "error HMM200: missing required argument 'MODEL[@VARIANT]'"],
  [
    ['fuzz', 'notifer'],
    /error HMM201: there is no model notifer\n {2}likely cause: .*no hmmcheck\.config\.ts.*\n {2}remedy: did you mean notifier\?/,
  ],
  [['fuzz', 'notifier', '--strategy', 'best'], "error HMM200: option '--strategy <NAME>' argument 'best' is invalid"],
  [['fuzz', 'notifier', '--seed', '-1'], 'error HMM207: --seed -1: expected a whole number of at least 0'],
  [['fuzz', 'notifier', '--runs', '0'], 'error HMM207: --runs 0: expected a whole number of at least 1'],
  [['fuzz', 'notifier', '--max-steps', 'many'], 'error HMM207: --max-steps many'],
  [['fuzz', 'notifier', '--depth', '0', '--strategy', 'pct'], 'error HMM207: --depth 0'],
  [['fuzz', 'notifier', '--depth', '2'], 'error HMM208: --depth belongs to the strategy pct, not to brackets'],
  [['replay', 'none.json'], "none.json can't be read: ENOENT"],
  [['minimize', 'none.json'], "none.json can't be read: ENOENT"],
  [['show', 'none.json'], "none.json can't be read: ENOENT"],
])('%j', async (argv, message) => {
  const { cwd, run } = world()
  const { code, stdout, stderr } = await run(...argv)
  if (message instanceof RegExp) expect(stderr).toMatch(message)
  else expect(stderr).toContain(message)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect({ code, stdout, files: readdirSync(cwd) }).toEqual({ code: 2, stdout: '', files: [] })
})

test.each([
  ['a syntax error', 'a.mjs', 'export const = 3', 'HMM(090|211)'],
  ['an exception', 'a.mjs', 'throw new Error("not today")', 'HMM039: not today\n  at: a\\.mjs:1:7\n  likely cause: '],
  ['no catalogue in it', 'a.mjs', 'export const models = []', 'HMM212: .*does not export a catalogue'],
  [
    'a catalogue of something else',
    'a.mjs',
    'export const catalogue = [{ name: "x", title: "X" }]',
    'HMM212: .*exports something that is not a protocol: parameters is missing',
  ],
  ['a catalogue of nothing', 'a.mjs', 'export default [3]', 'HMM212: .*everything is missing'],
  ['a syntax error in TypeScript', 'a.ts', 'export const catalogue: = []', 'HMM(090|211)'],
  [
    'an import that is not there',
    'a.ts',
    'import { x } from "./nowhere.ts"\nexport const catalogue = [x]',
    'HMM090: .*\n  at: a\\.ts:1:\\d+',
  ],
])('a catalogue file with %s', async (_, file, text, message) => {
  const { cwd, run } = world()
  writeFileSync(join(cwd, file), text)
  const { code, stdout, stderr } = await run('list', '--catalogue', file)
  expect(stderr).toMatch(new RegExp(`^error .*${message}`))
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

test('two catalogues that offer one name', async () => {
  const { cwd, run } = world()
  const text = `export const catalogue = ${JSON.stringify([notifier])}`
  writeFileSync(join(cwd, 'a.mjs'), text)
  writeFileSync(join(cwd, 'b.mjs'), text)
  expect(await run('list', '--catalogue', 'a.mjs', '--catalogue', 'b.mjs')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('HMM213') as string,
  })
})

test("a catalogue that offers the name of a model of the package takes that model's place", async () => {
  const { cwd, run } = world({ catalogue: [notifier] })
  writeFileSync(join(cwd, 'a.mjs'), `export const catalogue = ${JSON.stringify([{ ...notifier, title: 'A copy' }])}`)
  const { code, stdout } = await run('list', '--catalogue', 'a.mjs')
  expect(code).toBe(0)
  expect(stdout.match(/^notifier .*$/gm)).toEqual([expect.stringContaining('A copy')])
})

test('a mistake in a model', async () => {
  const broken = {
    ...notifier,
    scenarios: [{ name: 'core', summary: '', sizes: { devices: 1, pages: 1 }, threads: ['nobody'] }],
  }
  const { code, stdout, stderr } = await world({ catalogue: [broken] }).run('check', 'notifier')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error HMM032: .*has no thread nobody/)
})

test("a mistake of hmmcheck's own shows where it was made", async () => {
  const engine: Engine = {
    check: () => Promise.reject(new TypeError('a bug')),
    describeLayout: () => Promise.reject(new Error('no')),
  }
  const { code, stdout, stderr } = await world({ engine }).run('check', 'notifier', '--json')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error HMM299: .*please report it: TypeError: a bug\n\s+at /)
})

test('scenario and variant that set one constant differently', async () => {
  const clash = {
    ...notifier,
    scenarios: [{ name: 'core', summary: '', sizes: { devices: 1, pages: 1 }, constants: { invalidate: false } }],
  }
  const { code, stderr } = await world({ catalogue: [clash] }).run('check', 'notifier')
  expect(code).toBe(2)
  expect(stderr).toBe(
    'error HMM214: in notifier, the scenario core sets invalidate to false, the variant fixed to true\n  remedy: let only one of them set it\n',
  )
})

test('without arguments, eleven lines on what to type first', async () => {
  const { code, stdout, stderr } = await world().run()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toHaveLength(11)
  expect(stdout).toContain('  npx hmmcheck check notifier@as-posted ')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})
