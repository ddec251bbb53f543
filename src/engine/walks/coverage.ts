/** Counts of what walks came by: distinct states and transitions, exact up to a limit, in a table that grows. */
import type { WalkExports } from './exports.ts'
import type { WalkPlan } from './memory.ts'

/** Records that the table has room for at first. */
const leastRecords = 4096
/** The part of the table that is filled at most. */
const load = 0.75

export interface CoverageTable {
  /** Counts the states of a stretch of so many steps, and the transitions between them. */
  cover(steps: number): void
  readonly states: () => number
  readonly transitions: () => number
  /** Was there a state more than the limit? Then both numbers are not to be read. */
  readonly full: () => boolean
  /** The table, record by record; some of them free. */
  records(): Uint8Array
  /** Adds what another walker of the same model has counted. */
  absorb(records: Uint8Array): void
}

interface Memory {
  readonly bytes: () => Uint8Array
  readonly view: () => DataView
  /** Makes room up to an address. */
  resize(end: number): void
}

export function coverageOf(
  walk: WalkPlan,
  engine: Pick<WalkExports, 'cover' | 'absorb'>,
  { bytes, view, resize }: Memory,
  { limit, counts }: { readonly limit: number; readonly counts: boolean },
): CoverageTable {
  const { table, recordBytes, batch } = walk
  const tell = (capacity: number): void => {
    const end = table + capacity * recordBytes
    resize(end)
    walk.capacity.write(view(), capacity)
    walk.tableEnd.write(view(), end)
  }
  const capacity = (): number => walk.capacity.read(view())
  const records = (): Uint8Array => bytes().slice(table, table + capacity() * recordBytes)
  const isFull = (): boolean => walk.full.read(view()) !== 0
  const absorbAll = (all: Uint8Array, prepare: (records: number) => void): void => {
    for (let from = 0; from < all.length && !isFull(); from += batch.count * recordBytes) {
      const some = all.subarray(from, from + batch.count * recordBytes)
      prepare(some.length / recordBytes)
      bytes().set(some, batch.address)
      engine.absorb(some.length / recordBytes)
    }
  }
  const grow = (): void => {
    const old = records()
    bytes().fill(0, table, table + old.length)
    walk.states.write(view(), 0)
    walk.transitions.write(view(), 0n)
    walk.records.write(view(), 0)
    tell(2 * capacity())
    absorbAll(old, () => undefined)
  }
  /** Makes room for so many more. */
  const reserve = (more: number): void => {
    while (walk.records.read(view()) + more > load * capacity()) grow()
  }
  walk.limit.write(view(), limit)
  if (counts) tell(leastRecords)
  return {
    cover(steps) {
      if (!counts || isFull()) return
      // a state, and a transition of a high ordinal
      reserve(2 * (steps + 1))
      engine.cover(steps)
    },
    states: () => walk.states.read(view()),
    transitions: () => Number(walk.transitions.read(view())),
    full: () => !counts || isFull(),
    records,
    absorb(all) {
      absorbAll(all, reserve)
    },
  }
}
