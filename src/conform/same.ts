/**
 * Whether two values are equal, found by the parts that they do not share. A value that comes from another one by a few
 * changes has nearly all parts of its tree in common with it, and states of one search are all of that kind. The trees
 * are those of Immutable.js, which does not publish them: where one is not as it is known to be, all is compared.
 */
import { is, Map as Persistent } from 'immutable'
import type { Value } from '../semantics/values.ts'

/** A part of the tree of a map: inner parts, or entries, or one entry. */
interface Part {
  readonly nodes?: readonly (Part | undefined)[]
  readonly bitmap?: number
  readonly entries?: readonly (readonly [Value, Value])[]
  readonly entry?: readonly [Value, Value]
}

/** As `is`. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true
  if (!Persistent.isMap(one) || !Persistent.isMap(other)) return is(one, other)
  if (one.size !== other.size) return false
  return areSame(rootOf(one), rootOf(other)) ?? is(one, other)
}

const rootOf = (map: object): Part | undefined => ('_root' in map ? (map._root as Part | undefined) : undefined)

/** Undefined where the trees differ in shape: then they say nothing. */
function areSame(one: Part | undefined, other: Part | undefined): boolean | undefined {
  if (one === undefined || other === undefined) return undefined
  if (one === other) return true
  if (one.entry !== undefined && other.entry !== undefined) return isSameEntry(one.entry, other.entry)
  if (one.entries !== undefined && other.entries !== undefined)
    return everyPair(one.entries, other.entries, (mine, its) =>
      mine === undefined || its === undefined ? undefined : isSameEntry(mine, its),
    )
  if (one.nodes === undefined || other.nodes === undefined || one.bitmap !== other.bitmap) return undefined
  return everyPair(one.nodes, other.nodes, (mine, its) => (mine === its ? true : areSame(mine, its)))
}

/** Of the same key; else the order of entries is another. */
const isSameEntry = (
  [key, value]: readonly [Value, Value],
  [itsKey, its]: readonly [Value, Value],
): boolean | undefined => (is(key, itsKey) ? isSame(value, its) : undefined)

function everyPair<T>(
  some: readonly (T | undefined)[],
  others: readonly (T | undefined)[],
  test: (one: T | undefined, other: T | undefined) => boolean | undefined,
): boolean | undefined {
  if (some.length !== others.length) return undefined
  for (let n = 0; n < some.length; n += 1) {
    const found = some[n] === others[n] ? true : test(some[n], others[n])
    if (found !== true) return found
  }
  return true
}
