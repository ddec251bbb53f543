/** Facts that tests tell of optionals and unions: what they hold where an expression stands behind a test. */
import type { Expression } from '../language/ast.ts'
import { readsIn, type Reads } from './reads.ts'

/** A fact about an optional or a union, from a test on the path. */
export interface Fact {
  /** The optional or union. */
  readonly expression: Expression
  /** The case it was tested for; an optional is tested for a value. */
  readonly tag?: string
  /** The outcome of the test. For an optional, only a value that is there is of use. */
  readonly truth: boolean
  /** The fact is forgotten when one of these changes. */
  readonly reads: Reads
}

const factOf = (expression: Expression, truth: boolean, tag?: string): Fact => ({
  expression,
  truth,
  reads: readsIn(expression),
  ...(tag === undefined ? {} : { tag }),
})

/** The facts that hold if the condition turned out so. */
export function factsFrom(condition: Expression, outcome: boolean): readonly Fact[] {
  switch (condition.kind) {
    case 'isSome':
      return outcome ? [factOf(condition.of, true)] : []
    case 'isCase':
      return [factOf(condition.of, outcome, condition.tag)]
    case 'not':
      return factsFrom(condition.of, !outcome)
    case 'binary':
      if (condition.operator !== (outcome ? 'and' : 'or')) return []
      return [...factsFrom(condition.left, outcome), ...factsFrom(condition.right, outcome)]
    default:
      return []
  }
}

/** Whether two pieces of a model say the same, whatever the order in which their fields were written. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [one, other] = [Object.entries(a), new Map(Object.entries(b))]
  return one.length === other.size && one.every(([key, value]) => other.has(key) && isSameData(value, other.get(key)))
}
