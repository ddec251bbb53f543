/**
 * Files made of names of a model's: no file overwrites another, each can be read again, whatever the names and
 * wherever the folder.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distinctName, nameFor, plainName } from '../../src/cli/file-names.ts'
import { saveSchedules } from '../../src/cli/save.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { built, hmmcheck, installed } from '../support/package.ts'
import { temporaryDirectory, world } from './world.ts'

const LONG = 'x'.repeat(300)
const schedule = (model: string, variant: string, scenario: string, name: string): Schedule => ({
  schema: 1,
  model,
  variant,
  configuration: { scenario, sizes: {}, constants: {}, threads: null },
  digest: `sha256:${'0'.repeat(64)}`,
  property: { name, kind: 'invariant', outcome: 'violated' },
  initial: { choices: [] },
  steps: [],
})

/** What Windows and file systems without capitals refuse or confuse. */
const name = fc.oneof(
  fc.constantFrom(
    'a/b',
    'a:b',
    'a b',
    'A-B',
    'a-b',
    'a',
    'b',
    'a.b',
    'b.c',
    '..',
    '.',
    'con',
    'NUL',
    'aux.x',
    'com1',
    '不変',
    '安全',
    'ü',
    LONG,
    `${LONG}y`,
    'x ',
    'x.',
    'P-NOUAF',
    'p-nouaf',
    '\u{1f600}',
    '__proto__',
  ),
  fc.string({ minLength: 1, maxLength: 8 }),
)

describe('names', () => {
  test('what can stand as it is does', () => {
    expect(plainName(['as-posted', 'core', 'P-NOUAF'])).toBe('as-posted.core.P-NOUAF')
    expect(nameFor('mirror-4.20')).toBe('mirror-4.20')
  })

  test('the rest is short, and made of what every file system takes', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (parts) => {
        for (const made of [plainName(parts) ?? distinctName(parts), distinctName(parts)]) {
          expect(made).toMatch(/^[\w@+-][\w.@+-]{0,199}$/)
          expect(made).not.toMatch(/\.$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
        }
      }),
    )
  })
})

describe('--out DIR/', () => {
  test('a file for each schedule, alike or not, in one command or in several', () => {
    const named = fc.uniqueArray(fc.tuple(name, name, name, name), {
      minLength: 1,
      maxLength: 6,
      selector: (names) => JSON.stringify(names),
    })
    fc.assert(
      fc.property(named, fc.boolean(), fc.boolean(), (all, manyModels, atOnce) => {
        const cwd = temporaryDirectory()
        const schedules = all.map((names) => schedule(...names))
        const save = (some: readonly Schedule[]): readonly string[] => saveSchedules(some, 'out/', cwd, manyModels)
        const files = atOnce ? save(schedules) : schedules.flatMap((one) => save([one]))
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(schedules.length)
        expect(files.map((file) => readSchedule(readFileSync(join(cwd, file), 'utf8'), file))).toEqual(schedules)
        // What is found again is written over.
        for (const one of schedules) save([one])
        expect(
          readdirSync(join(cwd, 'out'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')),
        ).toHaveLength(schedules.length)
      }),
      { numRuns: 40 },
    )
  })

  test('a file that is no schedule stays', () => {
    const cwd = temporaryDirectory()
    mkdirSync(join(cwd, 'out'))
    writeFileSync(join(cwd, 'out/fixed.s.p.json'), 'mine')
    expect(saveSchedules([schedule('m', 'fixed', 's', 'P')], 'out/', cwd, false)[0]).toMatch(
      /^out\/fixed\.s\.P\.[0-9a-f]{12}\.json$/,
    )
    expect(readFileSync(join(cwd, 'out/fixed.s.p.json'), 'utf8')).toBe('mine')
  })

  test('what could not be read again is not written', () => {
    const cwd = temporaryDirectory()
    expect(() => saveSchedules([schedule('m', 'fixed', 's', 'x'.repeat(5_000))], 'a.json', cwd, false)).toThrow(
      /^HMM218: a\.json is not written, because it could not be read back: HMM222: /,
    )
    expect(readdirSync(cwd)).toEqual([])
  })
})

const index = pathToFileURL(join(import.meta.dirname, '../../src/index.ts')).href
const SOURCE = [
  `import { Bool, defineProtocol, invariant, model, not, shared, Step, thread } from '${index}'`,
  "const raised = shared('raised', Bool)",
  "const raise = thread('raise', () => {",
  "  Step('raise', () => {",
  '    raised.set(true)',
  '  })',
  '})',
  'export const catalogue = [defineProtocol({',
  "  name: 'mine', title: 'A flag', parameters: {}, fixes: [], expectations: [],",
  "  model: model('m', { threads: [raise], properties: [invariant('a/b', not(raised)), invariant('不変', not(raised))] }),",
  "  variants: [{ name: 'fixed', summary: '', constants: {} }], scenarios: [{ name: 's', summary: '', sizes: {} }],",
  '})]',
  '',
]

describe.each(['plain', 'with space', '100%', 'ü不', 'a&b'])('in a folder called %s', (folder) => {
  test('places are right, in drawings and in SARIF, with a byte order mark and CRLF', async () => {
    const { cwd, run } = world({ cwd: join(temporaryDirectory(), folder) })
    mkdirSync(join(cwd, folder), { recursive: true })
    writeFileSync(join(cwd, folder, 'mine.ts'), `\ufeff${SOURCE.join('\r\n')}`)
    const options = ['--catalogue', join(folder, 'mine.ts')]
    const text = await run('check', 'mine', ...options, '--out', 'found/', '--full')
    expect(text.stdout).toContain(`\n       1  ${folder}/mine.ts:4\n`)
    const { stdout } = await run('check', 'mine', ...options, '--format', 'sarif')
    const uris = [...stdout.matchAll(/"uri": "([^"]*mine\.ts)"/g)].map(([, uri = '']) => uri)
    expect(new Set(uris)).toEqual(new Set([`${encodeURIComponent(folder)}/mine.ts`]))
    const saved = readdirSync(join(cwd, 'found'))
    const files = saved.filter((file) => file.endsWith('.json'))
    expect(files).toHaveLength(2)
    expect(saved.filter((file) => !files.includes(file))).toEqual(files.map((file) => file.replace(/json$/, 'html')))
    for (const file of files) {
      const path = join(cwd, 'found', file)
      for (const bytes of [
        Buffer.from(`\ufeff${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`),
        Buffer.from(`\ufeff${readFileSync(path, 'utf8')}`, 'utf16le'),
      ]) {
        writeFileSync(join(cwd, 'again.json'), bytes)
        expect(await run('replay', 'again.json', ...options)).toMatchObject({ code: 0, stderr: '' })
      }
      expect(() => readSchedule(`\ufeff${readFileSync(path, 'utf8')}`, file)).not.toThrow()
    }
  }, 60_000)
})

/** Vitest itself does not load a file from there, or says another name of it: the real command does it. */
test('in folders called #hash and %20, by the command itself', async () => {
  await built()
  const cwd = installed(temporaryDirectory())
  for (const folder of ['#hash', '%20', '#a %23 ü']) {
    mkdirSync(join(cwd, folder))
    writeFileSync(join(cwd, folder, 'mine.ts'), `\ufeff${SOURCE.join('\r\n').replace(index, 'hmmcheck')}`)
    const file = `${folder}/mine.ts`
    const { code, stdout } = await hmmcheck(cwd, 'check', 'mine', '--catalogue', file, '--full')
    expect({ code, place: /source of each step\n +1 +(.*)/.exec(stdout)?.[1] }).toEqual({ code: 1, place: `${file}:4` })
  }
}, 600_000)
