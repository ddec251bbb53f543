/**
 * docs/kernel.md, docs/properties.md and docs/catalogue.md are what `npm run docs:api` writes, say something of every export, and their examples come to what
 * stands behind `// =>`.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { apiFile, apiPageOf, apiPages, groupsOf, handwrittenOf, type ApiPage } from '../../docs/api-page.ts'
import type { Entry } from '../../docs/api-exports.ts'
import { anchorOf } from '../../docs/headings.ts'
import * as kernel from '../../models/kernel/index.ts'
import * as properties from '../../properties/index.ts'
import { check } from '../../src/explorer/check.ts'
import { asCatalogue, defineProtocol } from '../../src/language/define.ts'
import * as language from '../../src/language/index.ts'
import type { Protocol } from '../../src/language/protocol.ts'
import { selectProperties } from '../../src/language/select.ts'
import { settingOf } from '../../src/language/setting.ts'
import { UsageError } from '../../src/language/usage.ts'
import { linesOf, noting, outcomesOf, run, saidIn, typeErrors, type Examples } from './examples.ts'

/** Lines of an example; a few, and what they need around them. */
const LONGEST = 13
/** Letters of a doc comment that says something. */
const LEAST = 18

const offered = { ...language, check, asCatalogue, defineProtocol, selectProperties, settingOf, UsageError }
const words: Readonly<Record<string, Examples['words']>> = {
  kernel: { 'src/language/index.ts': language, 'models/kernel/index.ts': kernel },
  properties: { 'src/language/index.ts': language, 'models/kernel/index.ts': kernel, 'properties/index.ts': properties },
  catalogue: { 'src/index.ts': offered },
}
const examplesOf = (page: ApiPage): Examples => ({ shared: handwrittenOf(page).shared, words: words[page.name] ?? {}, claims: 'properties/index.ts' })
const entriesOf = (page: ApiPage): readonly Entry[] => groupsOf(page).flatMap(({ entries }) => entries)

/** What an example of a catalogue comes to: what it prints, or else each variant in each scenario; or the message of the error. */
async function catalogueOutcomes({ shared, words: given }: Examples, code: string): Promise<readonly string[]> {
  const made: Protocol[] = []
  const printed: string[] = []
  const scope = {
    ...Object.assign({}, ...Object.values(given)) as Readonly<Record<string, unknown>>,
    defineProtocol: noting(made, defineProtocol),
    console: { log: (...what: readonly unknown[]) => { printed.push(what.join(' ')) } },
  }
  try {
    await run(shared + code, scope)
  } catch (error) {
    if (error instanceof UsageError) return [error.message]
    throw error
  }
  if (printed.length > 0) return printed
  const settings = made.flatMap((protocol) => protocol.variants.flatMap((variant) => protocol.scenarios.map((scenario) => settingOf(protocol, { variant: variant.name, scenario: scenario.name }))))
  return Promise.all(settings.map(async ({ protocol, variant, scenario, configuration }) => {
    const { verdict, properties: judged } = await check(language.configure(protocol.model, configuration))
    const violated = judged.filter((one) => one.verdict === 'violated').map(({ name, steps }) => `${name} in ${steps} steps`)
    return `${protocol.name}@${variant.name}, ${scenario.name}: ${violated.length === 0 ? verdict : `violates ${violated.join(', ')}`}`
  }))
}

describe.each(apiPages.map((page) => [page.name, page] as const))('the page %s', (_name, page) => {
  const { examples } = handwrittenOf(page)
  const entries = entriesOf(page)

  test('is what npm run docs:api writes', () => {
    expect(readFileSync(apiFile(page), 'utf8')).toBe(apiPageOf(page))
  })

  test('every export and every member says what it means', () => {
    const named = entries.flatMap((entry) => [[entry.name, entry] as const, ...entry.members.map((member) => [`${entry.name}.${member.name}`, member] as const)])
    expect(named.filter(([, { comment }]) => comment.text.length < LEAST).map(([name]) => name)).toEqual([])
  })

  test('every export that is no type has an example, in which it is used', () => {
    const values = entries.filter(({ kind }) => kind !== 'type').map(({ name }) => name)
    expect(values.filter((name) => !examples.some(({ shows, code }) => shows.includes(name) && new RegExp(`\\b${name}\\b`).test(code)))).toEqual([])
    expect(examples.flatMap(({ shows }) => shows).filter((name) => !entries.some((entry) => entry.name === name))).toEqual([])
  })

  test('every heading is an anchor of its own', () => {
    const anchors = [...readFileSync(apiFile(page), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
    expect(anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at)).toEqual([])
    expect(anchors.length).toBeGreaterThan(entries.length)
  })

  test.each(examples.map(({ shows, code }) => ({ shows: shows.join(', '), code })))('$shows', async ({ code }) => {
    const said = saidIn(code)
    const found = page.name === 'catalogue' ? await catalogueOutcomes(examplesOf(page), code) : outcomesOf(examplesOf(page), code)
    expect(said).not.toEqual([])
    for (const what of said) expect(found.includes(what) ? what : found.join('\n')).toBe(what)
    const violations = (all: readonly string[]): readonly string[] => all.filter((what) => what.includes('violates'))
    expect(violations(said)).toEqual(violations(found))
    expect(linesOf(code).length).toBeLessThanOrEqual(LONGEST)
  })

  test('the examples are TypeScript without errors', () => {
    expect(typeErrors(examplesOf(page), examples.map(({ code }) => code))).toEqual([])
  }, 60_000)
})
