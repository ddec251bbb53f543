/** Numbers in LEB128, against its definition. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytes, type Bytes } from '../../src/wasm/bytes.ts'

/** The definition: seven bits in each byte, until the rest is the sign alone. */
function leb128(value: bigint): readonly number[] {
  const low = Number(BigInt.asUintN(7, value))
  const rest = value >> 7n
  const isLast = rest === (low & 0x40 ? -1n : 0n)
  return isLast ? [low] : [low | 0x80, ...leb128(rest)]
}

const written = (write: (to: Bytes) => void): readonly number[] => {
  const run = bytes()
  write(run)
  return [...run.finish()]
}
const edges = [6, 7, 13, 14, 20, 21, 31, 32, 34, 35, 62, 63].flatMap((bits) =>
  [-1n, 0n, 1n].flatMap((by) => [2n ** BigInt(bits) + by, -(2n ** BigInt(bits)) + by]),
)

test('numbers of 32 bits with a sign', () => {
  const holds = (value: number): void => {
    expect(
      written((to) => {
        to.signed32(value)
      }),
    ).toEqual(leb128(BigInt(value)))
  }
  for (const value of edges) if (BigInt.asIntN(32, value) === value) holds(Number(value))
  fc.assert(fc.property(fc.integer(), holds))
})

test('numbers of 64 bits with a sign', () => {
  const holds = (value: bigint): void => {
    expect(
      written((to) => {
        to.signed64(value)
      }),
    ).toEqual(leb128(value))
  }
  for (const value of edges) if (BigInt.asIntN(64, value) === value) holds(value)
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), holds))
})

test('numbers without a sign', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), (value) => {
      const groups = written((to) => {
        to.unsigned(value)
      })
      expect(groups.reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0)).toBe(value)
      expect(groups.slice(0, -1).every((byte) => byte >= 0x80)).toBe(true)
      expect(groups.at(-1)).toBeLessThan(0x80)
    }),
  )
})

test('a run grows as it is written', () => {
  const run = bytes()
  for (let n = 0; n < 1000; n++) run.byte(n & 0xff)
  const inner = bytes()
  inner.push(...Array.from({ length: 300 }, (_, n) => n & 0xff))
  run.append(inner)
  expect(run.length).toBe(1300)
  expect([...run.finish()]).toEqual([
    ...Array.from({ length: 1000 }, (_, n) => n & 0xff),
    ...Array.from({ length: 300 }, (_, n) => n & 0xff),
  ])
})
