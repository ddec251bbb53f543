/**
 * The memory of a module of walks: the regions of a `MemoryPlan`, and in place of the visited set those that stand
 * here.
 */
import { cell, fields, regions, type MemoryCell, type Numbers, type Region } from '../../wasm/memory.ts'
import type { I32, I64 } from '../../wasm/typed.ts'
import type { MemoryPlan } from '../memory.ts'

/** A walk is cut into stretches of so many steps at most; each state of a stretch has a place in the input. */
export const stretchOf = ({ input }: MemoryPlan): number => input.count - 1

/** The bits that say what is known of a thread at a control point. */
export const pointFact = { idle: 1, inside: 2 } as const

/** The number that stands for no thread, and for no transition. */
export const NONE = 0xffffffff

/** The place of the control point of an instance in a state. */
export interface PointPlace {
  /** Offset of its word, in bytes. */
  readonly offset: number
  readonly shift: number
  readonly mask: number
  /** For each control point: `pointFact`. */
  readonly facts: Uint8Array
}

/** The numbers that a module needs to know of the control point of each instance, in the order of `PointPlace`. */
export const pointNumbers = 4

/** Transitions that a record has bits for; those of a higher ordinal have a record of their own. */
export const recordBits = 32

/** Records that are taken over at once. */
const batchRecords = 4096

type Cell32 = MemoryCell<I32, number>

export interface WalkPlan {
  readonly plan: MemoryPlan
  /** The state of the generator of chance. */
  readonly chance: readonly [Cell32, Cell32, Cell32, Cell32]
  /** The thread that acted last, or `NONE`. */
  readonly last: Cell32
  /** Of `pct`: lower than every priority. */
  readonly lowest: Cell32
  /** Distinct states and transitions in the table. */
  readonly states: Cell32
  readonly transitions: MemoryCell<I64, bigint>
  /** Records in the table. */
  readonly records: Cell32
  /** The most states that the table takes; `full` is 1 if there was one more. */
  readonly limit: Cell32
  readonly full: Cell32
  /** Records that the table has room for, and the address behind the last. */
  readonly capacity: Cell32
  readonly tableEnd: Cell32
  /** Where the successors of each instance end, behind where those of the first begin. */
  readonly threadEnds: Numbers
  readonly priorities: Numbers
  /** By step of the stretch: how often the thread that is about to act falls behind all others. */
  readonly demotions: Numbers
  /** By instance: the numbers of its `PointPlace`, with an address for its facts. */
  readonly points: Numbers
  readonly facts: Numbers
  /** By step of the stretch: the transition that was taken. */
  readonly ordinals: Numbers
  /** 1 for each edge that was taken. */
  readonly walked: Numbers
  /** By state of the stretch: the address of its home in the table. */
  readonly homes: Numbers
  /** Records of another table, which are taken over. */
  readonly batch: Region
  /** Bytes of a record: which transitions of a state were taken, and the state. */
  readonly recordBytes: number
  /** The table of what walks came by, from here to the end of the memory. */
  readonly table: number
}

/** The parts of a model on which the plan depends. */
export interface WalkNeeds {
  readonly threads: number
  /** Control points of all instances. */
  readonly points: number
}

export function planWalks(plan: MemoryPlan, { threads, points }: WalkNeeds): WalkPlan {
  const layout = fields(plan.table)
  const u32 = (): Cell32 => cell(layout.u32())
  const cells = {
    chance: [u32(), u32(), u32(), u32()] as const,
    last: u32(),
    lowest: u32(),
    states: u32(),
    transitions: cell(layout.u64()),
    records: u32(),
    limit: u32(),
    full: u32(),
    capacity: u32(),
    tableEnd: u32(),
  }
  const place = regions(layout.bytes)
  const states = plan.input.count
  const recordBytes = 8 + plan.stateBytes
  const placed = {
    threadEnds: place.words(threads + 1),
    priorities: place.words(threads),
    demotions: place.words(states),
    points: place.words(pointNumbers * threads),
    facts: place.bytes(points),
    ordinals: place.words(states),
    walked: place.bytes(plan.edges.count),
    homes: place.words(states),
    batch: place.items(batchRecords, recordBytes),
  }
  return { plan, ...cells, ...placed, recordBytes, table: place.end }
}
