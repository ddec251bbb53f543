/** Where everything stands in the linear memory of one partition. Addresses and sizes in bytes. */
import type { Compiled } from '../compiler/compile.ts'
import { modelError } from '../language/errors.ts'

/** Words at fixed addresses. */
export const control = {
  /** Index in the input of the parent being expanded, and the address of its first successor. */
  parent: 0,
  parentStart: 4,
  /** Possibilities of the parent that failed. */
  fails: 8,
  /** Violations and witnesses found that JavaScript has not seen. */
  found: 12,
  /** Transitions, 64 bits. */
  transitions: 16,
  /** States in the table; whether the state of all zero bits, which has no place there, was seen. */
  count: 24,
  zeroSeen: 28,
  /** States in the output, bytes in the log. */
  output: 32,
  log: 36,
  /** Slots of the table, without the tail. */
  capacity: 40,
  /** The parent of the last state in the log. */
  lastParent: 44,
  sink: 48,
  /** The number under which the routes know this partition. */
  me: 56,
  /** The most states the table may take before it must grow. */
  limit: 60,
} as const
const controlBytes = 64
/** settled, parent, successors before, failures before. */
export const violationBytes = 16
/** Hash values are sent to partitions by this many bits. */
export const routeBits = 12

export interface MemoryPlan {
  readonly words: number
  readonly stateBytes: number
  /** A successor with its parent and ordinal, as it is sent to another partition. */
  readonly recordBytes: number
  /** Parents that are expanded before their successors are looked up. */
  readonly block: number
  /** Successors that one block can have at most. */
  readonly successors: number
  /** The most successors of one state. */
  readonly fanOut: number
  readonly inputStates: number
  readonly outputStates: number
  readonly logBytes: number
  readonly boxes: number
  readonly boxRecords: number
  readonly violations: number
  readonly stutter: number
  readonly edges: number
  readonly route: number
  readonly counts: number
  readonly input: number
  readonly output: number
  readonly log: number
  readonly successor: number
  readonly address: number
  readonly box: number
  /** Records in each outgoing box. */
  readonly boxCounts: number
  /** States met lately. */
  readonly recent: number
  readonly recentStates: number
  readonly table: number
  /** Slots behind the table, so that probing never wraps. */
  readonly tail: number
}

interface Needs {
  readonly words: number
  readonly fanOut: number
  readonly properties: number
  readonly edges: number
  readonly boxes: number
}
export function planMemory({ words, fanOut, properties, edges, boxes }: Needs): MemoryPlan {
  const stateBytes = 8 * words
  const recordBytes = stateBytes + 8
  const successors = fanOut + Math.max(512, Math.floor(4096 / words))
  const inputStates = Math.max(1024, Math.floor(8192 / words))
  const outputStates = inputStates + 2 * successors
  const boxRecords = 2 * successors
  // half a megabyte: what stays in the cache beside the rest
  const recentStates = 2 ** Math.floor(Math.log2(65536 / words))
  let at = controlBytes
  const take = (bytes: number): number => {
    const start = at
    at = Math.ceil((at + bytes) / 64) * 64
    return start
  }
  const logBytes = 3 * outputStates + 10 * successors
  const plan = {
    words,
    stateBytes,
    recordBytes,
    block: 64,
    successors,
    fanOut,
    inputStates,
    outputStates,
    logBytes,
    boxes,
    boxRecords,
    recentStates,
    violations: take(violationBytes * properties),
    stutter: take(4 * properties),
    edges: take(edges),
    route: take(1 << routeBits),
    counts: take(4 * 64),
    input: take(inputStates * stateBytes),
    output: take(outputStates * stateBytes),
    log: take(logBytes),
    successor: take((successors + 1) * recordBytes),
    address: take(4 * (successors + 4)),
    boxCounts: take(4 * Math.max(1, boxes)),
    box: take(boxes * boxRecords * recordBytes),
    recent: take(recentStates * stateBytes),
  }
  return { ...plan, table: take(0), tail: successors + 1024 }
}
/** The plan of a compiled model's memory, with so many boxes for states of other partitions. */
export const planOf = ({ layout, fanOut, watched, edges, arms }: Compiled, boxes: number): MemoryPlan =>
  planMemory({
    words: layout.words,
    fanOut,
    properties: watched.length,
    edges: edges.length + arms.length,
    boxes,
  })

/** Bytes a WebAssembly memory can have. */
const addressable = 2 ** 32

/**
 * A memory holds at least the smallest table.
 *
 * @throws ModelError HMM035 if a state is too large, or has too many successors, for that
 */
export function assertAddressable(compiled: Compiled): void {
  const plan = planOf(compiled, 0)
  const least = memoryBytes(plan, leastCapacity(plan))
  if (least <= addressable) return
  const what = `a state has ${compiled.layout.bits} bits and up to ${plan.fanOut} successors: the smallest table would need ${least} bytes of ${addressable}`
  throw modelError('HMM035', what, compiled.model.name)
}

/** Bytes of memory that a table of so many slots needs, everything included. */
export const memoryBytes = (plan: MemoryPlan, capacity: number): number =>
  plan.table + (capacity + plan.tail) * plan.stateBytes
/** Slots of the smallest table: room for more than one block. */
export const leastCapacity = (plan: MemoryPlan): number => 4 * plan.successors + 2048
/** The most states a table of so many slots may hold before the next block. */
export const tableLimit = (plan: MemoryPlan, capacity: number): number => Math.floor(capacity * 0.8) - plan.successors
