/** The lint rules for models catch what they are there for, and nothing else. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const fixture = readFileSync(new URL('handles.fixture.ts', import.meta.url), 'utf8')

/** What each rule says, by line from 1. */
const said = new Map<string | null, Map<number, string[]>>()

beforeAll(async () => {
  // Linted as if it were a model, with the repository's own configuration.
  const [result] = await new ESLint({ cwd: root }).lintText(fixture, { filePath: 'src/kernel/mutex.ts' })
  for (const { ruleId, line, message } of result?.messages ?? []) {
    const lines = said.get(ruleId) ?? new Map<number, string[]>()
    said.set(ruleId, lines.set(line, [...(lines.get(line) ?? []), message]))
  }
}, 120_000)

/** The lines of the fixture that say they are refused. */
const refused = (what: (comment: string) => boolean): readonly number[] =>
  fixture.split('\n').flatMap((text, i) => {
    const comment = /\/\/ refused: (.*)$/.exec(text)?.[1]
    return comment !== undefined && what(comment) ? [i + 1] : []
  })
const aboutNames = (comment: string): boolean => comment === 'two names'

test('JavaScript on handles is refused, on anything else it is not', () => {
  const lines = said.get('hmmcheck/no-javascript-on-handles') ?? new Map<number, string[]>()
  expect([...lines.keys()]).toEqual(refused((comment) => !aboutNames(comment)))
  expect([...lines.values()].flat()).toContain(
    '`while` is JavaScript and sees only an object, not the value in the model: write Loop(...) with Break()',
  )
})

test('a procedure has one name', () => {
  const lines = said.get('hmmcheck/one-name') ?? new Map<number, string[]>()
  expect([...lines.keys()]).toEqual(refused(aboutNames))
  expect([...lines.values()].flat()).toContain("atomic('free_page') is kept in the constant free: give them one name")
})

test('ghost code stands in Ghost blocks', async () => {
  const text = readFileSync(new URL('ghost-code.fixture.ts', import.meta.url), 'utf8')
  const [result] = await new ESLint({ cwd: root }).lintText(text, { filePath: 'src/kernel/mutex.ts' })
  const found = (result?.messages ?? []).filter(({ ruleId }) => ruleId === 'hmmcheck/ghost-code-apart')
  const expected = text.split('\n').flatMap((line, i) => {
    const what = / \/\/ refused: (.*)$/.exec(line)?.[1]
    return what === undefined ? [] : [`${i + 1}: ${what} is ghost code: write it in Ghost(() => ...)`]
  })
  expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual(expected)
  expect(expected).toHaveLength(8)
}, 120_000)

test('a name of src is declared in one file', async () => {
  const text =
    'export const printHelp = 1\nexport interface CheckResult { readonly x: 1 }\nexport const nobodyElse = 1\n'
  const [result] = await new ESLint({ cwd: root }).lintText(text, { filePath: 'src/report/another.ts' })
  const found = (result?.messages ?? []).filter(({ ruleId }) => ruleId === 'hmmcheck/one-declaration')
  expect(found.map(({ line }) => line)).toEqual([2])
  expect(found[0]?.message).toBe(
    'CheckResult is declared in src/explorer/result.ts, too: one name has one meaning, see docs/glossary.md',
  )
})
