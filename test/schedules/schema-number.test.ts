/**
 * Files that others store carry a schema number. Those of test/fixtures were written once and are never written again:
 * if one of them is no longer read, the form has changed, and the number must grow.
 */
import { checkSchema, fuzzSchema, traceSchema } from '../support/documents.ts'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readLock, readSchedule } from '../../src/schedules/read.ts'
import { writeSchedule } from '../../src/schedules/write.ts'

const fixture = (name: string, schema = 1): string =>
  readFileSync(new URL(`../fixtures/schema-${schema}/${name}.json`, import.meta.url), 'utf8')

/** A stored file with other fields. */
const changed = (name: string, fields: object): string =>
  JSON.stringify({ ...(JSON.parse(fixture(name)) as object), ...fields })

describe('the present schema is read', () => {
  test('a schedule, and written again it is the same text', () => {
    expect(writeSchedule(readSchedule(fixture('schedule'), 'schedule.json'))).toBe(fixture('schedule'))
  })

  test('a lock, and written again it is the same text', () => {
    expect(writeSchedule(readLock(fixture('lock'), 'lock.json'))).toBe(fixture('lock'))
  })

  test.each([
    ['check', 3, checkSchema],
    ['fuzz', 1, fuzzSchema],
    ['trace', 2, traceSchema],
  ])('the document of %s, schema %i', (name, number, schema) => {
    const document: unknown = JSON.parse(fixture(name, number))
    expect(schema.parse(document)).toEqual(document)
  })

  test.each([
    ['check', 1, checkSchema],
    ['check', 2, checkSchema],
    ['trace', 1, traceSchema],
  ])('the document of %s of schema %i is another form, so the number grew', (name, number, schema) => {
    expect(schema.safeParse(JSON.parse(fixture(name, number))).success).toBe(false)
  })
})

describe('another schema is refused', () => {
  test('an older schedule: with the check that makes it again', () => {
    expect(() => readSchedule(changed('schedule', { schema: 0, steps: 'of another form' }), 'old.json')).toThrow(
      expect.objectContaining({
        message:
          'HMM226: old.json has schema 0, and this version of hmmcheck reads schema 1\n' +
          "  remedy: make it again with: hmmcheck check notifier@as-posted --scenario core --property 'P-NOUAF' --out old.json",
      }),
    )
  })

  test('an older lock: with the command that found it', () => {
    expect(() => readLock(changed('lock', { schema: 0 }), 'old.json')).toThrow(
      expect.objectContaining({
        message:
          'HMM226: old.json has schema 0, and this version of hmmcheck reads schema 1\n' +
          '  remedy: make it again with: npx hmmcheck check notifier@as-posted --scenario core --config devices=1,pages=1 --property P-NOUAF --out new.json, then hmmcheck lock new.json',
      }),
    )
  })

  test.each([readSchedule, readLock])('a newer one: with the advice to update', (read) => {
    expect(() => read(changed('lock', { schema: 2 }), 'new.json')).toThrow(
      expect.objectContaining({
        message:
          'HMM226: new.json has schema 2, and this version of hmmcheck reads schema 1\n  remedy: update hmmcheck',
      }),
    )
  })

  test('names that are missing have placeholders', () => {
    expect(() => readSchedule('{ "schema": 0 }', 'old.json')).toThrow(
      "hmmcheck check MODEL@VARIANT --scenario NAME --property 'NAME' --out old.json",
    )
  })
})
