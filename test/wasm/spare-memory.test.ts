/** Memories that are used again hold nothing of what was in them. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { moduleOf } from '../../src/engine/code.ts'
import { partition } from '../../src/engine/partition.ts'
import { pageBytes } from '../../src/wasm/memory.ts'
import { giveMemory, takeMemory } from '../../src/wasm/spare-memory.ts'
import { cube } from '../support/counters.ts'

const holds = (memory: WebAssembly.Memory): Uint8Array => new Uint8Array(memory.buffer)

test('a memory that was given back is given out again, all zeros', () => {
  const memory = takeMemory(3)
  holds(memory).fill(7, 0, 2 * pageBytes)
  giveMemory(memory, 2 * pageBytes)
  expect(takeMemory(2)).toBe(memory)
  expect(holds(memory).every((byte) => byte === 0)).toBe(true)
})

test('the largest one is given out, if it is large enough', () => {
  const memories = [5, 9, 7].map((pages) => takeMemory(pages))
  for (const memory of memories) giveMemory(memory, 0)
  expect(takeMemory(6)).toBe(memories[1])
  const another = takeMemory(8)
  expect(memories).not.toContain(another)
  expect(another.buffer.byteLength).toBe(8 * pageBytes)
  expect(takeMemory(1)).toBe(memories[2])
})

test('a large one is not kept', () => {
  const memory = takeMemory(600)
  giveMemory(memory, 0)
  expect(takeMemory(1)).not.toBe(memory)
})

test('a partition that was released refuses all work, and leaves its memory alone', () => {
  const compiled = compile(cube(1, 2))
  const one = partition(compiled, moduleOf(compiled, {}), { log: 0, tableBytes: 0 })
  one.expander.seed([[0n]], 0)
  expect(one.visited.size()).toBe(1)
  one.release()
  expect(() => one.visited.size()).toThrow(RangeError)
  expect(() => one.expander.seed([[0n]], 0)).toThrow(RangeError)
  expect(() => one.oracle.successorsOfAll(new Uint8Array(8).fill(1))).toThrow(RangeError)
  expect(holds(takeMemory(1)).every((byte) => byte === 0)).toBe(true)
})
