/** Whether two values are equal, and whether one is an element of a type. */
import type { Type } from '../../language/ast.ts'
import { after, both32, binaryOp, constantIn, i64, false32, true32, type W } from '../../wasm/expression.ts'
import { number, partsOf } from '../encoding.ts'
import { emitCode, force, isSmall, numberOf, partOf } from './coded.ts'
import { isInt, typed, type Coded, type CompiledValue } from './value.ts'
import { keep, type Writing } from './writing.ts'

export function emitEqual(w: Writing, a: CompiledValue, b: CompiledValue): W {
  if (!isInt(a) && !isInt(b)) return equalCodes(w, typed(a), typed(b))
  return (
    equalToConstant(w, a, b) ??
    equalToConstant(w, b, a) ??
    binaryOp('eq64', numberOf(w, a).number, numberOf(w, b).number)
  )
}
/** An integer in its code, and one that is known: compared as codes. Nothing of other integers. */
function equalToConstant(w: Writing, v: CompiledValue, other: CompiledValue): W | undefined {
  const c = other.form === 'number' || other.form === 'code' ? constantIn(numberOf(w, other).number) : undefined
  if (c === undefined || v.form === 'number' || v.type.kind !== 'int') return undefined
  const n = Number(BigInt.asIntN(64, c))
  return n < number(v.type.low) || n > number(v.type.high)
    ? after(emitCode(w, v), false32)
    : binaryOp('eq64', emitCode(w, v), i64(n - number(v.type.low)))
}
/** Compares two values of one type. */
function equalCodes(w: Writing, a: Coded, b: Coded): W {
  if (isSmall(w, a.type)) {
    const x = emitCode(w, a),
      y = emitCode(w, b)
    return constantIn(x) !== undefined ? binaryOp('eq64', y, x) : binaryOp('eq64', x, y)
  }
  const both = after(force(w, a), force(w, b))
  return after(
    both,
    partsOf(a.type, w.sizes)
      .map(({ key }) => emitEqual(w, partOf(w, a, key), partOf(w, b, key)))
      .reduce(both32, true32),
  )
}

/** Whether a value is an element of the type at all (an integer may lie outside), and its code. */
export interface Membership {
  readonly inside: W
  readonly code: W
}
export function element(w: Writing, v: CompiledValue, type: Type): Membership {
  if (type.kind !== 'int') return { inside: true32, code: emitCode(w, typed(v)) }
  const n = numberOf(w, v),
    low = number(type.low),
    high = number(type.high)
  const kept = keep(w, n.number)
  const code = binaryOp('sub64', kept, i64(low))
  return n.low >= low && n.high <= high
    ? { inside: true32, code }
    : { inside: both32(binaryOp('ge64s', kept, i64(low)), binaryOp('le64s', kept, i64(high))), code }
}
