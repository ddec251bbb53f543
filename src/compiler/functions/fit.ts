/** Values brought to the type of the place that they are meant for, and composites of them. */
import type { Type, TypeOf } from '../../language/ast.ts'
import { after, binaryOp, failIf, choose, i64, either32, type W } from '../../wasm/expression.ts'
import { bitsOf, number, partsOf } from '../encoding.ts'
import { blankOf, codedBehind, emitCode, force, isSmall, numberOf, partType } from './coded.ts'
import { coded, composed, fitted, typed, type Coded, type Fitted, type CompiledValue } from './value.ts'
import { keep, ones, share, type Writing } from './writing.ts'

/** The value as one of the type, which is what can be stored: an integer in range, or the error flag. */
export const fitTo = (w: Writing, v: CompiledValue, type: Type): Fitted =>
  fitted(type.kind === 'int' ? fitNumber(w, v, type) : typed(v))

function fitNumber(w: Writing, v: CompiledValue, type: TypeOf<'int'>): Coded {
  const low = number(type.low),
    high = number(type.high)
  const n = numberOf(w, v)
  const from = binaryOp('sub64', n.number, i64(low))
  if (n.low >= low && n.high <= high) {
    const isSameRange = v.form !== 'number' && v.type.kind === 'int' && number(v.type.low) === low
    return coded(type, isSameRange ? emitCode(w, v) : from)
  }
  switch (type.overflow) {
    case 'error':
      return coded(
        type,
        share(w, n.number, (x) => {
          const outside = either32(binaryOp('lt64s', x, i64(low)), binaryOp('gt64s', x, i64(high)))
          return failIf(outside, binaryOp('and64', binaryOp('sub64', x, i64(low)), ones(bitsOf(type, w.sizes))))
        }),
      )
    case 'wrap': {
      const span = i64(high - low + 1)
      return coded(
        type,
        share(w, binaryOp('rem64s', from, span), (r) =>
          choose(binaryOp('lt64s', r, i64(0)), binaryOp('add64', r, span), r),
        ),
      )
    }
    case 'saturate':
      return coded(
        type,
        share(w, n.number, (x) =>
          choose(
            binaryOp('lt64s', x, i64(low)),
            i64(0),
            choose(binaryOp('gt64s', x, i64(high)), i64(high - low), binaryOp('sub64', x, i64(low))),
          ),
        ),
      )
  }
}

/** A composite of the parts that are given; the others are blank, and may overlap them. */
export function compose(w: Writing, type: Type, given: Readonly<Record<string, CompiledValue>>): Coded {
  const all = new Map(
    Object.entries(given).map(([key, v]): [string, Coded] => {
      const t = partType(w, type, key)
      const x = fitTo(w, v, t)
      return [key, isSmall(w, t) ? coded(t, keep(w, emitCode(w, x))) : x]
    }),
  )
  if (!isSmall(w, type)) {
    const forced = [...all.values()].map((v) => force(w, v)).reduce<W>((one, other) => after(one, other), i64(0))
    return codedBehind(
      w,
      forced,
      composed(type, (key) => all.get(key) ?? blankOf(w, partType(w, type, key))),
    )
  }
  return coded(
    type,
    partsOf(type, w.sizes).reduce<W>((code, p) => {
      const part = all.get(p.key)
      return part === undefined ? code : binaryOp('or64', code, binaryOp('shl64', emitCode(w, part), i64(p.offset)))
    }, i64(0)),
  )
}
