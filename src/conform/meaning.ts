/** What expressions and statements mean to the search: all values are known, or some are not. */
import type { Expression } from '../language/ast.ts'
import { evaluate, type Scope } from '../semantics/evaluate.ts'
import type { Seeking } from '../semantics/execute.ts'
import type { Runner } from '../semantics/machine.ts'
import { DomainError, type Value } from '../semantics/values.ts'
import { isFalse, possibleValue } from './unknown/evaluate.ts'
import { execute } from './unknown/execute.ts'
import { learned } from './unknown/places.ts'

export interface Meaning extends Pick<Seeking, 'instead'> {
  /** The value of an expression; `UNKNOWN` where it is not known. */
  readonly evaluate: (scope: Scope, e: Expression) => Value
  /** Whether a condition of a property is false, and surely so. */
  readonly isFalse: (scope: Scope, condition: Expression) => boolean
  /** The scope in which a part is known to have a value that an event shows. */
  readonly learn: (runner: Runner, scope: Scope, part: Expression, value: Value) => Scope
}

/** All is known: the reference semantics. Outside its domain a condition is false. */
export const known: Meaning = {
  evaluate,
  isFalse(scope, condition) {
    try {
      return evaluate(scope, condition) !== true
    } catch (error) {
      if (error instanceof DomainError) return true
      throw error
    }
  },
  learn: (_, scope) => scope,
}

/** Some values are not known. */
export const partlyKnown: Meaning = { evaluate: possibleValue, isFalse, learn: learned, instead: execute }
