/** Codes, truth values, numbers and parts of values, and values made of others: whatever form they came in. */
import type { Type } from '../../language/ast.ts'
import { after, binaryOp, failIf, choose, constantIn, i64, isNo, not32, unary, type W } from '../../wasm/expression.ts'
import { bitsOf, internal, number, ordinalCount, partNamed, partsOf, zeroCode } from '../encoding.ts'
import { readAt } from './access.ts'
import { partAt } from './location.ts'
import {
  coded,
  composed,
  isInt,
  numeric,
  placed,
  truthful,
  typed,
  type Coded,
  type Numeric,
  type CompiledValue,
} from './value.ts'
import { keep, ones, share, type Writing } from './writing.ts'

/** Whether a value of the type fits a word. */
export const isSmall = (w: Writing, type: Type): boolean => bitsOf(type, w.sizes) <= 64

export function emitCode(w: Writing, v: Coded): W {
  switch (v.form) {
    case 'code':
      return v.code
    case 'truth':
      return unary('extend', v.truth)
    case 'place':
      return readAt(w, v.state, v.at)
    case 'composed':
      return partsOf(v.type, w.sizes).reduce<W>(
        (code, p) => binaryOp('or64', code, binaryOp('shl64', emitCode(w, v.parts(p.key)), i64(p.offset))),
        i64(0),
      )
  }
}

export function truthOf(w: Writing, v: CompiledValue): W {
  const of = typed(v)
  return of.form === 'truth' ? of.truth : binaryOp('eq64', emitCode(w, of), i64(1))
}

export function numberOf(w: Writing, v: CompiledValue): Omit<Numeric, 'form'> {
  if (v.form === 'number') return v
  if (v.type.kind !== 'int') return internal(`a ${v.type.kind} taken for an integer`)
  const low = number(v.type.low)
  return { number: binaryOp('add64', emitCode(w, v), i64(low)), low, high: number(v.type.high) }
}

export function partOf(w: Writing, v: Coded, key: string): Coded {
  if (v.form === 'composed') return v.parts(key)
  if (v.form === 'place') return placed(partAt(w, v.at, key), v.state)
  const p = partNamed(v.type, key, w.sizes)
  return coded(
    p.type,
    binaryOp('and64', binaryOp('shr64', emitCode(w, v), i64(p.offset)), ones(bitsOf(p.type, w.sizes))),
  )
}

/** The type of a part. */
export const partType = (w: Writing, type: Type, key: string): Type => partNamed(type, key, w.sizes).type

/** The value of everything before it is set. */
export const zeroOf = (w: Writing, type: Type): Coded =>
  isSmall(w, type) ? coded(type, i64(zeroCode(type, w.sizes))) : composed(type, (key) => zeroPart(w, type, key))
function zeroPart(w: Writing, type: Type, key: string): Coded {
  const part = partType(w, type, key)
  if (type.kind === 'record' || type.kind === 'array') return zeroOf(w, part)
  return type.kind === 'union' && key.startsWith(`${Object.keys(type.cases)[0]}.`) ? zeroOf(w, part) : blankOf(w, part)
}
/** Zero bits. */
export const blankOf = (w: Writing, type: Type): Coded =>
  isSmall(w, type) ? coded(type, i64(0)) : composed(type, (key) => blankOf(w, partType(w, type, key)))

/** The case of a union, as a number. */
export const tagOf = (w: Writing, v: Coded): W => emitCode(w, partOf(w, v, 'tag'))
/** The number of a case. */
export const tagNumber = (type: Type, tag: string): number =>
  type.kind === 'union' ? Object.keys(type.cases).indexOf(tag) : internal('a tag of no union')

/** Whether an optional has a value. */
export const isSome = (w: Writing, v: Coded): W =>
  ordinalCount(v.type, w.sizes) !== undefined
    ? not32(binaryOp('eq64', emitCode(w, v), i64(0)))
    : truthOf(w, partOf(w, v, 'present'))
/** The value of an optional. */
export function content(w: Writing, v: Coded): Coded {
  if (v.type.kind !== 'optional') return internal('the content of no optional')
  if (ordinalCount(v.type, w.sizes) === undefined) return partOf(w, v, 'value')
  const code = emitCode(w, v)
  // a value known to be none has no content: the code that stands for it is never reached, but must exist
  return coded(v.type.of, constantIn(code) === 0n ? i64(0) : binaryOp('sub64', code, i64(1)))
}

export const queueLength = (w: Writing, v: Coded): W => emitCode(w, partOf(w, v, 'length'))
export const queueCells = (w: Writing, v: Coded): readonly Coded[] =>
  v.type.kind === 'queue'
    ? Array.from({ length: number(v.type.capacity) }, (_, i) => partOf(w, v, String(i)))
    : internal('cells of no queue')

/** The error flag goes up if `bad`, when the value is used. */
export function guarded(w: Writing, bad: W, v: Coded): Coded {
  if (isNo(bad)) return v
  if (isSmall(w, v.type)) return coded(v.type, failIf(bad, emitCode(w, v)))
  return composed(v.type, (key) => guarded(w, bad, partOf(w, v, key)))
}

/** Something that fails if anything in the value does. */
export function force(w: Writing, v: CompiledValue): W {
  if (v.form === 'truth') return v.truth
  if (v.form === 'number') return v.number
  if (isSmall(w, v.type)) return emitCode(w, v)
  // each part fails if the whole does
  const [first = internal('a large value without parts')] = partsOf(v.type, w.sizes)
  return force(w, partOf(w, v, first.key))
}

/** The value, after what can fail in `first`: also when only a part of the value is asked for. */
export const behind = (w: Writing, first: W, v: CompiledValue): CompiledValue =>
  v.form === 'number' ? (first.partial ? { ...v, number: after(first, v.number) } : v) : codedBehind(w, first, v)
export function codedBehind(w: Writing, first: W, v: Coded): Coded {
  if (!first.partial) return v
  if (v.form === 'truth') return truthful(after(first, v.truth))
  if (isSmall(w, v.type)) return coded(v.type, after(first, emitCode(w, v)))
  return composed(v.type, (key) => codedBehind(w, first, partOf(w, v, key)))
}

/** Something made of a value that is asked for more than once: if it can fail, it is evaluated once. */
export function once(w: Writing, v: Coded, make: (v: Coded) => Coded): Coded {
  if (v.form === 'truth' || !isSmall(w, v.type)) return make(v)
  const code = emitCode(w, v)
  const made = make(coded(v.type, code))
  if (!code.partial || !isSmall(w, made.type) || (made.form !== 'code' && made.form !== 'truth')) return made
  return made.form === 'code'
    ? coded(
        made.type,
        share(w, code, (c) => emitCode(w, make(coded(v.type, c)))),
      )
    : truthful(share(w, code, (c) => truthOf(w, make(coded(v.type, c)))))
}

/** The one value or the other. */
export function select(w: Writing, condition: W, a: CompiledValue, b: CompiledValue): CompiledValue {
  if (!isInt(a) && !isInt(b)) return selectCoded(w, condition, typed(a), typed(b))
  const x = numberOf(w, a),
    y = numberOf(w, b)
  return numeric(choose(condition, x.number, y.number), Math.min(x.low, y.low), Math.max(x.high, y.high))
}
/** Selects one of two values of one type. */
function selectCoded(w: Writing, condition: W, a: Coded, b: Coded): Coded {
  if (a.type.kind === 'bool') return truthful(choose(condition, truthOf(w, a), truthOf(w, b)))
  if (isSmall(w, a.type)) return coded(a.type, choose(condition, emitCode(w, a), emitCode(w, b)))
  const kept = keep(w, condition)
  return composed(a.type, (key) => selectCoded(w, kept, partOf(w, a, key), partOf(w, b, key)))
}
