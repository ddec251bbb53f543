/** Memories that are used again hold nothing of what was in them. */
import { beforeEach, describe, expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { moduleOf } from '../../src/engine/code.ts'
import { startInstance } from '../../src/engine/instance.ts'
import { partition, type Partition } from '../../src/engine/partition.ts'
import { pageBytes } from '../../src/wasm/memory.ts'
import { giveMemory, takeMemory } from '../../src/wasm/spare-memory.ts'
import { cube } from '../support/counters.ts'
import { takeSpares } from '../support/spare-memory.ts'

beforeEach(takeSpares)

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

describe('a partition that was released', () => {
  const compiled = compile(cube(1, 2))
  const state = new Uint8Array(8).fill(1)
  const chunk = { log: 0, first: 0, count: 1, states: state }
  const asked: Readonly<Record<string, (one: Partition) => unknown>> = {
    size: ({ visited }) => visited.size(),
    find: ({ visited }) => visited.find(state),
    grow: ({ visited }) => visited.grow(2 ** 24),
    holdsZero: ({ visited }) => visited.holdsZero(),
    seed: ({ expander }) => expander.seed([[1n]], 0),
    expand: ({ expander }) => expander.expand(chunk, 0),
    receive: ({ expander }) =>
      expander.receive({ to: 0, parents: { log: 0, index: 0 }, count: 1, records: new Uint8Array(16).fill(1) }, 0),
    insertAll: ({ expander }) => expander.insertAll({ states: state, count: 1 }),
    route: ({ expander }) => {
      expander.route(0, 0)
    },
    setOwnerMask: ({ expander }) => {
      expander.setOwnerMask(state)
    },
    transitions: ({ expander }) => expander.transitions(),
    successorsOfAll: ({ oracle }) => oracle.successorsOfAll(state),
    settle: ({ oracle }) => {
      oracle.watches.settle([0])
    },
    mark: ({ marker }) => marker.mark({ states: state, count: 1 }),
  }

  test.each(Object.keys(asked))('refuses %s, and leaves its memory alone', (name) => {
    const one = partition(compiled, moduleOf(compiled, {}), { log: 0, tableBytes: 0 })
    one.expander.seed([[0n]], 0)
    one.release()
    expect(() => asked[name]?.(one)).toThrow(RangeError)
    expect(holds(takeMemory(1)).every((byte) => byte === 0)).toBe(true)
  })

  test('takes no memory by growing', () => {
    const one = startInstance(compiled, moduleOf(compiled, {}), { tableBytes: 0 })
    const capacity = 2 * one.capacity()
    one.release()
    expect(() => one.resize(capacity)).toThrow('the memory was given back')
    expect(() => one.behindTable(8, () => 0)).toThrow('the memory was given back')
    expect(holds(takeMemory(1)).every((byte) => byte === 0)).toBe(true)
  })

  test('gives its memory back once, however often it is said', () => {
    const one = partition(compiled, moduleOf(compiled, {}), { log: 0, tableBytes: 0 })
    one.release()
    one.release()
    expect(takeMemory(1)).not.toBe(takeMemory(1))
  })
})
