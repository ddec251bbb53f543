/** Packed states as JSON, in the form of the reference interpreter, and back. */
import type { ConfiguredModel, LocalDeclaration, Type } from '../language/ast.ts'
import type { PlainState } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import {
  bitsOf,
  elementCount,
  internal,
  lowOf,
  ordinalCount,
  partNamed,
  partsOf,
  zeroCode,
  type SortSizes,
} from './encoding.ts'
import { remembered, rememberedByKey } from '../language/remembered.ts'
import { maskOf, type FieldBits } from './fields.ts'
import { partOfSlot, type CompiledInstance, type Layout, type PackedSlot, type Slot } from './layout.ts'
import { partOfPacking, type Packing } from './packing.ts'
import { assemblePlain, plainPart } from './plain.ts'

const mask = (bits: number): bigint => (1n << BigInt(bits)) - 1n

/** A packed state, and its JSON. */
export interface DecodedState {
  readonly words: readonly bigint[]
  readonly plain: PlainState
}

/**
 * A packed state as JSON, to be compared with the interpreter's.
 *
 * @param before a state that was decoded: parts whose bits have not changed since are the same objects in both
 */
export function decodeState(
  { sizes }: ConfiguredModel,
  layout: Layout,
  words: readonly bigint[],
  before?: DecodedState,
): PlainState {
  const changes = before === undefined ? undefined : words.map((word, n) => word ^ (before.words[n] ?? 0n))
  const isKept = (slot: Slot): boolean => changes !== undefined && !isChanged(slot, changes)
  return {
    shared: Object.fromEntries(
      [...layout.shared].map(([name, slot]) => {
        const old = before?.plain.shared[name]
        return [name, old !== undefined && isKept(slot) ? old : read(slot, words, sizes)]
      }),
    ),
    threads: layout.instances.map((instance) => {
      const old = before?.plain.threads[instance.number]
      if (old !== undefined && changes !== undefined && !hasOneOf(bitsOfThread(instance), changes)) return old
      return decodeThread(instance, words, sizes)
    }),
  }
}

function decodeThread(
  { thread: { points, source }, point, locals }: CompiledInstance,
  words: readonly bigint[],
  sizes: SortSizes,
): PlainState['threads'][number] {
  const { name, occupied } = points[Number(read(point, words, sizes))] ?? internal('a point beyond the program')
  const zeros = zerosOf(source.locals, JSON.stringify(sizes), () =>
    source.locals.map(({ type }) => decode(type, zeroCode(type, sizes), sizes)),
  )
  return {
    point: name,
    locals: Object.fromEntries(
      source.locals.map(({ id }, n) => {
        const slot = occupied.has(id) ? locals.get(id) : undefined
        return [String(id), slot === undefined ? (zeros[n] ?? null) : read(slot, words, sizes)]
      }),
    ),
  }
}

/** Locals that hold nothing, as JSON, for each choice of sizes. */
const zerosOf = rememberedByKey<readonly LocalDeclaration[], readonly Plain[]>()

/** The packed form of a state given as JSON. */
export function encodeState({ sizes }: ConfiguredModel, layout: Layout, state: PlainState): readonly bigint[] {
  const words = Array.from({ length: layout.words }, () => 0n)
  for (const [name, slot] of layout.shared) write(slot, state.shared[name] ?? null, words, sizes)
  for (const { number, thread, point, locals } of layout.instances) {
    const given = state.threads[number] ?? internal('a state without a thread')
    const at = thread.points.findIndex(({ name }) => name === given.point)
    const occupied = thread.points[at]?.occupied ?? internal(`no control point ${given.point}`)
    write(point, at, words, sizes)
    for (const [id, slot] of locals) if (occupied.has(id)) write(slot, given.locals[String(id)] ?? null, words, sizes)
  }
  return words
}

/** Whether a slot has one of the bits that changed. */
const isChanged = (slot: Slot, changes: readonly bigint[]): boolean => hasOneOf(bitsOfSlot(slot), changes)
const hasOneOf = (bits: readonly FieldBits[], changes: readonly bigint[]): boolean =>
  bits.some(({ word, mask }) => ((changes[word] ?? 0n) & mask) !== 0n)
const bitsOfSlot = remembered((slot: Slot) => maskOf(slot))

/** The bits of a thread instance, together for each word. */
const bitsOfThread = remembered(({ point, locals }: CompiledInstance): readonly FieldBits[] => {
  const byWord = new Map<number, bigint>()
  for (const { word, mask } of [point, ...locals.values()].flatMap((slot) => bitsOfSlot(slot)))
    byWord.set(word, (byWord.get(word) ?? 0n) | mask)
  return [...byWord].map(([word, mask]) => ({ word, mask }))
})

function read(slot: Slot, words: readonly bigint[], sizes: SortSizes): Plain {
  if (slot.kind === 'packed') {
    const bits = ((words[slot.word] ?? 0n) >> BigInt(slot.shift)) & mask(slot.packing.bits)
    const known = valuesAt(slot)
    const old = known.get(bits)
    if (old !== undefined) return old
    const value = decodePacked(slot.packing, bits, sizes)
    if (known.size === rememberedValues) known.clear()
    known.set(bits, value)
    return value
  }
  return assemblePlain(slot.type, (key) => read(partOfSlot(slot, key), words, sizes), sizes)
}

/** The values that were read from a slot, by their bits: most slots hold few. */
const valuesAt = remembered((_: PackedSlot) => new Map<bigint, Plain>())
const rememberedValues = 1000

/** The value that the bits of a packing stand for. */
function decodePacked(packing: Packing, bits: bigint, sizes: SortSizes): Plain {
  switch (packing.kind) {
    case 'whole':
      return decode(packing.type, bits, sizes)
    case 'leaf':
      return decode(packing.type, bits + packing.base, sizes)
    case 'parts':
      return assemblePlain(
        packing.type,
        (key) => {
          const p = partOfPacking(packing, key, sizes)
          return decodePacked(p.packing, (bits >> BigInt(p.offset)) & mask(p.packing.bits), sizes)
        },
        sizes,
      )
  }
}

/** The value that a code of the type stands for. */
function decode(type: Type, code: bigint, sizes: SortSizes): Plain {
  switch (type.kind) {
    case 'bool':
      return code !== 0n
    case 'int':
      return Number(code) + lowOf(type)
    case 'enum':
      return type.members[Number(code)] ?? internal('a code beyond the members')
    case 'id':
      return Number(code)
    case 'set':
      return Array.from({ length: elementCount(type, sizes) }, (_, i) => i)
        .filter((i) => ((code >> BigInt(i)) & 1n) === 1n)
        .map((i) => decode(type.of, BigInt(i), sizes))
    case 'optional':
      if (ordinalCount(type.of, sizes) !== undefined) return code === 0n ? null : decode(type.of, code - 1n, sizes)
  }
  return assemblePlain(
    type,
    (key) => {
      const p = partNamed(type, key, sizes)
      return decode(p.type, (code >> BigInt(p.offset)) & mask(bitsOf(p.type, sizes)), sizes)
    },
    sizes,
  )
}

function write(slot: Slot, value: Plain, words: bigint[], sizes: SortSizes): void {
  if (slot.kind === 'packed') {
    words[slot.word] = (words[slot.word] ?? 0n) | (encodePacked(slot.packing, value, sizes) << BigInt(slot.shift))
    return
  }
  for (const [key, part] of Object.entries(slot.parts)) {
    const v = plainPart(slot.type, value, key)
    if (v !== undefined) write(part, v, words, sizes)
  }
}

function encodePacked(packing: Packing, value: Plain, sizes: SortSizes): bigint {
  switch (packing.kind) {
    case 'whole':
      return encode(packing.type, value, sizes)
    case 'leaf':
      return encode(packing.type, value, sizes) - packing.base
    case 'parts':
      return Object.entries(packing.parts).reduce((bits, [key, p]) => {
        const v = plainPart(packing.type, value, key)
        return v === undefined ? bits : bits | (encodePacked(p.packing, v, sizes) << BigInt(p.offset))
      }, 0n)
  }
}

function encode(type: Type, value: Plain, sizes: SortSizes): bigint {
  switch (type.kind) {
    case 'bool':
      return value === true ? 1n : 0n
    case 'int':
      return BigInt(Number(value) - lowOf(type))
    case 'enum':
      return BigInt(type.members.indexOf(String(value)))
    case 'id':
      return BigInt(Number(value))
    case 'set': {
      const inside = Array.isArray(value) ? value : []
      return inside.reduce((code: bigint, v: Plain) => code | (1n << encode(type.of, v, sizes)), 0n)
    }
    case 'optional':
      if (ordinalCount(type.of, sizes) !== undefined) return value === null ? 0n : encode(type.of, value, sizes) + 1n
  }
  return partsOf(type, sizes).reduce((code, p) => {
    const part = plainPart(type, value, p.key)
    return part === undefined ? code : code | (encode(p.type, part, sizes) << BigInt(p.offset))
  }, 0n)
}
