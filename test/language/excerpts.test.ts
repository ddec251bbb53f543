/** The protocols of the language's study, as they were written there: what they must still mean. */
import { expect, test } from 'vitest'
import { configure, type Configuration, type Model } from '../../src/language/index.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { migrateVma } from './excerpts/migrate.ts'
import { mirror2017, mirror2017Dontneed } from './excerpts/mirror2017.ts'
import { lostUpdate, peterson, twoPhaseCommit } from './excerpts/oracles.ts'

const check = (model: Model, sizes: Configuration['sizes'], constants: Configuration['constants'] = {}) =>
  referenceCheck(configure(model, { sizes, constants }))

test.each([
  ['two-phase commit, one resource manager', twoPhaseCommit(), { ResourceManager: 1 }, 12],
  ['lost update, two threads', lostUpdate(), { Incrementer: 2 }, 13],
  ['lost update, three threads', lostUpdate(), { Incrementer: 3 }, 84],
  ['Peterson', peterson(), {}, 42],
])('%s has as many states as published', (_name, model, sizes, states) => {
  expect(check(model, sizes).states).toBe(states)
})

const one = { Device: 1, Page: 1, Va: 1 }
test.each([
  ['range_end', mirror2017, 'violated', 19],
  ['range_start', mirror2017, 'holds', undefined],
  ['range_start', mirror2017Dontneed, 'violated', 20],
] as const)('the mirror that invalidates at %s', (invalidate_at, model, verdict, steps) => {
  const [property] = check(model, one, { invalidate_at }).properties
  expect(property).toMatchObject({ name: 'P-NOUAF', verdict, ...(steps === undefined ? {} : { steps }) })
})

test.each([
  ['refcount', 'holds'],
  ['nothing', 'violated'],
] as const)('migration that checks %s', (check_page, verdict) => {
  const [content] = check(migrateVma, { Page: 2, Va: 1 }, { check_page }).properties
  expect(content?.verdict).toBe(verdict)
})
