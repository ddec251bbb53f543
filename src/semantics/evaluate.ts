/**
 * The value of an expression, and that of a place after it is written. Throws `DomainError` where the domain is
 * left.
 */
import { List, Map, Set } from 'immutable'
import type { BinaryOperator, Expression, Place, Type } from '../language/ast.ts'
import {
  Case,
  cells,
  DomainError,
  elements,
  equal,
  filled,
  fitDomain,
  illTyped,
  integer,
  member,
  queue,
  shape,
  truth,
  variant,
  zero,
} from './values.ts'
import type { Sizes, Value } from './values.ts'

/** All that an expression can see. */
export interface Scope {
  readonly sizes: Sizes
  /** `valuesOf`, remembered. */
  readonly values: (type: Type) => readonly Value[]
  readonly shared: Map<string, Value>
  readonly locals: Map<number, Value>
  /** The variables of the quantifiers around it. */
  readonly bound: Map<number, Value>
  readonly current?: number
  readonly self?: number | undefined
  /** In a transition property: the state before the transition. */
  readonly before?: Scope
}

/** The meaning of an expression: its value in every scope. */
type Meaning = (scope: Scope) => Value

/**
 * Expressions are immutable, so that a meaning is found once. It is what makes the interpreter fast enough to be an
 * oracle.
 */
const meanings = new WeakMap<Expression, Meaning>()

export const evaluate = (scope: Scope, expression: Expression): Value => meant(expression)(scope)

function meant(expression: Expression): Meaning {
  const known = meanings.get(expression)
  if (known !== undefined) return known
  const meaning = meaningOf(expression)
  meanings.set(expression, meaning)
  return meaning
}

function meaningOf(expression: Expression): Meaning {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'zero': {
      const { type } = expression
      return ({ sizes }) => zero(sizes, type)
    }
    case 'all': {
      const { type } = expression
      return ({ values }) => Set(values(shape('set', type).of))
    }
    case 'some': {
      const { of, type } = expression
      const value = meant(of)
      return (scope) => fitDomain(type, value(scope), of)
    }
    case 'record': {
      const { fields, type } = expression
      return (scope) => evaluateFields(scope, shape('record', type).fields, fields)
    }
    case 'case': {
      const { tag, fields, type } = expression
      return (scope) =>
        Case({
          tag,
          fields: evaluateFields(scope, shape('union', type).cases[tag] ?? illTyped('a case', tag), fields),
        })
    }
    case 'fill': {
      const { of, type } = expression
      const value = meant(of)
      const fill = (scope: Scope): Value =>
        filled(scope.sizes, shape('array', type).index, fitDomain(shape('array', type).of, value(scope), of))
      return of.kind === 'literal' ? rememberedBySizes(fill) : fill
    }
    case 'shared': {
      const { name } = expression
      return ({ shared }) => shared.get(name) ?? absent(shared.has(name), name)
    }
    case 'local': {
      const { id } = expression
      return ({ locals }) => locals.get(id) ?? absent(locals.has(id), `local ${id}`)
    }
    case 'bound': {
      const { id } = expression
      return ({ bound }) => bound.get(id) ?? absent(bound.has(id), `bound ${id}`)
    }
    case 'self':
      return ({ self }) => self ?? illTyped('a thread that runs for an element', 'self')
    case 'current':
      return ({ current }) => current ?? illTyped('a running thread', 'current')
    case 'constant': {
      const { name } = expression
      return () => illTyped('a configured model', `the constant ${name}`)
    }
    case 'field': {
      const { of, name } = expression
      const record = meant(of)
      return (scope) => member(cells(record(scope)), name)
    }
    case 'index': {
      const { of, index } = expression
      const [array, at] = [meant(of), meant(index)]
      return (scope) => cell(cells(array(scope)), at(scope), expression)
    }
    case 'isSome': {
      const value = meant(expression.of)
      return (scope) => value(scope) !== null
    }
    case 'value': {
      const { of } = expression
      const value = meant(of)
      return (scope) => value(scope) ?? undefinedValue('none has no value', of)
    }
    case 'isCase': {
      const { of, tag } = expression
      const value = meant(of)
      return (scope) => variant(value(scope)).tag === tag
    }
    case 'payload': {
      const { of, tag, name } = expression
      const value = meant(of)
      return (scope) => {
        const found = variant(value(scope))
        return found.tag === tag ? member(found.fields, name) : undefinedValue(`${found.tag} is not ${tag}`, of)
      }
    }
    case 'not': {
      const condition = meant(expression.of)
      return (scope) => !truth(condition(scope))
    }
    case 'binary': {
      const { operator, left, right } = expression
      const operation = operationOf(operator)
      const [mine, its] = [meant(left), meant(right)]
      return (scope) => operation(mine(scope), () => its(scope))
    }
    case 'conditional': {
      const { condition, then, otherwise } = expression
      const [isSo, yes, no] = [meant(condition), meant(then), meant(otherwise)]
      return (scope) => (truth(isSo(scope)) ? yes(scope) : no(scope))
    }
    case 'size': {
      const value = meant(expression.of)
      return (scope) => members(value(scope)).count()
    }
    case 'head': {
      const { of } = expression
      const value = meant(of)
      return (scope) => {
        const first = queue(value(scope)).first()
        return first === undefined ? undefinedValue('an empty queue has no head', of) : first
      }
    }
    case 'quantified': {
      const { quantifier, bound, over, body } = expression
      return (scope) => quantify(quantifier, scope.values(over), within(scope, bound, body))
    }
    case 'elements': {
      const { quantifier, bound, of, body } = expression
      const value = meant(of)
      return (scope) => quantify(quantifier, queue(value(scope)), within(scope, bound, body))
    }
    case 'before': {
      const { of } = expression
      return ({ before, bound }) => evaluate({ ...(before ?? illTyped('a transition property', 'before')), bound }, of)
    }
  }
}

/** The meaning of what is the same in every scope of the same sizes. */
function rememberedBySizes(meaning: Meaning): Meaning {
  const known = new WeakMap<Sizes, Value>()
  return (scope) => {
    const value = known.get(scope.sizes) ?? meaning(scope)
    known.set(scope.sizes, value)
    return value
  }
}

/** The parts of a record or case, each as it is stored. */
function evaluateFields(
  scope: Scope,
  types: Readonly<Record<string, Type>>,
  fields: Readonly<Record<string, Expression>>,
): Map<Value, Value> {
  return Map(
    Object.entries(fields).map(([name, of]): [Value, Value] => [
      name,
      fitDomain(types[name] ?? illTyped('a field', name), evaluate(scope, of), of),
    ]),
  )
}

/** A condition. */
export const holds = (scope: Scope, condition: Expression): boolean => truth(evaluate(scope, condition))

/** A condition of a property: outside its domain it does not hold. */
export function holdsInDomain(scope: Scope, condition: Expression): boolean {
  try {
    return holds(scope, condition)
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

/** The scope with another value in a place. The value is already fitted to the place's type. */
export function write(scope: Scope, place: Place, value: Value): Scope {
  switch (place.kind) {
    case 'shared':
      return { ...scope, shared: scope.shared.set(place.name, value) }
    case 'local':
      return { ...scope, locals: scope.locals.set(place.id, value) }
    case 'field':
      return write(scope, targetPlace(place.of), cells(evaluate(scope, place.of)).set(place.name, value))
    case 'index': {
      const [array, at] = [cells(evaluate(scope, place.of)), evaluate(scope, place.index)]
      cell(array, at, place)
      return write(scope, targetPlace(place.of), array.set(at, value))
    }
  }
}

export function targetPlace(expression: Expression): Place {
  switch (expression.kind) {
    case 'shared':
    case 'local':
    case 'field':
    case 'index':
      return expression
    default:
      return illTyped('a place', expression.kind)
  }
}

/** The cell of an array. */
function cell(array: Map<Value, Value>, index: Value, about: Expression): Value {
  const found = array.get(index)
  return found === undefined ? undefinedValue(`the index ${String(index)} is outside the array`, about) : found
}

/** The elements of a set or queue. */
function members(value: Value): Set<Value> | List<Value> {
  return List.isList(value) ? queue(value) : elements(value)
}

/** The meaning of an operator. The right side is asked for only if the left one does not decide. */
export function operationOf(operator: BinaryOperator): (left: Value, right: () => Value) => Value {
  switch (operator) {
    case '==':
      return (left, right) => equal(left, right())
    case '!=':
      return (left, right) => !equal(left, right())
    case '<':
      return (left, right) => integer(left) < integer(right())
    case '<=':
      return (left, right) => integer(left) <= integer(right())
    case '>':
      return (left, right) => integer(left) > integer(right())
    case '>=':
      return (left, right) => integer(left) >= integer(right())
    case '+':
      return (left, right) => integer(left) + integer(right())
    case '-':
      return (left, right) => integer(left) - integer(right())
    case '%':
      return (left, right) => {
        const [whole, by] = [integer(left), integer(right())]
        return whole - by * Math.floor(whole / by)
      }
    case '&':
      return (left, right) => integer(left) & integer(right())
    case '|':
      return (left, right) => integer(left) | integer(right())
    case '&~':
      return (left, right) => integer(left) & ~integer(right())
    case 'and':
      return (left, right) => truth(left) && truth(right())
    case 'or':
      return (left, right) => truth(left) || truth(right())
    case 'has':
      return (left, right) => members(left).includes(right())
  }
}

/** The body of a quantifier as a test of an element. */
function within(scope: Scope, bound: number, body: Expression): (element: Value) => boolean {
  return (element) => holds({ ...scope, bound: scope.bound.set(bound, element) }, body)
}

function quantify(
  quantifier: 'every' | 'some' | 'count',
  over: Iterable<Value>,
  test: (element: Value) => boolean,
): Value {
  switch (quantifier) {
    case 'every':
      return [...over].every(test)
    case 'some':
      return [...over].some(test)
    case 'count':
      return [...over].filter(test).length
  }
}

function undefinedValue(message: string, about: Expression): never {
  throw new DomainError(message, about)
}

/** `??` cannot tell none from a variable that does not exist. */
function absent(present: boolean, name: string): Value {
  return present ? null : illTyped('a variable', name)
}
