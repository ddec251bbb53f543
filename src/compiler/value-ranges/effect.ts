/** The range of a place after an effect on it, whenever and however often that runs. */
import type { Expression, Type, TypeOf } from '../../language/ast.ts'
import { elementCount, lowOf, number } from '../encoding.ts'
import type { EffectOf } from '../program.ts'
import { expressionRange, type RangeScope } from './expression.ts'
import {
  anything,
  blankRange,
  join,
  leaf,
  lengthRange,
  listedElements,
  partRange,
  span,
  storedRange,
  valuesIn,
  type ValueRange,
} from './range.ts'

export type ChangeEffect = EffectOf<'assign' | 'insert' | 'remove' | 'push' | 'pop' | 'discard'>

/** The range of the target after the effect, given its range before. */
type Update = (old: ValueRange, type: Type) => ValueRange

/** The shared variable that an effect changes, and what it can hold then; nothing of a local. */
export function rangeAfter(
  effect: ChangeEffect,
  scope: RangeScope,
): { readonly variable: string; readonly range: ValueRange } | undefined {
  return within(effect.target, scope, updateBy(effect, scope))
}

/** The update of a whole variable by one of a place in it. */
function within(
  place: Expression,
  scope: RangeScope,
  update: Update,
): { readonly variable: string; readonly range: ValueRange } | undefined {
  switch (place.kind) {
    case 'shared': {
      const type = scope.types.get(place.name)
      const old = scope.variables.get(place.name) ?? anything
      return type === undefined ? undefined : { variable: place.name, range: update(old, type) }
    }
    case 'field':
      return within(place.of, scope, (old, type) => {
        const field = type.kind === 'record' ? type.fields[place.name] : undefined
        if (old.kind !== 'parts' || field === undefined) return old
        const part = partRange(old, place.name),
          now = update(part, field)
        return now === part ? old : { kind: 'parts', parts: { ...old.parts, [place.name]: now } }
      })
    case 'index':
      return within(place.of, scope, (old, type) => {
        if (old.kind !== 'each' || type.kind !== 'array') return old
        const now = update(old.of, type.of)
        return now === old.of ? old : { ...old, of: now }
      })
    default:
      return undefined
  }
}

function updateBy(effect: ChangeEffect, scope: RangeScope): Update {
  const { sizes } = scope
  const given = 'value' in effect ? expressionRange(effect.value, scope) : anything
  switch (effect.op) {
    case 'assign':
      return (old, type) => join(old, storedRange(given, type))
    case 'insert':
    case 'remove':
      return (old, type) => (type.kind === 'set' ? changedSet(effect.op, old, given, type, scope) : old)
    case 'push':
      return (old, type) => {
        if (old.kind !== 'each' || type.kind !== 'queue') return old
        const lengths = valuesIn(lengthRange(old))
        const roomy = [...(lengths ?? [])].filter((n) => n < number(type.capacity))
        const length = lengths === undefined ? anything : leaf(roomy.map((n) => n + 1))
        return join(old, { kind: 'each', of: storedRange(given, type.of), length })
      }
    case 'pop':
    case 'discard':
      return (old, type) => {
        if (old.kind !== 'each' || type.kind !== 'queue') return old
        const lengths = valuesIn(lengthRange(old))
        const filled = [...(lengths ?? [])].filter((n) => n > 0)
        const length = lengths === undefined ? anything : leaf(filled.map((n) => n - 1))
        return join(old, { kind: 'each', of: blankRange(type.of, sizes), length })
      }
  }
}

function changedSet(
  op: 'insert' | 'remove',
  old: ValueRange,
  element: ValueRange,
  type: TypeOf<'set'>,
  { sizes }: RangeScope,
): ValueRange {
  if (old.kind !== 'leaf') return old
  const count = elementCount(type, sizes),
    low = lowOf(type.of)
  if (count > listedElements) return anything
  const elements = valuesIn(op === 'insert' ? storedRange(element, type.of) : element)
  const codes =
    elements === undefined || type.of.kind === 'optional'
      ? span(0, count - 1)
      : [...elements].map((v) => v - low).filter((code) => code >= 0 && code < count)
  const sets = [...old.values].flatMap((s) => codes.map((c) => (op === 'insert' ? s | (1 << c) : s & ~(1 << c))))
  return join(old, leaf(sets))
}
