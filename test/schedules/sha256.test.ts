/** SHA-256 against Node's. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../src/schedules/sha256.ts'

const expected = (text: string): string => createHash('sha256').update(text).digest('hex')

test("the standard's example", () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('every length around the ends of blocks', () => {
  for (let length = 0; length < 200; length += 1)
    expect(sha256('ä'.repeat(length)), `${length} letters`).toBe(expected('ä'.repeat(length)))
})

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(expected(text))
    }),
  )
})
