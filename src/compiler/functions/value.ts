/**
 * The values of expressions, in the form in which they were made; the other forms are made when needed.
 *
 * An integer is a number without a type until it is brought into the range of one. A place takes only a `Fitted`, a
 * value that was brought to the type of the place. So TypeScript refuses to store the number where its code belongs.
 */
import type { Type } from '../../language/ast.ts'
import { internal } from '../encoding.ts'
import type { Location } from './location.ts'
import type { PackedState } from './state.ts'
import type { W } from '../../wasm/expression.ts'

/** An integer itself, and the range it is known to be in. */
export interface Numeric {
  readonly form: 'number'
  readonly number: W
  readonly low: number
  readonly high: number
}

/** A value of exactly this type: its code, or what its code is made of. */
export type Coded = { readonly type: Type } & (
  | { readonly form: 'code'; readonly code: W }
  | { readonly form: 'truth'; readonly truth: W }
  | { readonly form: 'place'; readonly at: Location; readonly state: PackedState }
  /** Each part is of the type that the part has in `type`. */
  | { readonly form: 'composed'; readonly parts: (key: string) => Coded }
)

export type CompiledValue = Numeric | Coded

const forPlace: unique symbol = Symbol('brought to the type of a place')
/** A value of the type of the place that it is meant for. */
export type Fitted = Coded & { readonly [forPlace]: true }

const boolType: Type = { kind: 'bool' }
export const coded = (type: Type, code: W): Coded => ({ type, form: 'code', code })
export const truthful = (truth: W): Coded => ({ type: boolType, form: 'truth', truth })
export const placed = (at: Location, state: PackedState): Coded => ({ type: at.type, form: 'place', at, state })
export const composed = (type: Type, parts: (key: string) => Coded): Coded => ({ type, form: 'composed', parts })
export const numeric = (number: W, low: number, high: number): Numeric => ({ form: 'number', number, low, high })

/**
 * Says of a value that it is of the type of the place that it is meant for. A number has no type: `fitTo` of
 * expression.ts gives it one.
 */
export const fitted = (v: Coded): Fitted => ({ ...v, [forPlace]: true })

/** A value that is not an integer. */
export const typed = (v: CompiledValue): Coded =>
  v.form === 'number' ? internal('an integer taken for another value') : v
export const isInt = (v: CompiledValue): boolean => v.form === 'number' || v.type.kind === 'int'
