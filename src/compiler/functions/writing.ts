/** One function while it is written: where its code goes, and where the bits of the state stand. */
import type { ConfiguredModel } from '../../language/ast.ts'
import type { Func } from '../../wasm/function.ts'
import { letLocal, constantIn, get, i64, weight, type W } from '../../wasm/expression.ts'
import type { SortSizes } from '../encoding.ts'
import type { Layout } from '../layout.ts'

export interface Writing {
  readonly f: Func
  readonly layout: Layout
  readonly sizes: SortSizes
  /** Number of values kept so far that can fail: code that sees it grow looks at the error flag. */
  raised: number
}

export const writing = (f: Func, { sizes }: Pick<ConfiguredModel, 'sizes'>, layout: Layout): Writing => ({
  f,
  layout,
  sizes,
  raised: 0,
})

/**
 * A value in a local of its own, if it is worth one. A value that can fail stays where it is, because it may be skipped
 * there, unless `always`.
 */
export function keep(w: Writing, value: W, always = false): W {
  if (value.partial && always) w.raised++
  if (!always && (value.partial || weight(value) <= 1)) return value
  if (value.op === 'get' || constantIn(value) !== undefined) return value
  const local = w.f.local(value.type)
  w.f.set(local, value)
  return get(local, value.type)
}

/**
 * Something made of a value that can fail, which is evaluated once, where the whole is. `make` must not `keep` a value:
 * that would be too early.
 *
 * @param now whether the value can be computed here already
 */
export function share(w: Writing, value: W, make: (value: W) => W, now = true): W {
  if ((now && !value.partial) || weight(value) <= 1) return make(now ? keep(w, value) : value)
  const local = w.f.local(value.type)
  return letLocal(local, value, make(get(local, value.type)))
}

/** A number with that many ones. */
export const ones = (bits: number): W => i64((1n << BigInt(bits)) - 1n)
