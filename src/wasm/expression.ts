/**
 * WebAssembly expressions as a tree, folded while they are built.
 * They read only locals that are set once (or are used at once), so a tree may be emitted later, or twice.
 */

export type ValueType = 'i32' | 'i64' | 'v128'

export type Unary = 'eqz32' | 'eqz64' | 'wrap' | 'extend' | 'popcnt64' | 'ctz32'
export type Binary =
  | 'add32'
  | 'sub32'
  | 'mul32'
  | 'div32u'
  | 'and32'
  | 'or32'
  | 'xor32'
  | 'shl32'
  | 'shr32'
  | 'eq32'
  | 'ne32'
  | 'lt32u'
  | 'ge32u'
  | 'gt32u'
  | 'le32u'
  | 'add64'
  | 'sub64'
  | 'mul64'
  | 'and64'
  | 'or64'
  | 'xor64'
  | 'shl64'
  | 'shr64'
  | 'eq64'
  | 'ne64'
  | 'lt64s'
  | 'le64s'
  | 'gt64s'
  | 'ge64s'
  | 'rem64s'

/**
 * Operations on vectors of two words. `splat`: both are this one. `high`: the second becomes this one. `eq`: all bits of
 * a word that is equal, else none. `any`: whether any bit is set. `signs`: the highest bit of each word.
 */
export type Vector = 'splat' | 'high' | 'eq' | 'or' | 'xor' | 'any' | 'signs'

/** The widths of a load: 128 bits are a vector. */
export type LoadSize = 8 | 16 | 32 | 64 | 128

export type W = { readonly type: ValueType /** can raise the error flag */; readonly partial: boolean } & (
  | { readonly op: 'const32'; readonly value: number }
  | { readonly op: 'const64'; readonly value: bigint }
  | { readonly op: 'get'; readonly local: number }
  | { readonly op: 'unary'; readonly name: Unary; readonly of: W }
  | { readonly op: 'binary'; readonly name: Binary; readonly left: W; readonly right: W }
  /** Both sides are evaluated. */
  | { readonly op: 'select'; readonly condition: W; readonly then: W; readonly otherwise: W }
  /** Only one side is. */
  | { readonly op: 'if'; readonly condition: W; readonly then: W; readonly otherwise: W }
  /** (word & mask) = value: what tests of packed fields become, so that several on one word can be merged. */
  | { readonly op: 'masked'; readonly word: W; readonly mask: bigint; readonly value: bigint }
  | { readonly op: 'vector'; readonly name: Vector; readonly of: readonly W[] }
  | { readonly op: 'load'; readonly size: LoadSize; readonly address: W; readonly offset: number }
  /** Raises the error flag if `bad`, then is `of`. */
  | { readonly op: 'check'; readonly bad: W; readonly of: W }
  /** Sets a fresh local, then is `body`. */
  | { readonly op: 'let'; readonly local: number; readonly value: W; readonly body: W }
  | { readonly op: 'call'; readonly target: number; readonly arguments: readonly W[] }
)

const all64 = (1n << 64n) - 1n
export const wrap64 = (value: bigint): bigint => value & all64

export const i32 = (value: number): W => ({ type: 'i32', partial: false, op: 'const32', value: value | 0 })
export const i64 = (value: bigint | number): W =>
  typeof value === 'number' && value >= 0 && value < SMALL ? small(value) : made64(wrap64(BigInt(value)))
const made64 = (value: bigint): W => ({ type: 'i64', partial: false, op: 'const64', value })

/** Constants below this one are made once: most are shifts, and numbers of control points. */
const SMALL = 64
const smallOnes: W[] = []
const small = (value: number): W => (smallOnes[value] ??= made64(BigInt(value)))
export const get = (local: number, type: ValueType): W => ({ type, partial: false, op: 'get', local })
export const true32: W = i32(1)
export const false32: W = i32(0)

export const constantIn = (w: W): bigint | undefined =>
  w.op === 'const64' ? w.value : w.op === 'const32' ? BigInt(w.value) : undefined
export const isYes = (w: W): boolean => w.op === 'const32' && w.value !== 0
export const isNo = (w: W): boolean => w.op === 'const32' && w.value === 0

const isConstant = (w: W): boolean => w.op === 'const64' || w.op === 'const32'

const signed = (v: bigint): bigint => BigInt.asIntN(64, v)
const comparisons = new Set<Binary>([
  'eq32',
  'ne32',
  'lt32u',
  'ge32u',
  'gt32u',
  'le32u',
  'eq64',
  'ne64',
  'lt64s',
  'le64s',
  'gt64s',
  'ge64s',
])
const isOf32 = (name: Binary): boolean => comparisons.has(name) || name.includes('32')

function fold(name: Binary, a: bigint, b: bigint): W | undefined {
  switch (name) {
    case 'add32':
      return i32(Number(BigInt.asIntN(32, a + b)))
    case 'sub32':
      return i32(Number(BigInt.asIntN(32, a - b)))
    case 'and32':
      return i32(Number(a & b))
    case 'or32':
      return i32(Number(a | b))
    case 'eq32':
      return a === b ? true32 : false32
    case 'ne32':
      return a !== b ? true32 : false32
    case 'add64':
      return i64(wrap64(a + b))
    case 'sub64':
      return i64(wrap64(a - b))
    case 'mul64':
      return i64(wrap64(a * b))
    case 'and64':
      return i64(a & b)
    case 'or64':
      return i64(a | b)
    case 'xor64':
      return i64(a ^ b)
    case 'shl64':
      return i64(wrap64(a << (b & 63n)))
    case 'shr64':
      return i64(a >> (b & 63n))
    case 'eq64':
      return a === b ? true32 : false32
    case 'ne64':
      return a !== b ? true32 : false32
    case 'lt64s':
      return signed(a) < signed(b) ? true32 : false32
    case 'le64s':
      return signed(a) <= signed(b) ? true32 : false32
    case 'gt64s':
      return signed(a) > signed(b) ? true32 : false32
    case 'ge64s':
      return signed(a) >= signed(b) ? true32 : false32
    default:
      return undefined
  }
}

/** Operations that leave their left side as it is if the right one is 0. */
const neutral = new Set<Binary>(['or64', 'xor64', 'add64', 'sub64', 'shl64', 'shr64', 'add32', 'sub32', 'or32'])

export function binaryOp(name: Binary, left: W, right: W): W {
  if (!isConstant(left) && !isConstant(right)) return plain(name, left, right)
  const a = constantIn(left),
    b = constantIn(right)
  if (a !== undefined && b !== undefined) {
    const folded = fold(name, a, b)
    if (folded !== undefined) return folded
  }
  if (b === 0n) {
    if (name === 'and64') return left.partial ? plain(name, left, right) : right
    if (neutral.has(name)) return left
  }
  if (a === 0n && (name === 'or64' || name === 'add64' || name === 'or32' || name === 'add32')) return right
  if (a === 0n && (name === 'shl64' || name === 'shr64') && !right.partial) return left
  if (name === 'and64' && b === all64) return left
  if (name === 'eq64' && b !== undefined) {
    const masked = asMasked(left, b)
    if (masked !== undefined) return masked
  }
  return plain(name, left, right)
}
const plain = (name: Binary, left: W, right: W): W => ({
  type: isOf32(name) ? 'i32' : 'i64',
  partial: left.partial || right.partial,
  op: 'binary',
  name,
  left,
  right,
})

/** Recognises ((word >> shift) & mask) = value. */
function asMasked(w: W, value: bigint): W | undefined {
  if (w.op !== 'binary' || w.name !== 'and64' || w.partial) return undefined
  const mask = constantIn(w.right)
  if (mask === undefined) return undefined
  if ((value & ~mask) !== 0n) return false32
  const inner = w.left
  const shift = inner.op === 'binary' && inner.name === 'shr64' ? constantIn(inner.right) : undefined
  if (inner.op === 'binary' && inner.name === 'shr64' && shift !== undefined) {
    return {
      type: 'i32',
      partial: false,
      op: 'masked',
      word: inner.left,
      mask: wrap64(mask << shift),
      value: wrap64(value << shift),
    }
  }
  return { type: 'i32', partial: false, op: 'masked', word: inner, mask, value }
}

export function unary(name: Unary, of: W): W {
  const v = constantIn(of)
  if (v !== undefined) {
    switch (name) {
      case 'eqz32':
      case 'eqz64':
        return v === 0n ? true32 : false32
      case 'wrap':
        return i32(Number(BigInt.asIntN(32, v)))
      case 'extend':
        return i64(BigInt.asUintN(32, v))
      case 'popcnt64':
      case 'ctz32':
        break
    }
  }
  if (name === 'wrap' && of.op === 'unary' && of.name === 'extend') return of.of
  if (name === 'eqz32' && of.op === 'unary' && of.name === 'eqz32' && isTruth(of.of)) return of.of
  return {
    type: name === 'extend' || name === 'popcnt64' ? 'i64' : 'i32',
    partial: of.partial,
    op: 'unary',
    name,
    of,
  }
}

/** Is it certainly 0 or 1? */
export function isTruth(w: W): boolean {
  switch (w.op) {
    case 'masked':
      return true
    case 'const32':
      return w.value === 0 || w.value === 1
    case 'unary':
      return w.name === 'eqz32' || w.name === 'eqz64'
    case 'binary':
      return (
        comparisons.has(w.name) || ((w.name === 'and32' || w.name === 'or32') && isTruth(w.left) && isTruth(w.right))
      )
    case 'if':
    case 'select':
      return isTruth(w.then) && isTruth(w.otherwise)
    default:
      return false
  }
}

/** A bit of a word as a truth value. */
export const bit = (word: W, shift: W): W => {
  const s = constantIn(shift)
  if (constantIn(word) === undefined && s !== undefined) {
    const mask = 1n << (s & 63n)
    return { type: 'i32', partial: word.partial, op: 'masked', word, mask, value: mask }
  }
  return unary('wrap', binaryOp('and64', binaryOp('shr64', word, shift), i64(1)))
}

export const not32 = (w: W): W => unary('eqz32', w)

const sameWord = (a: W, b: W): boolean => a === b || (a.op === 'get' && b.op === 'get' && a.local === b.local)

/** Truth values 0 or 1. The right side is skipped when it can fail and the left decides. */
export function both32(left: W, right: W): W {
  if (isNo(left) || isYes(right)) return left
  if (isYes(left)) return right
  if (isNo(right) && !left.partial) return right
  if (right.partial) return { type: 'i32', partial: true, op: 'if', condition: left, then: right, otherwise: false32 }
  if (left.op === 'masked' && right.op === 'masked' && sameWord(left.word, right.word)) {
    const common = left.mask & right.mask
    if ((left.value & common) !== (right.value & common)) return false32
    return { ...left, mask: left.mask | right.mask, value: left.value | right.value }
  }
  // a chain keeps its last test in reach of the next
  if (
    left.op === 'binary' &&
    left.name === 'and32' &&
    left.right.op === 'masked' &&
    right.op === 'masked' &&
    sameWord(left.right.word, right.word)
  )
    return both32(left.left, both32(left.right, right))
  return plain('and32', left, right)
}
export function either32(left: W, right: W): W {
  if (isYes(left) || isNo(right)) return left
  if (isNo(left)) return right
  if (isYes(right) && !left.partial) return right
  if (right.partial) return { type: 'i32', partial: true, op: 'if', condition: left, then: true32, otherwise: right }
  return plain('or32', left, right)
}

/** then or otherwise; evaluates one side only where that matters. */
export function choose(condition: W, then: W, otherwise: W): W {
  if (isYes(condition)) return then
  if (isNo(condition)) return otherwise
  const a = constantIn(then),
    b = constantIn(otherwise)
  if (a !== undefined && a === b && !condition.partial) return then
  if (then.type === 'i32' && a === 1n && b === 0n && isTruth(condition)) return condition
  const partial = condition.partial || then.partial || otherwise.partial
  return {
    type: then.type,
    partial,
    op: then.partial || otherwise.partial ? 'if' : 'select',
    condition,
    then,
    otherwise,
  }
}

export const failIf = (bad: W, of: W): W => (isNo(bad) ? of : { type: of.type, partial: true, op: 'check', bad, of })
/** `then`, after what can fail in `first`: for operands that are evaluated though their value does not matter. */
export function after(first: W, then: W): W {
  if (!first.partial) return then
  const wide = first.type === 'i64' ? unary('wrap', first) : first
  return { type: then.type, partial: true, op: 'check', bad: binaryOp('and32', wide, i32(0)), of: then }
}
export const loadAt = (size: LoadSize, address: W, offset = 0): W => ({
  type: size === 128 ? 'v128' : size === 64 ? 'i64' : 'i32',
  partial: false,
  op: 'load',
  size,
  address,
  offset,
})
export const vector = (name: Vector, ...of: readonly W[]): W => ({
  type: name === 'any' || name === 'signs' ? 'i32' : 'v128',
  partial: false,
  op: 'vector',
  name,
  of,
})
export const call = (target: number, type: ValueType, ...args: readonly W[]): W => ({
  type,
  partial: false,
  op: 'call',
  target,
  arguments: args,
})
export const letLocal = (local: number, value: W, body: W): W => ({
  type: body.type,
  partial: value.partial || body.partial,
  op: 'let',
  local,
  value,
  body,
})

/** Nodes, roughly: whether a tree is worth a local. */
export function weight(w: W): number {
  switch (w.op) {
    case 'const32':
    case 'const64':
    case 'get':
      return 0
    case 'unary':
      return 1 + weight(w.of)
    case 'binary':
      return 1 + weight(w.left) + weight(w.right)
    case 'select':
    case 'if':
      return 2 + weight(w.condition) + weight(w.then) + weight(w.otherwise)
    case 'masked':
      return 2 + weight(w.word)
    case 'vector':
      return w.of.reduce((sum, one) => sum + weight(one), 1)
    case 'load':
      return 2 + weight(w.address)
    case 'check':
      return 2 + weight(w.bad) + weight(w.of)
    case 'let':
      return 1 + weight(w.value) + weight(w.body)
    case 'call':
      return 8
  }
}
