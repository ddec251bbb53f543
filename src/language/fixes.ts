/** Fixes: a protocol with a correction, a lock or a check, and the same protocol without it. */
import { constant } from './declarations.ts'
import { Bool } from './types/bool.ts'

/** The part of a fix that a reader of the catalogue needs besides its name. */
export interface FixNote {
  /** correction: not in the protocol as posted. lock, check: a lock or a check that the posted protocol has. */
  readonly kind: 'correction' | 'lock' | 'check'
  /** The effect of the fix, in one line. */
  readonly summary: string
  /** The commit, mail or fact it is known from. */
  readonly source: string
}

/** A named correction, lock or check of a protocol. */
export interface Fix extends FixNote {
  /** The constant: `fix(name)` in the model. */
  readonly name: string
}

const notes = new WeakMap<object, { readonly fix: Fix; readonly order: number }>()
let last = 0

/**
 * A named fix: whether the protocol has this correction, lock or check.
 *
 * @param note for a protocol that lists the fix with `fixesIn`; a choice that only a scenario makes needs none
 */
export function fix(name: string, note?: FixNote): Bool {
  const handle = constant(name, Bool)
  if (note !== undefined) notes.set(handle, { fix: { name, ...note }, order: (last += 1) })
  return handle
}

/**
 * The fixes among the exports of a module that were declared with a note, in the order of their declaration.
 *
 *     import * as declared from './fixes.ts'
 *     defineProtocol({ name: 'my-driver', fixes: fixesIn(declared), ... })
 *
 * @param module the module, or an object or array with the fixes as its values
 */
export const fixesIn = (module: object): readonly Fix[] =>
  Object.values(module)
    .flatMap((value: unknown) => (typeof value === 'object' && value !== null ? (notes.get(value) ?? []) : []))
    .toSorted((one, other) => one.order - other.order)
    .map(({ fix: listed }) => listed)
