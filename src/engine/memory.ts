/**
 * The map of the linear memory of one partition. docs/internals.md has the drawing. The emitted code and the
 * TypeScript beside it both know the memory by these names alone.
 */
import type { Compiled } from '../compiler/compile.ts'
import type { EngineModel } from './engine-model.ts'
import { bucketBitsOf, bucketsOf, outboxesOf, undivided, type BucketBits, type Division } from './division.ts'
import type { Fingerprint } from './fingerprint.ts'
import { modelError } from '../language/errors.ts'
import {
  cell,
  fields,
  mostPages,
  pageBytes,
  pagesFor,
  regions,
  type MemoryCell,
  type MemoryField,
  type Numbers,
  type Region,
} from '../wasm/memory.ts'
import type { I32, I64 } from '../wasm/typed.ts'

type Cell32 = MemoryCell<I32, number>
/** Single numbers, from address 0 on. */
export interface Control {
  /** Index in the input of the parent that is being expanded. */
  readonly parent: Cell32
  /** Address of the first successor of that parent. */
  readonly firstSuccessor: Cell32
  /** Transitions of that parent that failed. */
  readonly fails: Cell32
  /** Findings that TypeScript has not seen. */
  readonly found: Cell32
  /** Transitions of all parents. */
  readonly transitions: MemoryCell<I64, bigint>
  /** States in the visited set. */
  readonly count: Cell32
  /** Whether the state of all zero bits, which has no slot, is in the visited set. */
  readonly zeroSeen: Cell32
  /** States in the output. */
  readonly output: Cell32
  /** Bytes in the log. */
  readonly log: Cell32
  /** Slots of the table in which a state can have its home: all but the tail. */
  readonly capacity: Cell32
  /** Homes among them. */
  readonly homes: Cell32
  /** The parent of the last state in the log. */
  readonly lastParent: Cell32
  /** Keeps the loads that only warm the cache: an optimizer drops a load whose result is not used. */
  readonly sink: MemoryCell<I64, bigint>
  /** The outbox of other partitions that stands for this one. */
  readonly me: Cell32
  /** The most states that the visited set may hold when a block begins. */
  readonly limit: Cell32
  /** States that those in the visited set stand for, where there is one of each orbit. */
  readonly represented: MemoryCell<I64, bigint>
  /** While the form of a state is looked for: a bit for each element that is tied with the next. */
  readonly ties: Cell32
  /** The orders of tied elements that lead to the least image. */
  readonly alike: Cell32
  /** 1 while states are judged one after the other, and no watch is opened again between them. */
  readonly remembers: MemoryCell<I64, bigint>
  /** 1 if a state was judged since. */
  readonly hasJudged: MemoryCell<I64, bigint>
}

const layout = fields()
export const control: Control = {
  parent: cell(layout.u32()),
  firstSuccessor: cell(layout.u32()),
  fails: cell(layout.u32()),
  found: cell(layout.u32()),
  transitions: cell(layout.u64()),
  count: cell(layout.u32()),
  zeroSeen: cell(layout.u32()),
  output: cell(layout.u32()),
  log: cell(layout.u32()),
  capacity: cell(layout.u32()),
  homes: cell(layout.u32()),
  lastParent: cell(layout.u32()),
  sink: cell(layout.u64()),
  me: cell(layout.u32()),
  limit: cell(layout.u32()),
  represented: cell(layout.u64()),
  ties: cell(layout.u32()),
  alike: cell(layout.u32()),
  remembers: cell(layout.u64()),
  hasJudged: cell(layout.u64()),
}
const controlBytes = layout.bytes

/** The state of one watch. */
export interface FindingEntry {
  /** One of `finding`. */
  readonly status: Cell32
  /** Index in the input of the parent at which it was found. */
  readonly parent: Cell32
  /** Bytes of that parent's successors that were written before. */
  readonly successorBytes: Cell32
  /** Transitions of that parent that had failed before. */
  readonly fails: Cell32
}

const entry = fields()
/** The same, at an address that is known when the code runs. */
export const findingFields: Readonly<Record<keyof FindingEntry, MemoryField<I32, number>>> = {
  status: entry.u32(),
  parent: entry.u32(),
  successorBytes: entry.u32(),
  fails: entry.u32(),
}
const entryAt = (address: number): FindingEntry => ({
  status: cell(findingFields.status, address),
  parent: cell(findingFields.parent, address),
  successorBytes: cell(findingFields.successorBytes, address),
  fails: cell(findingFields.fails, address),
})

/** `open`: looked for. `found`: TypeScript has not seen it yet. `settled`: not looked for any more. */
export const finding = { open: 0, found: 1, settled: 2 } as const

/** A byte says which outbox a bucket goes to. */
const mostOutboxes = 256
/** Partitions that there can be in all workers together. Each has an outbox for every other one, or for its worker. */
export const mostPartitions = 250

/**
 * Values that the second phase of a block writes for each successor: the address of its home slot, or one of these
 * numbers, which are less than every address of a slot.
 */
export const lookup = {
  /** It belongs to the partition behind this outbox. */
  toOutbox: (outbox: I32): I32 => outbox.add(1),
  outboxOf: (value: I32): I32 => value.sub(1),
  isOutbox: (value: I32): I32 => value.lt(mostOutboxes + 1),
  /** It is no address of a slot. */
  isElsewhere: (value: I32): I32 => value.lt(mostLookup + 1),
  /** It was sent to its partition not long ago. */
  recent: 300,
}
const mostLookup = lookup.recent

/**
 * Slots behind the capacity that probing may have filled when a block begins. If the last of them is taken, the table
 * counts as full.
 */
const overrun = 1022
/** Bytes of a line of the cache. */
export const lineBytes = 64
/** Slots that stay free behind these whatever a block brings: one ends every probe. */
const spareSlots = 2

/** The numbers behind the words of a state that is sent to another partition. */
export interface RecordFields {
  readonly parent: MemoryField<I32, number>
  readonly ordinal: MemoryField<I32, number>
  /** How many states it stands for, where that may be more than one. */
  readonly orbit: MemoryField<I32, number> | undefined
  /** Bytes of the whole record. */
  readonly bytes: number
}

export interface MemoryPlan {
  /** 64-bit words of a state, and its bytes. */
  readonly words: number
  readonly stateBytes: number
  /** The same of what the visited set holds of a state: the state itself, or its fingerprint. */
  readonly keyWords: number
  readonly keyBytes: number
  /** A state, its parent and its ordinal. */
  readonly record: RecordFields
  /** The most successors of one state. */
  readonly fanOut: number
  /** Parents that are expanded before their successors are looked up. */
  readonly blockParents: number
  /** The most successors of all parents of a block. */
  readonly blockSuccessors: number
  readonly division: Division
  readonly bucketBits: BucketBits
  /** Outboxes, and the records that each has room for. */
  readonly outboxes: number
  readonly outboxRecords: number

  /** By watch: the numbers of a `FindingEntry`. */
  readonly findings: Region
  readonly findingEntries: readonly FindingEntry[]
  /** By watch of transitions: whether a transition breaks it that changes nothing of what it reads. */
  readonly unchanged: Numbers
  /** The state that was judged last. */
  readonly judged: Region
  /** 1 for each edge that was taken, then for each branch. */
  readonly edges: Numbers
  /** By bucket: the outbox that its states go to. */
  readonly routes: Numbers
  /** A word for each of a state: its bits that are 1 are those from which it follows which worker has the state. */
  readonly ownerMask: Region
  /** By parent of the block: the address behind its last successor. */
  readonly blockEnds: Numbers
  /** States to be expanded. */
  readonly input: Region
  /** States that were new. */
  readonly output: Region
  /** The origins of the states of the output. */
  readonly log: Numbers
  /** Successors, or records that come in. */
  readonly successors: Region
  /** By successor of the block: `lookup`. */
  readonly lookups: Numbers
  /** By successor of the block: its fingerprint, where that is its key. */
  readonly fingerprints: Region
  /** Records in each outbox. */
  readonly outboxCounts: Numbers
  /** The records of all outboxes, `outboxRecords` for each. */
  readonly outboxed: Region
  /** States sent lately, at a place that the hash says; none where there is one partition. */
  readonly recent: Region
  /** By successor: the size of its orbit. */
  readonly orbitSizes: Numbers
  /** By element of each scalarset: which element stands in its place in the form of a state. */
  readonly arrangement: Numbers
  /** For each state and successor whose slot is asked for: the arrangement of its form. */
  readonly arrangements: Region
  /** States with their arrangements, while the least image is looked for. */
  readonly scratch: Region
  /** By successor, in a labelled module alone: the number of the edge that it comes from. */
  readonly labels: Numbers
  /** The visited set, from here to the end of the memory. */
  readonly table: number
  /** Slots from one home to the next: those of a line of the cache, or one. */
  readonly homeSlots: number
  /** Slots behind the capacity, so that probing never wraps. */
  readonly tailSlots: number
}

/** The parts of a model on which the plan depends. */
export interface PlanNeeds {
  readonly words: number
  readonly fanOut: number
  readonly watches: number
  /** Edges and branches. */
  readonly edges: number
  readonly division: Division
  readonly labelled: boolean
  /** Whether the visited set holds fingerprints. */
  readonly fingerprinted?: boolean
  /** Elements of all scalarsets; 0 if there is nothing to permute. */
  readonly elements?: number
}

/** The longest number in the log. */
export const longestLogNumber = 5

export function planMemory(needs: PlanNeeds): MemoryPlan {
  const { words, fanOut, watches, edges, division, labelled, fingerprinted = false, elements = 0 } = needs
  const [outboxes, bucketBits] = [outboxesOf(division), bucketBitsOf(division)]
  const stateBytes = 8 * words
  const keyWords = fingerprinted ? 1 : words
  const keyBytes = 8 * keyWords
  const recordFields = fields(stateBytes)
  const record: RecordFields = {
    parent: recordFields.u32(),
    ordinal: recordFields.u32(),
    orbit: elements > 0 ? recordFields.u32() : undefined,
    bytes: 8 * Math.ceil(recordFields.bytes / 8),
  }
  const blockParents = 64
  const blockSuccessors = fanOut + Math.max(512, Math.floor(4096 / words))
  const inputStates = Math.max(1024, Math.floor(8192 / words))
  const outputStates = inputStates + 2 * blockSuccessors
  const outboxRecords = 2 * blockSuccessors
  // half a megabyte stays in the cache beside the rest
  const recentStates = 2 ** Math.floor(Math.log2(65536 / words))
  const place = regions(controlBytes)
  const placed = {
    findings: place.items(watches, entry.bytes),
    unchanged: place.words(watches),
    judged: place.items(1, stateBytes),
    edges: place.bytes(edges),
    routes: place.bytes(bucketsOf(bucketBits)),
    ownerMask: place.items(1, stateBytes),
    blockEnds: place.words(blockParents),
    input: place.items(inputStates, stateBytes),
    output: place.items(outputStates, stateBytes),
    log: place.bytes(3 * outputStates + 2 * longestLogNumber * blockSuccessors),
    successors: place.items(blockSuccessors + 1, record.bytes),
    // the loop that touches them takes four at a time
    lookups: place.words(blockSuccessors + 4),
    fingerprints: place.items(fingerprinted ? blockSuccessors : 0, keyBytes),
    outboxCounts: place.words(Math.max(1, outboxes)),
    outboxed: place.items(outboxes * outboxRecords, record.bytes),
    recent: place.items(outboxes === 0 ? 0 : recentStates, stateBytes),
    orbitSizes: place.words(elements > 0 ? blockSuccessors : 0),
    arrangement: place.bytes(8 * Math.ceil(elements / 8)),
    arrangements: place.items(elements > 0 ? blockSuccessors : 0, 8 * Math.ceil(elements / 8)),
    // the form that is worked on, and one for each element
    scratch: place.items(elements > 0 ? elements + 1 : 0, stateBytes + 8 * Math.ceil(elements / 8)),
    labels: place.words(labelled ? blockSuccessors : 0),
  }
  if (outboxes > mostOutboxes) throw new RangeError(`${outboxes} outboxes are more than a byte can name`)
  if (place.end <= mostLookup) throw new RangeError('an address of a slot could be taken for another lookup')
  const homeSlots = keyWords <= 2 ? lineBytes / keyBytes : 1
  const sizes = {
    words,
    stateBytes,
    keyWords,
    keyBytes,
    homeSlots,
    record,
    fanOut,
    blockParents,
    blockSuccessors,
    division,
    bucketBits,
    outboxes,
    outboxRecords,
  }
  const findingEntries = Array.from({ length: watches }, (_, watch) => entryAt(placed.findings.addressOf(watch)))
  const tailSlots = wholeHomes({ homeSlots }, overrun + spareSlots + blockSuccessors)
  return { ...sizes, ...placed, findingEntries, table: place.end, tailSlots }
}

/** The entry of a watch. */
export function findingOf({ findingEntries }: MemoryPlan, watch: number): FindingEntry {
  const found = findingEntries[watch]
  if (found === undefined) throw new RangeError(`there is no watch ${watch}`)
  return found
}

export interface PlanOptions {
  /** Undivided if absent. */
  readonly division?: Division
  readonly labelled?: boolean
  readonly fingerprint?: Fingerprint
}

export const needsOf = (
  { layout: { words }, fanOut, watched, edges, arms, symmetry }: EngineModel,
  { division = undivided, labelled = false, fingerprint }: PlanOptions,
): PlanNeeds => ({
  words,
  fanOut,
  watches: watched.length,
  edges: edges.length + arms.length,
  division,
  labelled,
  fingerprinted: fingerprint !== undefined,
  elements: symmetry.scalarsets.reduce((sum, { scalarset }) => sum + scalarset.size, 0),
})

/** The plan for a model. */
export const planOf = (model: EngineModel, options: PlanOptions): MemoryPlan => planMemory(needsOf(model, options))

/** The plan as the table sees it, which knows keys alone. */
export const planOfKeys = (plan: MemoryPlan): MemoryPlan => ({
  ...plan,
  words: plan.keyWords,
  stateBytes: plan.keyBytes,
})

/** Bytes of a memory with a table of this capacity. */
export const memoryBytes = ({ table, tailSlots, keyBytes }: MemoryPlan, capacity: number): number =>
  table + (capacity + tailSlots) * keyBytes
/** Pages of the same. */
export const memoryPages = (plan: MemoryPlan, capacity: number): number => pagesFor(memoryBytes(plan, capacity))
/** The least number of slots that is so many, and those of whole homes. */
export const wholeHomes = ({ homeSlots }: Pick<MemoryPlan, 'homeSlots'>, slots: number): number =>
  Math.ceil(slots / homeSlots) * homeSlots
/** The capacity of the smallest table: room for more than one block. */
export const leastCapacity = (plan: MemoryPlan): number => wholeHomes(plan, 4 * plan.blockSuccessors + 2048)
/** Bytes from which a table counts as large: it is filled further, and grows by less, so that little stands empty. */
export const largeTable: number = 2 ** 28
/**
 * The part of the slots that may be taken. In a full table a probe takes longer; least so where it looks at all slots
 * of a line at once.
 */
const fullAt = ({ homeSlots, keyBytes }: MemoryPlan, capacity: number): number =>
  homeSlots > 1 && capacity * keyBytes >= largeTable ? 0.9 : 0.8
/** The most states that a table of this capacity may hold when a block begins. */
export const tableLimit = (plan: MemoryPlan, capacity: number): number =>
  Math.max(0, Math.floor(capacity * fullAt(plan, capacity)) - plan.blockSuccessors)
/** The slot that is taken when probing ran far behind the capacity: the table must grow then. */
export const overrunSlot = (capacity: number): number => capacity + overrun
export const overrunSlotIn = (capacity: I32): I32 => capacity.add(overrun)

/**
 * Throws if a state is too large, or has too many successors, for the smallest table.
 *
 * @throws ModelError HMM035
 */
export function assertAddressable(compiled: Compiled): void {
  const plan = planOf(compiled, {})
  const least = memoryBytes(plan, leastCapacity(plan))
  const addressable = mostPages * pageBytes
  if (least <= addressable) return
  const what = `a state has ${compiled.layout.bits} bits and up to ${plan.fanOut} successors: the smallest table would need ${least} bytes of ${addressable}`
  throw modelError('HMM035', what, compiled.model.name)
}
