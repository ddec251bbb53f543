/**
 * Models of a user's own: from files that are named, from the one in the working directory, in TypeScript and
 * JavaScript.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { asCatalogue, defineProtocol } from '../../src/catalogue/define.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'

const index = pathToFileURL(join(import.meta.dirname, '../../src/index.ts')).href

/** A model of a flag that is raised, in TypeScript that only a loader can run. */
const source = (name: string): string => `
import { Bool, defineProtocol, invariant, model, not, shared, Step, thread, type Protocol } from '${index}'

const raised = shared('raised', Bool)
const raise = thread('raise', () => {
  Step('raise the flag', () => {
    raised.set(true)
  })
})

export const flag: Protocol = defineProtocol({
  name: '${name}', title: 'A flag', parameters: {}, fixes: [], expectations: [],
  model: model('a flag', { threads: [raise], properties: [invariant('down', not(raised))] }),
  variants: [{ name: 'only', summary: 'as it is', constants: {} }],
  scenarios: [{ name: 'alone', summary: 'one thread', sizes: {} }],
} satisfies Protocol)
`

/** A protocol as JSON: a built model is plain data. */
const json = (name: string): string => JSON.stringify({ ...notifier, name })

describe('files', () => {
  test.each([
    ['mine.ts', `${source('mine')}\nexport const catalogue: readonly Protocol[] = [flag]`],
    ['mine.mts', `${source('mine')}\nexport default [flag]`],
    ['hmmcheck.config.ts', `${source('mine')}\nexport default flag`],
  ])('%s', async (file, text) => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, file), text)
    const options = file.startsWith('hmmcheck.config') ? [] : ['--catalogue', file]
    const { code, stdout, stderr } = await run('check', 'mine', ...options)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain('mine@only, scenario alone: as it is')
    expect(stdout).toMatch(/\n {2}violated {5}down .* in 1 step\n/)
  })

  test.each([
    ['a.mjs', `export const catalogue = [${json('mine')}]`],
    ['b.mjs', `export default ${json('mine')}`],
    ['c.cjs', `exports.catalogue = [${json('mine')}]`],
    ['d.cjs', `module.exports = [${json('mine')}]`],
    ['hmmcheck.config.mjs', `export const catalogue = [${json('mine')}]`],
    ['hmmcheck.config.js', `exports.catalogue = [${json('mine')}]`],
    ['e.js', `import { readFileSync } from 'node:fs'\nvoid readFileSync\nexport const catalogue = [${json('mine')}]`],
    ['f.js', `// a comment\nexport default [${json('mine')}]`],
  ])('%s', async (file, text) => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, file), text)
    const options = file.startsWith('hmmcheck.config') ? [] : ['--catalogue', file]
    expect((await run('check', 'mine', ...options)).code).toBe(0)
    const { stdout } = await run('list', '--all', ...options)
    expect(stdout.match(/^\S+ +A page/gm)).toEqual(['notifier  A page', 'mine      A page'])
  })

  test('several, and one named twice is loaded once', async () => {
    const { cwd, run } = world()
    mkdirSync(join(cwd, 'models'))
    writeFileSync(join(cwd, 'hmmcheck.config.mjs'), `export const catalogue = [${json('first')}]`)
    writeFileSync(join(cwd, 'models/second.mjs'), `export const catalogue = [${json('second')}]`)
    writeFileSync(
      join(cwd, 'models/third.ts'),
      `import { catalogue as second } from './second.mjs'\nexport const catalogue = second.map((one: { name: string }) => ({ ...one, name: 'third' }))`,
    )
    const { code, stdout } = await run(
      'check',
      '--verbose',
      '--catalogue',
      'models/second.mjs',
      '--catalogue',
      './hmmcheck.config.mjs',
      '--catalogue',
      'models/third.ts',
    )
    expect(code).toBe(0)
    const rows = (names: readonly string[]): readonly string[] =>
      names.flatMap((name) => [`ok  ${name}@as-posted`, `ok  ${name}@fixed`])
    expect(stdout.match(/^ok {2}\S+/gm)).toEqual(rows(['first', 'second', 'third']))
    const everything = await run(
      'check',
      '--all',
      '--verbose',
      '--catalogue',
      'models/second.mjs',
      '--catalogue',
      'models/third.ts',
    )
    expect(everything.stdout.match(/^ok {2}\S+/gm)).toEqual(rows(['notifier', 'first', 'second', 'third']))
  })

  test("without a model, list and patterns speak of the user's; what is named is found wherever it is", async () => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, 'hmmcheck.config.mjs'), `export const catalogue = [${json('mine')}, ${json('my-other')}]`)
    expect((await run('list')).stdout).toBe(
      [
        `mine      ${notifier.title} (4 variants, 3 scenarios)`,
        `my-other  ${notifier.title} (4 variants, 3 scenarios)`,
        '',
        "and 1 model of hmmcheck's own: list --all",
        '',
      ].join('\n'),
    )
    expect((await run('list', 'notifier')).stdout).toMatch(/^notifier {2}[^]*\n {2}expected\n/)
    expect((await run('list', 'm*')).stdout.match(/^\S+/gm)).toEqual(['mine', 'my-other'])
    expect((await run('check', '*@fixed')).stdout.match(/^ok {2}\S+/gm)).toEqual([
      'ok  mine@fixed',
      'ok  my-other@fixed',
    ])
    expect((await run('check', '*@fixed', '--all')).stdout.match(/^ok {2}\S+/gm)).toEqual([
      'ok  notifier@fixed',
      'ok  mine@fixed',
      'ok  my-other@fixed',
    ])
    expect((await run('check', 'not*@fixed')).stdout.match(/^ok {2}\S+/gm)).toEqual(['ok  notifier@fixed'])
    expect((await run('check', 'notifier')).code).toBe(0)
  })

  test("a schedule of a user's model replays with its catalogue, and not without", async () => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, 'mine.ts'), `${source('mine')}\nexport const catalogue = [flag]`)
    await run('check', 'mine', '--catalogue', 'mine.ts', '--out', 'down.json')
    expect((await run('replay', 'down.json', '--catalogue', 'mine.ts')).code).toBe(0)
    expect((await run('show', 'down.json', '--catalogue', 'mine.ts')).stdout).toContain('raise the flag')
    expect(await run('replay', 'down.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('HMM201: there is no model mine') as string,
    })
  })

  test('where a model is unknown and there is no configuration, it is said where that was looked for', async () => {
    const { cwd, run } = world()
    const inner = join(cwd, 'drivers/gpu')
    mkdirSync(inner, { recursive: true })
    const inside = world({ cwd: inner })
    const cause = `\n  likely cause: ${inner} and the folders around it have no hmmcheck.config.ts, .js or .mjs, so models of your own are not known\n  remedy: `
    await run('check', 'notifier@as-posted', '--out', 'drivers/gpu/nouaf.json')
    writeFileSync(
      join(inner, 'nouaf.json'),
      readFileSync(join(inner, 'nouaf.json'), 'utf8').replace('"notifier"', '"mine"'),
    )
    for (const argv of [
      ['check', 'mine'],
      ['check', 'mine*'],
      ['list', 'mine'],
      ['fuzz', 'mine'],
      ['replay', 'nouaf.json'],
      ['show', 'nouaf.json'],
      ['minimize', 'nouaf.json'],
      ['lock', 'nouaf.json'],
    ]) {
      const { code, stderr } = await inside.run(...argv)
      expect({ code, says: stderr.includes(cause) }, argv.join(' ')).toEqual({ code: 2, says: true })
    }
    writeFileSync(join(cwd, 'hmmcheck.config.mjs'), `export const catalogue = [${json('other')}]`)
    expect((await inside.run('check', 'mine')).stderr).toBe(
      'error HMM201: there is no model mine\n  remedy: choose one of notifier, other\n',
    )
    expect((await inside.run('check', 'other')).code).toBe(0)
  })

  test("a mistake in a user's model keeps its code and place", async () => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, 'mine.ts'), source('mine').replace('raised.set(true)', 'raised.set(raised.at(0))'))
    const { code, stderr } = await run('list', '--catalogue', 'mine.ts')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^error HMM038: raised has no at.*\n {2}at: .*mine\.ts:\d+:\d+\n {2}likely cause: .*\n {2}remedy: .*\n\n *\d+ \| .*raised\.set\(raised\.at\(0\)\)\n/,
    )
    writeFileSync(
      join(cwd, 'other.ts'),
      source('other').replace('raised.set(true)', 'raised.set(true)\n    Break()').replace('{ Bool,', '{ Bool, Break,'),
    )
    const twice = await run('list', '--catalogue', 'other.ts')
    expect(twice.code).toBe(2)
    expect(twice.stderr).toMatch(/^error HMM0\d\d: .*\n {2}at: .*other\.ts:\d+(:\d+)?\n {2}likely cause: /)
  })
})

describe('what a protocol offers is checked', () => {
  const mistake = (change: Partial<Protocol>): string => {
    try {
      defineProtocol({ ...notifier, ...change })
    } catch (error) {
      return String(error)
    }
    return 'no mistake'
  }

  /** The model as it is offered: judged for the hang that it does not speak of itself, too. */
  const judged = {
    ...notifier.model,
    properties: [
      ...notifier.model.properties,
      {
        name: 'recoverable',
        kind: 'recoverable',
        byDefault: true,
        at: expect.stringMatching(/^test\/cli\/catalogues\.test\.ts:\d+$/),
      },
    ],
  }

  test('a good one is given back as it is, judged for every hang', () => {
    const good = { ...notifier, model: judged }
    expect(defineProtocol(notifier)).toEqual(good)
    expect(asCatalogue([notifier], 'here')).toEqual([good])
    expect(asCatalogue(notifier, 'here')).toEqual([good])
  })

  test('a model that is made by a function is made when it is asked for, once, and looked at then', () => {
    let made = 0
    const counted = (fixes: typeof notifier.fixes) =>
      defineProtocol({
        ...notifier,
        fixes,
        model: () => {
          made += 1
          return notifier.model
        },
      })
    const good = counted(notifier.fixes)
    expect(made).toBe(0)
    expect([good.model, good.model]).toEqual([judged, judged])
    expect(made).toBe(1)
    const wrong = counted([{ name: 'lock_ordr', kind: 'lock', summary: '', source: '' }])
    expect(() => wrong.model).toThrow('the fix, lock_ordr, is not in the protocol')
  })

  const core = { name: 'core', summary: '', sizes: { pages: 1, devices: 1 } }
  test.each([
    ['its name', { name: 'a b' }, 'its name must be made of'],
    ['no variant', { variants: [], expectations: [] }, 'it has no variant'],
    ['no scenario', { scenarios: [], expectations: [] }, 'it has no scenario'],
    [
      'a variant twice',
      { variants: [...notifier.variants, ...notifier.variants] },
      'it has the variant as-posted twice',
    ],
    [
      'a scenario twice',
      { scenarios: [...notifier.scenarios, ...notifier.scenarios] },
      'it has the scenario core twice',
    ],
    [
      'a fix that is no constant',
      { fixes: [{ name: 'lock_ordr', kind: 'lock', summary: '', source: '' }] },
      'the fix, lock_ordr, is not in the protocol; did you mean lock_order?',
    ],
    [
      'a constant of a variant',
      { variants: [{ name: 'fixed', summary: '', constants: { invalidat: true } }] },
      'a constant of variant fixed, invalidat, is not',
    ],
    [
      'a property not claimed',
      { variants: [{ name: 'fixed', summary: '', constants: {}, notClaimed: ['P-X'] }] },
      'a property that variant fixed does not claim, P-X, is not',
    ],
    [
      'a sort',
      { parameters: { ...notifier.parameters, cpus: { sort: 'Cpu', min: 1, max: 2, summary: '' } } },
      'the sort of parameter cpus, Cpu, is not',
    ],
    [
      'limits',
      { parameters: { ...notifier.parameters, pages: { sort: 'Page', min: 3, max: 1, summary: '' } } },
      'the limits 3 and 1 of parameter pages',
    ],
    [
      'a size that is missing',
      { scenarios: [{ name: 'core', summary: '', sizes: { pages: 1 } }] },
      'the scenario core has no size for devices',
    ],
    [
      'a size of nothing',
      { scenarios: [{ name: 'core', summary: '', sizes: { pages: 1, devices: 1, cpus: 1 } }] },
      'a size of scenario core, cpus, is not',
    ],
    [
      'a size outside',
      { scenarios: [{ name: 'core', summary: '', sizes: { pages: 9, devices: 1 } }] },
      'the scenario core has pages=9, outside 1..3',
    ],
    [
      'a thread',
      { scenarios: [{ name: 'core', summary: '', sizes: { pages: 1, devices: 1 }, threads: ['umap'] }] },
      'a thread of scenario core, umap, is not in the protocol; did you mean unmap?',
    ],
    [
      'a constant of a scenario',
      { scenarios: [{ name: 'core', summary: '', sizes: { pages: 1, devices: 1 }, constants: { x: 1 } }] },
      'a constant of scenario core, x, is not',
    ],
    [
      'a hang that is none',
      { scenarios: [{ ...core, without: Object.fromEntries([['deadlok', { reason: 'why' }]]) }] },
      'the scenario core leaves out deadlok, which is not one of deadlock, lock-deadlock, recoverable',
    ],
    [
      'a hang left out without a reason',
      { scenarios: [{ ...core, without: { recoverable: { reason: ' ' } } }] },
      'the scenario core leaves out recoverable without a reason',
    ],
    [
      'a variant of which it is judged',
      { scenarios: [{ ...core, without: { recoverable: { reason: 'why', but: ['fixd'] } } }] },
      'a variant of which the scenario core judges recoverable, fixd, is not in the protocol; did you mean fixed?',
    ],
    [
      'the variant of an expectation',
      { expectations: [{ variant: 'fixd', scenario: 'core', verdict: 'holds', source: '' }] },
      'the variant of an expectation, fixd, is not',
    ],
    [
      'the scenario of an expectation',
      { expectations: [{ variant: 'fixed', scenario: 'kore', verdict: 'holds', source: '' }] },
      'the scenario of an expectation, kore, is not',
    ],
    [
      'the property of an expectation',
      { expectations: [{ variant: 'fixed', scenario: 'core', verdict: 'violated', violated: ['P-X'], source: '' }] },
      'a property that is expected to be violated in fixed, P-X, is not',
    ],
  ] as const)('%s', (_, change, message) => {
    expect(mistake(change)).toMatch(/^UsageError: HMM212: the protocol .*: /)
    expect(mistake(change)).toContain(message)
  })

  test('what is always checked may be expected to be violated', () => {
    expect(
      mistake({
        expectations: [
          {
            variant: 'fixed',
            scenario: 'core',
            verdict: 'violated',
            violated: ['domain', 'misuse: unlock'],
            source: '',
          },
        ],
      }),
    ).toBe('no mistake')
  })

  test.each([
    ['nothing', 3, 'everything is missing'],
    ['a name', {}, 'name is missing'],
    ['a title', { ...notifier, title: 3 }, 'title is number, where text is expected'],
    ['a model', { ...notifier, model: {} }, 'model is not a model'],
    ['parameters', { ...notifier, parameters: [] }, 'parameters is a list, where an object is expected'],
    ['fixes', { ...notifier, fixes: undefined }, 'fixes is missing'],
    ['variants', { ...notifier, variants: {} }, 'variants is object, where a list is expected'],
    ['scenarios', { ...notifier, scenarios: 1 }, 'scenarios is number, where a list'],
    ['expectations', { ...notifier, expectations: null }, 'expectations is null, where a list is expected'],
  ])('what lacks %s', (_, value, said) => {
    expect(() => asCatalogue([value], 'mine.ts')).toThrow(
      `HMM212: mine.ts exports something that is not a protocol: ${said}`,
    )
  })
})
