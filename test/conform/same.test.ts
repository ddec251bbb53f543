/** Values are compared by the parts of their trees that they do not share: the answer must be that of the library. */
import fc from 'fast-check'
import { is, Map as Persistent } from 'immutable'
import { expect, test } from 'vitest'
import { isSame } from '../../src/conform/same.ts'
import type { Value } from '../../src/semantics/values.ts'

type Cells = Persistent<Value, Value>

const cells = (size: number): Cells =>
  Persistent(
    Array.from({ length: size }, (_, n): [Value, Value] => [
      n,
      Persistent<Value, Value>(Object.entries({ kind: 'none', page: n % 3 })),
    ]),
  )

test('two values that come from one by changes are the same where the library says so', () => {
  const change = fc.tuple(fc.nat(60), fc.constantFrom<Value>('none', 'present', null, 0, 1))
  const changes = fc.array(change, { maxLength: 4 })
  const changed = (from: Cells, all: readonly (readonly [number, Value])[]): Cells =>
    all.reduce((into, [at, value]) => into.setIn([at, 'kind'], value), from)
  let equal = 0
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 7, 9, 40, 61), changes, changes, fc.boolean(), (size, some, others, isAlike) => {
      const from = cells(size)
      const [one, other] = [changed(from, some), changed(from, isAlike ? [...some].reverse() : others)]
      if (is(one, other)) equal += 1
      expect(isSame(one, other)).toBe(is(one, other))
    }),
    { numRuns: 400, seed: 11 },
  )
  expect(equal).toBeGreaterThan(100)
})
