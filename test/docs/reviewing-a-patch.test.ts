/**
 * docs/reviewing-a-patch.md, done in a folder that has the package as it is published: a model is copied or imported,
 * changed, checked and locked.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, hmmcheck, installedPacked, packed } from '../support/package.ts'
import { commandsOf, elided, fencesOf, patched } from './support.ts'

const MINUTES = 60_000
const fences = fencesOf('docs/reviewing-a-patch.md')
const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))

beforeAll(async () => {
  await built()
  installedPacked(folder, packed(folder), ['typescript', '@types/node'])
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
}, 10 * MINUTES)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** The words of a command; a word in quotes may have spaces. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)

/** A line that a run of more than a second writes. */
const isProgress = (line: string): boolean => / states\/s, depth /.test(line)

/** The exit code that goes with what is shown of a command. */
const codeOf = (lines: readonly string[]): number => (lines.some((line) => line.startsWith('violated: ')) ? 1 : 0)

describe('step by step', () => {
  for (const fence of fences) {
    const file = join(folder, fence.name)
    if (fence.language === 'ts') {
      test(`write ${fence.name}`, () => {
        writeFileSync(file, fence.text)
      })
    } else if (fence.language === 'diff') {
      test(`change ${fence.name}`, () => {
        writeFileSync(file, patched(readFileSync(file, 'utf8'), fence.text))
      })
    } else {
      for (const { command, lines } of commandsOf(fence)) {
        test(
          command,
          async () => {
            const [program, ...words] = wordsOf(command)
            if (program === 'cp') {
              const [from = '', to = ''] = words.slice(1)
              cpSync(join(folder, from), join(folder, to), { recursive: true })
              return
            }
            expect([program, words[0]]).toEqual(['npx', 'hmmcheck'])
            const { code, stdout, stderr } = await hmmcheck(folder, ...words.slice(1))
            expect(stderr.split('\n').filter((line) => line !== '' && !isProgress(line))).toEqual([])
            expect(elided(stdout, lines)).toEqual(lines)
            expect(code).toBe(codeOf(lines))
          },
          5 * MINUTES,
        )
      }
    }
  }
})

test('a model, the language that it imports and the command are one copy each', () => {
  const script = `
    import { model } from 'hmmcheck'
    import { mirror2017 } from 'hmmcheck/models/mirror-2017/model'
    import { down_read } from 'hmmcheck/kernel'
    const dist = (file) => import(new URL('node_modules/hmmcheck/dist/' + file, import.meta.url))
    const [language, kernel, { catalogue }] = await Promise.all(
      ['bundle/language-index.js', 'src/kernel/index.js', 'models/catalogue.js'].map(dist),
    )
    const offered = catalogue.find(({ name }) => name === 'mirror-2017')
    console.log(language.model === model, kernel.down_read === down_read)
    console.log(mirror2017().threads.map(({ name }) => name).join() === offered.model.threads.map(({ name }) => name).join())
  `
  writeFileSync(join(folder, 'one.mjs'), script)
  const { stdout, stderr } = spawnSync(process.execPath, ['one.mjs'], { cwd: folder, encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: 'true true\ntrue\n', stderr: '' })
}, 60_000)
