/** Places: they can be assigned to. A parameter or a chosen value is not a place: it does not have `set`. */
import type { Expression, Place } from '../ast.ts'
import { modelError } from '../errors.ts'
import { recordStatement, type Recorded } from '../recorder.ts'

export interface Settable<Given> {
  /** Assigns: `place = value` in C. One transition, unless the place is a local. */
  set(value: Given): Recorded
}

/** The expression as a place; the types of handles see to it that only places get here. */
export function asPlace(node: Expression): Place {
  switch (node.kind) {
    case 'shared':
    case 'local':
    case 'field':
    case 'index':
      return node
    default:
      throw modelError('HMM006', `a ${node.kind} cannot be assigned to`)
  }
}

export const assign = (target: Expression, value: Expression): Recorded =>
  recordStatement({ kind: 'assign', target: asPlace(target), value })
