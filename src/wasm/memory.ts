/**
 * Places in a linear memory by name, so that the emitted code and the TypeScript around it use the same offsets and
 * widths.
 */
import type { Func } from './function.ts'
import { const32, load32, load64, load8, store32, store64, store8, type I32, type I64 } from './typed.ts'

/** Bytes of a page, the unit in which a memory grows. */
export const pageBytes = 65536
/** The least number of pages that has so many bytes. */
export const pagesFor = (bytes: number): number => Math.ceil(bytes / pageBytes)

/** The smallest page of a common system. */
const systemPageBytes = 4096

/**
 * Writes to each page of new memory before anything reads it. A system gives one page of zeros to all that is read
 * first, and copies it when it is written: a second fault, for which each processor of the process is interrupted.
 */
export function writeToPages(bytes: Uint8Array, from: number): void {
  for (let at = from; at < bytes.length; at += systemPageBytes) bytes[at] = 0
}
/** The most pages that a memory can have. */
export const mostPages = 65536

/** A number in memory, at an offset from the address of the whole that it belongs to. */
export interface MemoryField<V, N> {
  readonly offset: number
  readonly bytes: number
  /** The same number where the whole stands at a fixed address. */
  placed(address: number): MemoryField<V, N>
  /** In emitted code. */
  load(base: I32): V
  store(f: Func, base: I32, value: V | N): void
  /** From TypeScript. */
  read(view: DataView, base: number): N
  write(view: DataView, base: number, value: N): void
}
type Field32 = MemoryField<I32, number>
type Field64 = MemoryField<I64, bigint>

const u8 = (offset: number): Field32 => ({
  offset,
  bytes: 1,
  placed(address) {
    return u8(address + offset)
  },
  load(base) {
    return load8(base, offset)
  },
  store(f, base, value) {
    store8(f, base, value, offset)
  },
  read(view, base) {
    return view.getUint8(base + offset)
  },
  write(view, base, value) {
    view.setUint8(base + offset, value)
  },
})
const u32 = (offset: number): Field32 => ({
  offset,
  bytes: 4,
  placed(address) {
    return u32(address + offset)
  },
  load(base) {
    return load32(base, offset)
  },
  store(f, base, value) {
    store32(f, base, value, offset)
  },
  read(view, base) {
    return view.getUint32(base + offset, true)
  },
  write(view, base, value) {
    view.setUint32(base + offset, value, true)
  },
})
const u64 = (offset: number): Field64 => ({
  offset,
  bytes: 8,
  placed(address) {
    return u64(address + offset)
  },
  load(base) {
    return load64(base, offset)
  },
  store(f, base, value) {
    store64(f, base, value, offset)
  },
  read(view, base) {
    return view.getBigUint64(base + offset, true)
  },
  write(view, base, value) {
    view.setBigUint64(base + offset, value, true)
  },
})

/** The fields of a struct, laid one behind the other in the order in which they are asked for. */
export interface StructFields {
  u32(): Field32
  u64(): Field64
  /** Bytes of all of them up to now. */
  readonly bytes: number
}
/** @param start offset of the first field */
export function fields(start = 0): StructFields {
  let bytes = start
  const next = <V, N>(make: (offset: number) => MemoryField<V, N>): MemoryField<V, N> => {
    const { bytes: size } = make(0)
    const offset = Math.ceil(bytes / size) * size
    bytes = offset + size
    return make(offset)
  }
  return {
    u32: () => next(u32),
    u64: () => next(u64),
    get bytes() {
      return bytes
    },
  }
}

/** The base of what stands at a fixed address. */
const nowhere = const32(0)

/** A number at a fixed address. */
export interface MemoryCell<V, N> {
  load(): V
  store(f: Func, value: V | N): void
  read(view: DataView): N
  write(view: DataView, value: N): void
}
/** A field of the struct that stands at an address. */
export function cell<V, N>(field: MemoryField<V, N>, address = 0): MemoryCell<V, N> {
  const placed = field.placed(address)
  let loaded: V | undefined
  return {
    load() {
      return (loaded ??= placed.load(nowhere))
    },
    store(f, value) {
      placed.store(f, nowhere, value)
    },
    read(view) {
      return placed.read(view, 0)
    },
    write(view, value) {
      placed.write(view, 0, value)
    },
  }
}

/** Equal items, one behind the other. */
export interface Region {
  readonly address: number
  /** Number of items that there is room for. */
  readonly count: number
  /** Bytes of an item. */
  readonly stride: number
  /** In emitted code: the address of the first item, and of the item with this number. */
  readonly start: I32
  at(index: I32): I32
  /** From TypeScript. */
  addressOf(index: number): number
}
/** Numbers, one behind the other. */
export interface Numbers extends Region {
  load(index: I32): I32
  store(f: Func, index: I32, value: I32 | number): void
  /** The number with this index, known while the code is emitted. */
  cell(index: number): MemoryCell<I32, number>
  read(view: DataView, index: number): number
  write(view: DataView, index: number, value: number): void
}

/** Regions, laid one behind the other from an address on in the order in which they are asked for. */
export interface Regions {
  items(count: number, stride: number): Region
  bytes(count: number): Numbers
  words(count: number): Numbers
  /** The first address behind them. */
  readonly end: number
}
/** Each region begins in a line of the cache of its own. */
const alignment = 64

export function regions(from: number): Regions {
  let end = from
  const items = (count: number, stride: number): Region => {
    const address = end
    end = Math.ceil((address + count * stride) / alignment) * alignment
    return {
      address,
      count,
      stride,
      start: const32(address),
      at: (index) => const32(address).add(index.mul(stride)),
      addressOf: (index) => address + index * stride,
    }
  }
  const numbers = (count: number, make: (offset: number) => Field32): Numbers => {
    const { bytes: stride } = make(0)
    const region = items(count, stride)
    const field = make(region.address)
    const offsetOf = (index: I32): I32 => (stride === 1 ? index : index.mul(stride))
    return {
      ...region,
      load: (index) => field.load(offsetOf(index)),
      store(f, index, value) {
        field.store(f, offsetOf(index), value)
      },
      cell: (index) => cell(make(0), region.addressOf(index)),
      read: (view, index) => field.read(view, index * stride),
      write(view, index, value) {
        field.write(view, index * stride, value)
      },
    }
  }
  return {
    items,
    bytes: (count) => numbers(count, u8),
    words: (count) => numbers(count, u32),
    get end() {
      return end
    },
  }
}
