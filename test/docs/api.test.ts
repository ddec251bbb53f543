/**
 * docs/kernel.md, docs/properties.md and docs/catalogue.md are what `npm run docs:api` writes, say something of every
 * export, and their examples come to what stands behind `// =>`.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { apiFile, apiPageOf, apiPages, groupsOf, handwrittenOf, type ApiPage } from '../../docs/api-page.ts'
import type { Entry } from '../../docs/api-exports.ts'
import { anchorOf } from '../../docs/headings.ts'
import * as kernel from '../../src/kernel/index.ts'
import * as properties from '../../properties/index.ts'
import { checkAny as check } from '../../src/explorer/check-protocol.ts'
import { draw } from '../../src/report/draw.ts'
import { asCatalogue, defineProtocol } from '../../src/catalogue/define.ts'
import * as language from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { selectProperties } from '../../src/language/select.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { underReview } from '../../src/catalogue/under-review.ts'
import { UsageError } from '../../src/catalogue/usage.ts'
import { switched, withoutEach } from '../../src/catalogue/variants.ts'
import { linesOf, noting, outcomesOf, run, saidIn, typeErrors, type Examples } from './examples.ts'

/** Lines of an example; a few, and what they need around them. */
const LONGEST = 13
/** Letters of a doc comment that says something. */
const LEAST = 18

const offered = {
  ...language,
  check,
  draw,
  asCatalogue,
  defineProtocol,
  selectProperties,
  settingOf,
  switched,
  underReview,
  UsageError,
  withoutEach,
}
const used = { 'src/language/index.ts': language, 'src/kernel/index.ts': kernel }
const words: Readonly<Record<string, Examples['words']>> = {
  kernel: used,
  properties: { ...used, 'properties/index.ts': properties },
  catalogue: { 'src/index.ts': offered },
}
const examplesOf = (page: ApiPage): Examples => ({
  shared: handwrittenOf(page).shared,
  words: words[page.name] ?? {},
  claims: 'properties/index.ts',
})
const entriesOf = (page: ApiPage): readonly Entry[] => groupsOf(page).flatMap(({ entries }) => entries)

/**
 * What an example of a catalogue comes to: what it prints, else each variant in each scenario; or an error's message.
 */
async function catalogueOutcomes({ shared, words: given }: Examples, code: string): Promise<readonly string[]> {
  const made: Protocol[] = []
  const printed: string[] = []
  const scope = {
    ...(Object.assign({}, ...Object.values(given)) as Readonly<Record<string, unknown>>),
    defineProtocol: noting(made, defineProtocol),
    console: {
      log: (...what: readonly unknown[]) => {
        printed.push(...what.join(' ').split('\n'))
      },
    },
  }
  try {
    await run(shared + code, scope)
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n')
    throw error
  }
  if (printed.length > 0) return printed
  const settings = made.flatMap((protocol) =>
    protocol.variants.flatMap(({ name: variant }) =>
      protocol.scenarios.map(({ name: scenario }) => settingOf(protocol, { variant, scenario })),
    ),
  )
  return Promise.all(
    settings.map(async ({ protocol, variant, scenario, configuration }) => {
      const { verdict, properties: judged } = await check(language.configure(protocol.model, configuration))
      const violated = judged.filter((one) => one.verdict === 'violated')
      const falls = violated.map(({ name, steps }) => `${name} in ${steps} steps`).join(', ')
      return `${protocol.name}@${variant.name}, ${scenario.name}: ${falls === '' ? verdict : `violates ${falls}`}`
    }),
  )
}

describe.each(apiPages.map((page) => [page.name, page] as const))('the page %s', (_name, page) => {
  const { examples } = handwrittenOf(page)
  const entries = entriesOf(page)

  test('is what npm run docs:api writes', () => {
    expect(readFileSync(apiFile(page), 'utf8')).toBe(apiPageOf(page))
  })

  test('every export and every member says what it means', () => {
    const named = entries.flatMap(({ name, comment, members }) => [
      { name, comment },
      ...members.map((member) => ({ name: `${name}.${member.name}`, comment: member.comment })),
    ])
    expect(named.filter(({ comment }) => comment.text.length < LEAST).map(({ name }) => name)).toEqual([])
  })

  test('every export that is no type has an example, in which it is used', () => {
    const values = entries.filter(({ kind }) => kind !== 'type').map(({ name }) => name)
    const isShown = (name: string): boolean =>
      examples.some(({ shows, code }) => shows.includes(name) && new RegExp(`\\b${name}\\b`).test(code))
    expect(values.filter((name) => !isShown(name))).toEqual([])
    expect(examples.flatMap(({ shows }) => shows).filter((name) => !values.includes(name))).toEqual([])
  })

  test('every heading is an anchor of its own', () => {
    const headings = readFileSync(apiFile(page), 'utf8').matchAll(/^#+ (.*)$/gm)
    const anchors = [...headings].map(([, heading = '']) => anchorOf(heading))
    expect(anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at)).toEqual([])
    expect(anchors.length).toBeGreaterThan(entries.length)
  })

  test.each(examples.map(({ shows, code }) => ({ shows: shows.join(', '), code })))('$shows', async ({ code }) => {
    const said = saidIn(code)
    const given = examplesOf(page)
    const found = page.name === 'catalogue' ? await catalogueOutcomes(given, code) : outcomesOf(given, code)
    expect(said).not.toEqual([])
    for (const what of said) expect(found.includes(what) ? what : found.join('\n')).toBe(what)
    const violations = (all: readonly string[]): readonly string[] => all.filter((what) => what.includes('violates'))
    expect(violations(said)).toEqual(violations(found))
    expect(linesOf(code).length).toBeLessThanOrEqual(LONGEST)
  })

  test('the examples are TypeScript without errors', () => {
    expect(
      typeErrors(
        examplesOf(page),
        examples.map(({ code }) => code),
      ),
    ).toEqual([])
  }, 60_000)
})
