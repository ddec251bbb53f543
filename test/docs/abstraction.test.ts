/**
 * docs/abstraction.md says what is so: every model is checked as the command does it, and comes to what its `// =>`
 * says.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sectionsOf } from '../../docs/headings.ts'
import * as kernel from '../../src/kernel/index.ts'
import { atomicityOf } from '../../src/analysis/atomicity.ts'
import { check } from '../../src/explorer/check.ts'
import { withHangs } from '../../src/language/hangs.ts'
import * as language from '../../src/language/index.ts'
import { plural } from '../../src/report/numbers.ts'
import { build, linesOf, saidIn, typeErrors } from './examples.ts'
import { fencesOf, root } from './support.ts'

const page = readFileSync(join(root, 'docs/abstraction.md'), 'utf8')
const [shared = ''] = fencesOf('docs/abstraction.md').map(({ text }) => text)
const words = { 'src/language/index.ts': language, 'src/kernel/index.ts': kernel }
const examples = { shared, words, prepare: withHangs }
const codesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = '']) => code)
/** What a test is called: the name of the model, or the line that is refused. */
const titleOf = (code: string): string => /model\('([^']*)'/.exec(code)?.[1] ?? linesOf(code).at(-1) ?? ''
const sections = sectionsOf(page).map(({ heading, text }) => ({ heading, codes: codesIn(text) }))

/** What a model comes to: its verdict, or the code of the error; warnings; and which transitions may be too large. */
async function outcomesOf(code: string): Promise<readonly string[]> {
  try {
    const { closed: model } = build(examples, code)
    const { verdict, properties, warnings } = await check(model)
    const violated = properties
      .filter((one) => one.verdict === 'violated')
      .map(({ name, steps = 0 }) => `violates ${name} in ${plural(steps, 'step')}`)
    return [
      ...(violated.length === 0 ? [verdict] : violated),
      ...[...new Set(warnings.map((one) => `warns ${one.code}`))].toSorted(),
      ...atomicityOf(model)
        .filter(({ isOpen }) => isOpen)
        .map(({ label }) => `atomicity: ${label}`),
    ]
  } catch (error) {
    if (error instanceof language.ModelError) return [error.code]
    throw error
  }
}

const isVerdict = (what: string): boolean => !what.startsWith('atomicity: ')

describe.each(sections)('$heading', ({ codes }) => {
  test.each(codes.map((code) => [titleOf(code), code] as const))('%s', async (_title, code) => {
    const found = await outcomesOf(code),
      said = saidIn(code)
    expect(said.filter(isVerdict)).toEqual(found.filter(isVerdict))
    expect(said.filter((what) => !found.includes(what))).toEqual([])
  })

  test('a model that says nothing of the bug, and one that shows it', () => {
    const said = codes.flatMap(saidIn)
    expect(said.some((what) => /^(holds|HMM\d+)$/.test(what))).toBe(true)
    expect(said.some((what) => what.startsWith('violates '))).toBe(true)
  })
})

test('no model is left out', () => {
  expect(sections.flatMap(({ codes }) => codes)).toEqual(codesIn(page).slice(1))
  expect(sections.length).toBeGreaterThanOrEqual(10)
})

test('they are TypeScript without errors', () => {
  expect(
    typeErrors(
      examples,
      sections.flatMap(({ codes }) => codes),
    ),
  ).toEqual([])
}, 60_000)
