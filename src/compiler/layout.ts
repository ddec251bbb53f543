/**
 * The position of each variable, control point and local in the packed state: whole 64-bit words, no leaf across two.
 */
import type { ConfiguredModel, LocalDeclaration, Type } from '../language/ast.ts'
import { modelError } from '../language/errors.ts'
import { bitsOf, internal, isLeaf, partsOf, type SortSizes } from './encoding.ts'
import { packingOf, partOfPacking, whole, type Packing } from './packing.ts'
import { runningThreads, type CompiledThread, type RunningThread } from './threads.ts'
import { anything, type ValueRange } from './value-ranges/range.ts'

/** A piece of the state that is packed in one word. */
export interface PackedSlot {
  readonly kind: 'packed'
  readonly type: Type
  readonly word: number
  readonly shift: number
  readonly packing: Packing
}
/** A piece of the state: packed in one word, or in parts if it is larger than a word. */
export type Slot = PackedSlot | SlotInParts
interface SlotInParts {
  readonly kind: 'parts'
  readonly type: Type
  readonly parts: Readonly<Record<string, Slot>>
}

/** A part of a slot that is in parts. */
export const partOfSlot = ({ parts }: SlotInParts, key: string): Slot => parts[key] ?? internal(`no part ${key}`)

/** A running copy of a thread, and where its own part of the state stands. */
export interface CompiledInstance extends RunningThread {
  /** The position of the number of its control point. */
  readonly point: PackedSlot
  /** By the id of the local. */
  readonly locals: ReadonlyMap<number, Slot>
}

export interface Layout {
  readonly words: number
  /**
   * Words behind those of the state, for locals that hold something only inside a transition. They are never stored.
   */
  readonly passing: number
  /** Bits in use. */
  readonly bits: number
  /** The variables, by name. */
  readonly shared: ReadonlyMap<string, Slot>
  /** In the order of the model's instances. */
  readonly instances: readonly CompiledInstance[]
}

/** Bits that get their place later. */
interface Unit {
  readonly bits: number
  place(word: number, shift: number): void
}
/** The reserved units. `split`: composites are taken apart even if they would fit a word. */
interface Reservation {
  readonly sizes: SortSizes
  readonly units: Unit[]
  readonly split: boolean
}

/**
 * @param threads those of the model
 * @param ranges what the variables can hold
 */
export function layOut(
  model: ConfiguredModel,
  threads: readonly CompiledThread[],
  ranges: ReadonlyMap<string, ValueRange>,
): Layout {
  const running = runningThreads(model, threads)
  const together = attempt(model, running, ranges, false)
  if (together.words === Math.max(1, Math.ceil(together.bits / 64))) return together
  const apart = attempt(model, running, ranges, true)
  return apart.words < together.words ? apart : together
}

type ReservedLocals = readonly (readonly [id: number, slot: () => Slot])[]

function attempt(
  { sizes, variables }: ConfiguredModel,
  running: readonly RunningThread[],
  ranges: ReadonlyMap<string, ValueRange>,
  split: boolean,
): Layout {
  const reservation: Reservation = { sizes, units: [], split }
  const shared = variables.map(
    ({ name, type }) => [name, reserve(packingOf(type, ranges.get(name) ?? anything, sizes), reservation)] as const,
  )
  // the control points first: what is reserved first comes first among what is as large
  const instances = running
    .map((one) => ({ one, point: reservePoint(one, reservation) }))
    .map((part) => ({ ...part, resting: part.one.thread.sharing.flatMap((group) => shareBits(group, reservation)) }))
  const words = pack(reservation.units)
  const placed = instances.map((part) => ({ ...part, ...reservePassing(part.one, words, reservation) }))
  return {
    words,
    passing: Math.max(0, ...placed.map(({ leaves }) => leaves)),
    bits: reservation.units.reduce((sum, u) => sum + u.bits, 0),
    shared: new Map(shared.map(([name, slot]) => [name, slot()])),
    instances: placed.map(({ one, point, resting, passing }) => ({
      ...one,
      point: point(),
      locals: new Map([...resting, ...passing].map(([id, slot]) => [id, slot()])),
    })),
  }
}

/** Packs units into words, largest first, each where it first fits. Gives the number of words. */
function pack(units: readonly Unit[]): number {
  const used: number[] = []
  /**
   * The words before this one have no room for a unit of that many bits: what was found for one need not be looked
   * for again by the next.
   */
  let word = 0,
    bits = Infinity
  for (const unit of units.toSorted((a, b) => b.bits - a.bits)) {
    if (unit.bits < bits) {
      word = 0
      bits = unit.bits
    }
    while ((used[word] ?? 0) + bits > 64) word++
    unit.place(word, used[word] ?? 0)
    used[word] = (used[word] ?? 0) + unit.bits
  }
  return Math.max(1, used.length)
}

/** Reserves room for a number of bits; returns their position. */
function reserveBits(bits: number, { units }: Reservation): () => { readonly word: number; readonly shift: number } {
  let at: { readonly word: number; readonly shift: number } | undefined
  units.push({
    bits,
    place(word, shift) {
      at = { word, shift }
    },
  })
  return () => at ?? internal('a slot without a place')
}

/** A slot whose place is decided later. */
function reserve(packing: Packing, reservation: Reservation): () => Slot {
  const { type, bits } = packing
  const { sizes, split } = reservation
  if (bits > 64 && isLeaf(type, sizes))
    throw modelError('HMM009', `a ${type.kind} of ${bits} bits`, 'a type of the model, in this configuration')
  if (bits <= 64 && !(split && (type.kind === 'array' || type.kind === 'record')))
    return reservePacked(packing, reservation)
  const parts = partsOf(type, sizes).map(
    ({ key }) => [key, reserve(partOfPacking(packing, key, sizes).packing, reservation)] as const,
  )
  return () => ({ kind: 'parts', type, parts: Object.fromEntries(parts.map(([key, slot]) => [key, slot()])) })
}
function reservePacked(packing: Packing, reservation: Reservation): () => PackedSlot {
  const at = reserveBits(packing.bits, reservation)
  return () => ({ kind: 'packed', type: packing.type, packing, ...at() })
}

function reservePoint({ thread: { points } }: RunningThread, reservation: Reservation): () => PackedSlot {
  const type: Type = { kind: 'int', low: 0, high: Math.max(0, points.length - 1), overflow: 'error' }
  return reservePacked(whole(type, reservation.sizes), reservation)
}

/** One place for several locals, as large as the largest; one that is larger than a word gets its own. */
function shareBits(group: readonly LocalDeclaration[], reservation: Reservation): ReservedLocals {
  const { sizes } = reservation
  const small = group.filter((l) => bitsOf(l.type, sizes) <= 64)
  const large = group.filter((l) => !small.includes(l))
  const most = Math.max(0, ...small.map((l) => bitsOf(l.type, sizes)))
  const at = small.length > 0 ? reserveBits(most, reservation) : () => ({ word: 0, shift: 0 })
  return [
    ...small.map(
      ({ id, type }) => [id, (): Slot => ({ kind: 'packed', type, ...at(), packing: whole(type, sizes) })] as const,
    ),
    ...large.map(({ id, type }) => [id, reserve(whole(type, sizes), reservation)] as const),
  ]
}

/** Each leaf of a passing local gets a word of its own: it is but a name for a local of a function. */
function reservePassing(
  { thread }: RunningThread,
  words: number,
  { sizes, split }: Reservation,
): { readonly passing: ReservedLocals; readonly leaves: number } {
  const own: Reservation = { sizes, split, units: [] }
  const passing = thread.passing.map(({ id, type }) => [id, reserve(whole(type, sizes), own)] as const)
  own.units.forEach((leaf, n) => {
    leaf.place(words + n, 0)
  })
  return { passing, leaves: own.units.length }
}
