/** What the engine writes into the log is what TypeScript reads from it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { moduleOf } from '../../src/engine/code.ts'
import { logOriginOf, type Segment } from '../../src/engine/log.ts'
import { partition } from '../../src/engine/partition.ts'
import { wide } from '../support/counters.ts'

/** How a state was found: its parent in the chunk, and which of its transitions. */
interface Found {
  readonly parent: number
  readonly ordinal: number
}

const compiled = compile(wide(64))
const code = moduleOf(compiled, {})
// 255 is the first number that takes five bytes
const number = fc.oneof(fc.nat(3), fc.integer({ min: 250, max: 260 }), fc.integer({ min: 0, max: 2 ** 20 }))
const batches = fc.array(fc.array(fc.record({ parent: number, ordinal: number }), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 6,
})

/** Records of new states, which stand in the order of their parents. */
function recordsOf(found: readonly Found[], from: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 * found.length))
  found.forEach(({ parent, ordinal }, n) => {
    view.setBigUint64(16 * n, BigInt(from + n + 1), true)
    view.setUint32(16 * n + 8, parent, true)
    view.setUint32(16 * n + 12, ordinal, true)
  })
  return new Uint8Array(view.buffer)
}

test('parents and ordinals of any size, in segments of several batches', () => {
  fc.assert(
    fc.property(batches, (all) => {
      const { expander } = partition(compiled, code, { log: 3, tableBytes: 0 })
      const segments: Segment[] = []
      const expected: { readonly parents: number; readonly found: Found }[] = []
      all.forEach((batch, n) => {
        const found = batch.toSorted((a, b) => a.parent - b.parent)
        const records = recordsOf(found, expected.length)
        const parents = { log: 7, index: 1_000 * n }
        const { expanded } = expander.receive({ to: 0, parents, count: found.length, records }, 0)
        if (expanded.segment !== undefined) segments.push(expanded.segment)
        for (const one of found) expected.push({ parents: parents.index, found: one })
      })
      expect(segments.length).toBe(all.length)
      expected.forEach(({ parents, found: { parent, ordinal } }, index) => {
        expect(logOriginOf(segments, { log: 3, index })).toEqual({
          parent: { log: 7, index: parents + parent },
          ordinal,
        })
      })
    }),
  )
})

test('a state that no segment has', () => {
  expect(() => logOriginOf([], { log: 3, index: 5 })).toThrow('no state 5 in log 3')
})
