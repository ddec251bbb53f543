/**
 * docs/language.md says what is so: every example compiles, builds a model, and comes to what stands behind its `//
 * =>`.
 */
import { describe, expect, test } from 'vitest'
import * as language from '../../src/language/index.ts'
import { linesOf, outcomesOf, saidIn, typeErrors } from './examples.ts'
import { fencesOf } from './support.ts'

const [shared = '', ...examples] = fencesOf('docs/language.md')
  .filter(({ language: of }) => of === 'ts')
  .map(({ text }) => text)
const reference = { shared, words: { 'src/language/index.ts': language } }
const words = Object.keys(language)

describe('an example', () => {
  test.each(examples.map((code) => [/\*\*/.test(code) ? code : (code.split('\n')[0] ?? ''), code]))(
    '%s',
    (_first, code) => {
      const said = saidIn(code)
      expect(said).not.toEqual([])
      const found = outcomesOf(reference, code)
      for (const what of said) expect(found.includes(what) ? what : found.join('\n')).toBe(what)
      const violations = (all: readonly string[]): readonly string[] =>
        all.filter((what) => what.startsWith('violates'))
      expect(violations(said)).toEqual(violations(found))
    },
  )
})

test('the examples are TypeScript without errors', () => {
  expect(typeErrors(reference, examples)).toEqual([])
}, 60_000)

test('every word of the language, and everything a handle can do, is shown', () => {
  const code = [shared, ...examples].join('\n')
  const members = [
    'eq',
    'ne',
    'lt',
    'le',
    'gt',
    'ge',
    'plus',
    'minus',
    'set',
    'increment',
    'decrement',
    'isNone',
    'isSome',
    'has',
    'isEmpty',
    'size',
    'add',
    'remove',
    'clear',
    'all',
    'empty',
    'head',
    'isFull',
    'length',
    'push',
    'pop',
    'discard',
    'at',
    'filled',
    'is',
    'value',
    'as',
    'Else',
    'now',
    'Sample',
    'bump',
    'isCurrent',
    'isStale',
  ]
  const missing = [
    ...words.map((word) => [word, `\\b${word}\\b`]),
    ...members.map((member) => [`.${member}`, `\\.${member}\\b`]),
  ]
    .filter(([, pattern]) => !new RegExp(pattern ?? '').test(code))
    .map(([name]) => name)
  expect(missing).toEqual([])
})

test('an example is short', () => {
  for (const code of examples) expect(linesOf(code).length).toBeLessThanOrEqual(9)
})
