/**
 * Mistaken arguments, where a value, a condition, a type or a block is expected: those of plain JavaScript, and of
 * TypeScript that was not checked.
 */
import type { Expression, Type as Shape } from './ast.ts'
import { taken, taking } from './calls.ts'
import { modelError, type ModelError } from './errors.ts'
import { textOf } from './labels.ts'
import { names } from './recorder.ts'
import { describeType } from './shapes.ts'
import { isHandle, typeOf, type AnyType } from './types/type.ts'
import type { Handle } from './types/handle.ts'

/**
 * The error for an argument of the call that was said to be taken last.
 *
 * @param expected what should stand there: `a condition`
 */
export function refused(given: unknown, expected: string): ModelError {
  const { name, argument, part } = taken()
  const what = `${part ?? `argument ${argument} of ${name}()`} is ${describe(given)}, where ${expected} is expected`
  return modelError('HMM036', what, undefined, { argument, call: name, ...adviceOf(given, expected) })
}

/** The given argument, in words. */
function describe(given: unknown): string {
  if (isHandle(given)) return `${textOf(given.node, names())}, which is ${describeType(typeOf(given).shape)}`
  if (isType(given)) return `the type ${describeType(given.shape)}`
  switch (typeof given) {
    case 'undefined':
      return 'undefined'
    case 'boolean':
      return `JavaScript's ${String(given)}`
    case 'number':
    case 'bigint':
      return `the number ${String(given)}`
    case 'string':
      return `the text '${given}'`
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'object':
      if (given === null) return 'null'
      if ('recorded' in given) return 'a statement, which has no value'
      if ('type' in given && given.type === 'none') return 'none'
      if ('then' in given) return 'a promise'
      return Array.isArray(given) ? 'an array' : 'an object that is no value of a model'
  }
}

interface Advice {
  readonly cause: string
  readonly remedy: string
}

/** The usual cause of a wrong argument, and the remedy. */
function adviceOf(given: unknown, expected: string): Partial<Advice> {
  if (given === undefined) {
    return {
      cause: 'an argument is missing, a field or name is misspelt, or a function returns nothing',
      remedy: 'correct the name, or give the argument; in JavaScript a field that does not exist is undefined',
    }
  }
  if (typeof given === 'boolean') {
    return {
      cause:
        "JavaScript's !, ==, ===, <, && or || compared handles, once, while the model was recorded; or true or false was written for yes or no",
      remedy:
        'write not(x), a.eq(b), a.lt(b), and(...), or(...); a condition that is always true is yes, one that never is, no',
    }
  }
  if (typeof given === 'object' && given !== null && 'recorded' in given) {
    return {
      cause: 'the call, Step or assignment that stands there returns nothing',
      remedy: 'let the block return the value: return x',
    }
  }
  if (typeof given === 'function') {
    return {
      cause: 'a procedure is named and not called, or a block stands where a value goes',
      remedy: 'call it: f(); or give the value itself',
    }
  }
  if (isHandle(given) && expected === 'a condition') {
    return {
      cause: 'a value is taken for a condition',
      remedy: "compare it: x.ne(0), x.isSome, not(x.isEmpty), x.is('present')",
    }
  }
  return {}
}

const isType = (given: unknown): given is AnyType =>
  typeof given === 'object' && given !== null && 'shape' in given && 'lift' in given && !isHandle(given)

/** The expression of a handle. */
export function nodeOf(given: unknown, expected: Shape | string): Expression {
  if (isHandle(given)) return given.node
  throw refused(given, typeof expected === 'string' ? expected : describeType(expected))
}

/** The expression of a condition. */
export function conditionOf(given: unknown, call: string, argument = 1): Expression {
  if (isHandle(given) && typeOf(given).shape.kind === 'bool') return given.node
  taking(call, argument)
  throw refused(given, 'a condition')
}

/** A handle, whatever its type; or, with `kind`, one of that kind. */
export function handleOf<H extends Handle>(
  given: H,
  call: string,
  argument: number,
  expected: string,
  kind?: Shape['kind'],
): H {
  if (isHandle(given) && (kind === undefined || typeOf(given).shape.kind === kind)) return given
  taking(call, argument)
  throw refused(given, expected)
}

/** A type. */
export function mustBeType(given: unknown, call: string, argument: number, part?: string): void {
  if (isType(given)) return
  taking(call, argument, part)
  throw refused(given, 'a type')
}

/** The name of a variable, local or step. */
export function mustBeName(given: unknown, call: string, argument = 1): void {
  if (typeof given === 'string') return
  taking(call, argument)
  throw refused(given, 'a name')
}

/** A block, or another function to run. */
export function mustBeFunction(
  given: unknown,
  call: string,
  argument: number,
  expected = 'a block, () => { ... },',
): void {
  if (typeof given === 'function') return
  taking(call, argument)
  throw refused(given, expected)
}
