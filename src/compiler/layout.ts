/** Where each variable, control point and local stands in the packed state: whole 64-bit words, no leaf across two. */
import type { ConfiguredModel, Local, Type } from '../language/ast.ts'
import { modelError } from '../language/errors.ts'
import type { Plain, PlainState } from '../semantics/machine.ts'
import type { LocalSlots } from './local-slots.ts'
import type { ValueRange } from './value-ranges.ts'
import { partOfPacking, packingOf, whole, type Packing } from './packing.ts'
import {
  bitsOf,
  countOf,
  elementCount,
  internal,
  lowOf,
  number,
  ordinalCount,
  partsOf,
  zeroCode,
  type Sizes,
} from './encoding.ts'

/** A piece of the state: packed in one word, or in parts where it is larger than a word. */
export type Slot =
  | {
      readonly kind: 'packed'
      readonly type: Type
      readonly word: number
      readonly shift: number
      readonly packing: Packing
    }
  | { readonly kind: 'parts'; readonly type: Type; readonly parts: Readonly<Record<string, Slot>> }

export interface Layout {
  readonly words: number
  /**
   * Words behind those of the state, for locals that hold something only inside a transition. They are never stored.
   */
  readonly passing: number
  /** Bits in use. */
  readonly bits: number
  readonly shared: Readonly<Record<string, Slot>>
  /** By instance. */
  readonly points: readonly Extract<Slot, { kind: 'packed' }>[]
  readonly locals: readonly Readonly<Record<number, Slot>>[]
}

type Unit = { readonly bits: number; place(word: number, shift: number): void }

/** Packs units into words, largest first, each where it first fits. */
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

/** A slot whose place is decided later; `split` takes composites apart even if they would fit a word. */
function reserve(packing: Packing, sizes: Sizes, units: Unit[], split: boolean): () => Slot {
  const { type, bits } = packing
  const composite = ordinalCount(type, sizes) === undefined && type.kind !== 'set'
  if (bits > 64 && !composite)
    throw modelError('HMM009', `a ${type.kind} of ${bits} bits`, 'a type of the model, in this configuration')
  if (bits <= 64 && !(split && (type.kind === 'array' || type.kind === 'record'))) {
    let at: { readonly word: number; readonly shift: number } | undefined
    units.push({
      bits,
      place(word, shift) {
        at = { word, shift }
      },
    })
    return () => ({ kind: 'packed', type, packing, ...(at ?? internal('a slot without a place')) })
  }
  const parts = partsOf(type, sizes).map(
    (p) => [p.key, reserve(partOfPacking(packing, p.key, sizes).packing, sizes, units, split)] as const,
  )
  return () => ({ kind: 'parts', type, parts: Object.fromEntries(parts.map(([key, slot]) => [key, slot()])) })
}

/**
 * @param frames those of the model's threads
 * @param ranges what the variables can hold
 */
export function layOut(
  model: ConfiguredModel,
  frames: readonly LocalSlots[],
  ranges: ReadonlyMap<string, ValueRange>,
): Layout {
  const { sizes } = model
  const frameOf = (thread: number): LocalSlots => frames[thread] ?? internal('a thread without a frame')
  const attempt = (split: boolean): Layout => {
    const units: Unit[] = []
    const shared = model.variables.map(
      (v) =>
        [
          v.name,
          reserve(packingOf(v.type, ranges.get(v.name) ?? { kind: 'any' }, sizes), sizes, units, split),
        ] as const,
    )
    const pcs = model.instances.map(({ thread }) =>
      reserve(
        whole(
          { kind: 'int', low: 0, high: Math.max(0, frameOf(thread).program.names.length - 1), overflow: 'error' },
          sizes,
        ),
        sizes,
        units,
        split,
      ),
    )
    const locals = model.instances.map(({ thread }) =>
      frameOf(thread).shared.flatMap((together) => shareBits(together, sizes, units, split)),
    )
    const words = pack(units)
    const bits = units.reduce((sum, u) => sum + u.bits, 0)
    // each leaf of a passing local gets a word of its own: it is but a name for a local of the engine
    let passing = 0
    const passers = model.instances.map(({ thread }) => {
      const leaves: Unit[] = []
      const mine = frameOf(thread).passing.map((l) => ({
        id: l.id,
        slot: reserve(whole(l.type, sizes), sizes, leaves, split),
      }))
      leaves.forEach((leaf, n) => {
        leaf.place(words + n, 0)
      })
      passing = Math.max(passing, leaves.length)
      return mine
    })
    return {
      words,
      passing,
      bits,
      shared: Object.fromEntries(shared.map(([name, slot]) => [name, slot()])),
      points: pcs.map((slot) => {
        const s = slot()
        return s.kind === 'packed' ? s : internal('a control point in parts')
      }),
      locals: locals.map((all, i) =>
        Object.fromEntries([
          ...all.map(([id, slot]) => [id, slot()] as const),
          ...(passers[i] ?? []).map(({ id, slot }) => [id, slot()] as const),
        ]),
      ),
    }
  }
  const together = attempt(false)
  if (together.words === Math.max(1, Math.ceil(together.bits / 64))) return together
  const apart = attempt(true)
  return apart.words < together.words ? apart : together
}

/** One place for several locals, as large as the largest; one that is larger than a word gets its own. */
function shareBits(
  together: readonly Local[],
  sizes: Sizes,
  units: Unit[],
  split: boolean,
): readonly (readonly [number, () => Slot])[] {
  const small = together.filter((l) => bitsOf(l.type, sizes) <= 64)
  const large = together.filter((l) => !small.includes(l))
  let at = { word: 0, shift: 0 }
  const bits = Math.max(0, ...small.map((l) => bitsOf(l.type, sizes)))
  if (small.length > 0)
    units.push({
      bits,
      place(word, shift) {
        at = { word, shift }
      },
    })
  return [
    ...small.map(
      (l) => [l.id, (): Slot => ({ kind: 'packed', type: l.type, ...at, packing: whole(l.type, sizes) })] as const,
    ),
    ...large.map((l) => [l.id, reserve(whole(l.type, sizes), sizes, units, split)] as const),
  ]
}

/** The code in a slot of a packed state, or the composite's codes put together. */
type Words = { readonly [word: number]: bigint }
const mask = (bits: number): bigint => (1n << BigInt(bits)) - 1n

function decode(type: Type, code: bigint, sizes: Sizes): Plain {
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
  const parts = partsOf(type, sizes)
  return assemble(
    type,
    (key) => {
      const p = parts.find((q) => q.key === key) ?? internal('no such part')
      return decode(p.type, (code >> BigInt(p.offset)) & mask(bitsOf(p.type, sizes)), sizes)
    },
    sizes,
  )
}
function assemble(type: Type, part: (key: string) => Plain, sizes: Sizes): Plain {
  switch (type.kind) {
    case 'record':
      return Object.fromEntries(Object.keys(type.fields).map((key) => [key, part(key)]))
    case 'array':
      return Array.from({ length: countOf(type.index, sizes) }, (_, i) => part(String(i)))
    case 'queue':
      return Array.from({ length: Math.min(Number(part('length')), number(type.capacity)) }, (_, i) => part(String(i)))
    case 'optional':
      return part('present') === true ? part('value') : null
    case 'union': {
      const is = Object.keys(type.cases)[Number(part('tag'))] ?? internal('a tag beyond the cases')
      return {
        is,
        fields: Object.fromEntries(Object.keys(type.cases[is] ?? {}).map((key) => [key, part(`${is}.${key}`)])),
      }
    }
    default:
      return internal(`assembling a ${type.kind}`)
  }
}
/** What the bits of a packing say. */
function decodePacked(packing: Packing, bits: bigint, sizes: Sizes): Plain {
  switch (packing.kind) {
    case 'whole':
      return decode(packing.type, bits, sizes)
    case 'leaf':
      return decode(packing.type, bits + packing.base, sizes)
    case 'parts':
      return assemble(
        packing.type,
        (key) => {
          const p = packing.parts[key] ?? internal('no such part')
          return decodePacked(p.packing, (bits >> BigInt(p.offset)) & mask(p.packing.bits), sizes)
        },
        sizes,
      )
  }
}
function read(slot: Slot, words: Words, sizes: Sizes): Plain {
  if (slot.kind === 'packed')
    return decodePacked(slot.packing, ((words[slot.word] ?? 0n) >> BigInt(slot.shift)) & mask(slot.packing.bits), sizes)
  return assemble(slot.type, (key) => read(slot.parts[key] ?? internal('no such part'), words, sizes), sizes)
}

/** A packed state as JSON, to be compared with the interpreter's. */
export function decodeState(
  model: ConfiguredModel,
  layout: Layout,
  frames: readonly LocalSlots[],
  words: readonly bigint[],
): PlainState {
  return {
    shared: Object.fromEntries(
      model.variables.map((v) => [v.name, read(layout.shared[v.name] ?? internal('no slot'), words, model.sizes)]),
    ),
    threads: model.instances.map(({ thread }, i) => {
      const { program, occupied } = frames[thread] ?? internal('no frame')
      const point = Number(read(layout.points[i] ?? internal('no point'), words, model.sizes))
      const local = (l: Local): Plain =>
        occupied[point]?.has(l.id) === true
          ? read(layout.locals[i]?.[l.id] ?? internal('no slot'), words, model.sizes)
          : decode0(l.type, model.sizes)
      return {
        point: program.names[point] ?? internal('a point beyond the program'),
        locals: Object.fromEntries((model.threads[thread]?.locals ?? []).map((l) => [String(l.id), local(l)])),
      }
    }),
  }
}
/** Zero. */
function decode0(type: Type, sizes: Sizes): Plain {
  return decode(type, zeroCode(type, sizes), sizes)
}

function encode(type: Type, value: Plain, sizes: Sizes): bigint {
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
    const part = partOf(type, value, p.key)
    return part === undefined ? code : code | (encode(p.type, part, sizes) << BigInt(p.offset))
  }, 0n)
}
/** A part of a composite's JSON; nothing where the value does not have it. */
function partOf(type: Type, value: Plain, key: string): Plain | undefined {
  if (type.kind === 'optional') return key === 'present' ? value !== null : (value ?? undefined)
  if (Array.isArray(value)) return key === 'length' ? value.length : (value as readonly Plain[])[Number(key)]
  if (typeof value !== 'object' || value === null) return internal('a composite that is none')
  const record = value as { readonly [key: string]: Plain }
  if (type.kind !== 'union') return record[key]
  const is = String(record['is'])
  if (key === 'tag') return Object.keys(type.cases).indexOf(is)
  return key.startsWith(`${is}.`)
    ? (record['fields'] as { readonly [key: string]: Plain })[key.slice(is.length + 1)]
    : undefined
}
function encodePacked(packing: Packing, value: Plain, sizes: Sizes): bigint {
  switch (packing.kind) {
    case 'whole':
      return encode(packing.type, value, sizes)
    case 'leaf':
      return encode(packing.type, value, sizes) - packing.base
    case 'parts':
      return partsOf(packing.type, sizes).reduce((bits, { key }) => {
        const p = packing.parts[key] ?? internal('no such part'),
          v = partOf(packing.type, value, key)
        return v === undefined ? bits : bits | (encodePacked(p.packing, v, sizes) << BigInt(p.offset))
      }, 0n)
  }
}
function write(slot: Slot, value: Plain, words: bigint[], sizes: Sizes): void {
  if (slot.kind === 'packed') {
    words[slot.word] = (words[slot.word] ?? 0n) | (encodePacked(slot.packing, value, sizes) << BigInt(slot.shift))
    return
  }
  for (const [key, part] of Object.entries(slot.parts)) {
    const v = partOf(slot.type, value, key)
    if (v !== undefined) write(part, v, words, sizes)
  }
}

/** The packed form of a state given as JSON. */
export function encodeState(
  model: ConfiguredModel,
  layout: Layout,
  frames: readonly LocalSlots[],
  state: PlainState,
): readonly bigint[] {
  const words = Array.from({ length: layout.words }, () => 0n)
  for (const v of model.variables)
    write(layout.shared[v.name] ?? internal('no slot'), state.shared[v.name] ?? null, words, model.sizes)
  model.instances.forEach(({ thread }, i) => {
    const t = state.threads[i] ?? internal('no such thread')
    const { program, occupied } = frames[thread] ?? internal('no frame')
    const point = program.names.indexOf(t.point)
    write(
      layout.points[i] ?? internal('no point'),
      point < 0 ? internal(`no control point ${t.point}`) : point,
      words,
      model.sizes,
    )
    for (const { id } of model.threads[thread]?.locals ?? []) {
      if (occupied[point]?.has(id) === true)
        write(layout.locals[i]?.[id] ?? internal('no slot'), t.locals[String(id)] ?? null, words, model.sizes)
    }
  })
  return words
}
