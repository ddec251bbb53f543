/**
 * Values of 32, 64 and 128 bits with types of their own: mixing them, or using one as an address of the other kind, is a
 * type error. They stand for expression trees, so constants are folded as everywhere.
 *
 *     const slot = local32(f)
 *     slot.set(table.add(index.mul(8)))
 *     f.if(slot.ge(end).w, ...)
 *
 * Comparisons of 32 bits are unsigned: these are addresses and counts.
 */
import type { Func } from './function.ts'
import { both32, binaryOp, call, get, i32, i64, loadAt, unary, vector, type Binary, type W } from './expression.ts'

/** A value of 32 bits; of a comparison, 0 or 1. */
export interface I32 {
  readonly type: 'i32'
  /** The tree. */
  readonly w: W
  add(other: I32 | number): I32
  sub(other: I32 | number): I32
  mul(other: I32 | number): I32
  /** Shifted to the right, zeros coming in. */
  shr(other: I32 | number): I32
  /** Shifted to the left. */
  shl(other: I32 | number): I32
  /** Bit by bit. */
  and(other: I32 | number): I32
  or(other: I32 | number): I32
  xor(other: I32 | number): I32
  eq(other: I32 | number): I32
  ne(other: I32 | number): I32
  lt(other: I32 | number): I32
  le(other: I32 | number): I32
  ge(other: I32 | number): I32
  /** Is it 0? */
  isZero(): I32
  /** Zeros at the low end; 32 if it is 0. */
  trailingZeros(): I32
  /** To 64 bits, zeros in front. */
  extend(): I64
}

/** A value of 64 bits. */
export interface I64 {
  readonly type: 'i64'
  readonly w: W
  add(other: I64 | bigint): I64
  mul(other: I64 | bigint): I64
  shr(other: bigint): I64
  and(other: I64 | bigint): I64
  or(other: I64 | bigint): I64
  xor(other: I64 | bigint): I64
  eq(other: I64 | bigint): I32
  ne(other: I64 | bigint): I32
  isZero(): I32
  /** The low 32 bits. */
  wrap(): I32
}

/** Two words. */
export interface V128 {
  readonly type: 'v128'
  readonly w: W
  or(other: V128): V128
  xor(other: V128): V128
  /** Word by word: all bits if they are equal, else none. */
  eq(other: V128): V128
  /** Is any bit set? */
  any(): I32
  /** The highest bit of each word, that of the first lowest. */
  signs(): I32
}

/** A local is its value at the moment when the code that reads it is run. */
export interface Local32 extends I32 {
  readonly index: number
  set(value: I32 | number): void
}
export interface Local64 extends I64 {
  readonly index: number
  set(value: I64 | bigint): void
}

const tree32 = (value: I32 | number): W => (typeof value === 'number' ? i32(value) : value.w)
const tree64 = (value: I64 | bigint): W => (typeof value === 'bigint' ? i64(value) : value.w)

const two32 = (name: Binary, left: W, right: I32 | number): I32 => typed32(binaryOp(name, left, tree32(right)))
const two64 = (name: Binary, left: W, right: I64 | bigint): I64 => typed64(binaryOp(name, left, tree64(right)))
const compared64 = (name: Binary, left: W, right: I64 | bigint): I32 => typed32(binaryOp(name, left, tree64(right)))

/** The operations on a value: every value has these very functions, since many values are made. */
const on32: Omit<I32, 'type' | 'w'> = {
  add(this: I32, other: I32 | number) {
    return two32('add32', this.w, other)
  },
  sub(this: I32, other: I32 | number) {
    return two32('sub32', this.w, other)
  },
  mul(this: I32, other: I32 | number) {
    return two32('mul32', this.w, other)
  },
  shr(this: I32, other: I32 | number) {
    return two32('shr32', this.w, other)
  },
  and(this: I32, other: I32 | number) {
    return two32('and32', this.w, other)
  },
  eq(this: I32, other: I32 | number) {
    return two32('eq32', this.w, other)
  },
  ne(this: I32, other: I32 | number) {
    return two32('ne32', this.w, other)
  },
  lt(this: I32, other: I32 | number) {
    return two32('lt32u', this.w, other)
  },
  le(this: I32, other: I32 | number) {
    return two32('le32u', this.w, other)
  },
  ge(this: I32, other: I32 | number) {
    return two32('ge32u', this.w, other)
  },
  shl(this: I32, other: I32 | number) {
    return two32('shl32', this.w, other)
  },
  or(this: I32, other: I32 | number) {
    return two32('or32', this.w, other)
  },
  xor(this: I32, other: I32 | number) {
    return two32('xor32', this.w, other)
  },
  isZero(this: I32) {
    return typed32(unary('eqz32', this.w))
  },
  trailingZeros(this: I32) {
    return typed32(unary('ctz32', this.w))
  },
  extend(this: I32) {
    return typed64(unary('extend', this.w))
  },
}

/** The typed value of a tree of 32 bits. */
export function typed32(w: W): I32 {
  if (w.type !== 'i32') throw new TypeError('a value of 64 bits where one of 32 is expected')
  return { type: 'i32', w, ...on32 }
}

/** The same of 64 bits. */
const on64: Omit<I64, 'type' | 'w'> = {
  add(this: I64, other: I64 | bigint) {
    return two64('add64', this.w, other)
  },
  mul(this: I64, other: I64 | bigint) {
    return two64('mul64', this.w, other)
  },
  shr(this: I64, other: bigint) {
    return two64('shr64', this.w, other)
  },
  and(this: I64, other: I64 | bigint) {
    return two64('and64', this.w, other)
  },
  or(this: I64, other: I64 | bigint) {
    return two64('or64', this.w, other)
  },
  xor(this: I64, other: I64 | bigint) {
    return two64('xor64', this.w, other)
  },
  eq(this: I64, other: I64 | bigint) {
    return compared64('eq64', this.w, other)
  },
  ne(this: I64, other: I64 | bigint) {
    return compared64('ne64', this.w, other)
  },
  isZero(this: I64) {
    return typed32(unary('eqz64', this.w))
  },
  wrap(this: I64) {
    return typed32(unary('wrap', this.w))
  },
}

/** The typed value of a tree of 64 bits. */
export function typed64(w: W): I64 {
  if (w.type !== 'i64') throw new TypeError('a value of 32 bits where one of 64 is expected')
  return { type: 'i64', w, ...on64 }
}

const vector128 = (w: W): V128 => ({
  type: 'v128',
  w,
  or: (other) => vector128(vector('or', w, other.w)),
  xor: (other) => vector128(vector('xor', w, other.w)),
  eq: (other) => vector128(vector('eq', w, other.w)),
  any: () => typed32(vector('any', w)),
  signs: () => typed32(vector('signs', w)),
})
/** A vector of two words. */
export const pair = (low: I64, high: I64): V128 => vector128(vector('high', vector('splat', low.w), high.w))
/** The same word twice. */
export const twice = (word: I64 | bigint): V128 => vector128(vector('splat', tree64(word)))

/** Constants. */
export const const32 = (value: number): I32 => typed32(i32(value))
export const const64 = (value: bigint): I64 => typed64(i64(value))

/** The parameter of this number, of a function that is being written. */
export const parameter32 = (index: number): I32 => typed32(get(index, 'i32'))
export const parameter64 = (index: number): I64 => typed64(get(index, 'i64'))

/** A local of a function that is being written, new unless its number is given. */
export function local32(f: Func, index: number = f.local('i32')): Local32 {
  return {
    ...parameter32(index),
    index,
    set(value) {
      f.set(index, tree32(value))
    },
  }
}
export function local64(f: Func, index: number = f.local('i64')): Local64 {
  return {
    ...parameter64(index),
    index,
    set(value) {
      f.set(index, tree64(value))
    },
  }
}

export interface Local128 extends V128 {
  set(value: V128): void
}
export function local128(f: Func): Local128 {
  const index = f.local('v128')
  return {
    ...vector128(get(index, 'v128')),
    set(value) {
      f.set(index, value.w)
    },
  }
}

export const load128 = (address: I32, offset = 0): V128 => vector128(loadAt(128, address.w, offset))
export const load8 = (address: I32, offset = 0): I32 => typed32(loadAt(8, address.w, offset))
export const load32 = (address: I32, offset = 0): I32 => typed32(loadAt(32, address.w, offset))
export const load64 = (address: I32, offset = 0): I64 => typed64(loadAt(64, address.w, offset))
export function store8(f: Func, address: I32, value: I32 | number, offset = 0): void {
  f.store(8, address.w, offset, tree32(value))
}
export function store32(f: Func, address: I32, value: I32 | number, offset = 0): void {
  f.store(32, address.w, offset, tree32(value))
}
export function store64(f: Func, address: I32, value: I64 | bigint, offset = 0): void {
  f.store(64, address.w, offset, tree64(value))
}

/** The result of a call to a function that returns one. */
export const call32 = (target: number, ...args: readonly (I32 | I64)[]): I32 =>
  typed32(call(target, 'i32', ...args.map(({ w }) => w)))
export const call64 = (target: number, ...args: readonly (I32 | I64)[]): I64 =>
  typed64(call(target, 'i64', ...args.map(({ w }) => w)))

/** Do all of them hold? */
export const all = (truths: readonly I32[]): I32 => typed32(truths.map(({ w }) => w).reduce(both32, i32(1)))

const opposites: Readonly<Partial<Record<Binary, Binary>>> = {
  eq32: 'ne32',
  ne32: 'eq32',
  lt32u: 'ge32u',
  ge32u: 'lt32u',
  gt32u: 'le32u',
  le32u: 'gt32u',
  eq64: 'ne64',
  ne64: 'eq64',
}
/** The negation; for a comparison, the opposite comparison. */
export function opposite(truth: I32): I32 {
  const { w } = truth
  const name = w.op === 'binary' ? opposites[w.name] : undefined
  return w.op === 'binary' && name !== undefined ? typed32(binaryOp(name, w.left, w.right)) : truth.isZero()
}
