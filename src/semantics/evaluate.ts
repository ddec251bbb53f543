/**
 * The value of an expression, and that of a place after it is written. Throws `DomainError` where the domain is
 * left.
 */
import { List, Map, Set } from 'immutable'
import { match } from 'ts-pattern'
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

export function evaluate(scope: Scope, expression: Expression): Value {
  let meaning = meanings.get(expression)
  if (meaning === undefined) {
    meaning = meaningOf(expression)
    meanings.set(expression, meaning)
  }
  return meaning(scope)
}

function meaningOf(expression: Expression): Meaning {
  return match(expression)
    .returnType<Meaning>()
    .with(
      { kind: 'literal' },
      ({ value }) =>
        () =>
          value,
    )
    .with(
      { kind: 'zero' },
      ({ type }) =>
        ({ sizes }) =>
          zero(sizes, type),
    )
    .with(
      { kind: 'all' },
      ({ type }) =>
        ({ values }) =>
          Set(values(shape('set', type).of)),
    )
    .with(
      { kind: 'some' },
      ({ of, type }) =>
        (scope) =>
          fitDomain(type, evaluate(scope, of), of),
    )
    .with(
      { kind: 'record' },
      ({ fields, type }) =>
        (scope) =>
          evaluateFields(scope, shape('record', type).fields, fields),
    )
    .with(
      { kind: 'case' },
      ({ tag, fields, type }) =>
        (scope) =>
          Case({
            tag,
            fields: evaluateFields(scope, shape('union', type).cases[tag] ?? illTyped('a case', tag), fields),
          }),
    )
    .with(
      { kind: 'fill' },
      ({ of, type }) =>
        (scope) =>
          filled(scope.sizes, shape('array', type).index, fitDomain(shape('array', type).of, evaluate(scope, of), of)),
    )
    .with(
      { kind: 'shared' },
      ({ name }) =>
        ({ shared }) =>
          shared.get(name) ?? absent(shared.has(name), name),
    )
    .with(
      { kind: 'local' },
      ({ id }) =>
        ({ locals }) =>
          locals.get(id) ?? absent(locals.has(id), `local ${id}`),
    )
    .with(
      { kind: 'bound' },
      ({ id }) =>
        ({ bound }) =>
          bound.get(id) ?? absent(bound.has(id), `bound ${id}`),
    )
    .with(
      { kind: 'self' },
      () =>
        ({ self }) =>
          self ?? illTyped('a thread that runs for an element', 'self'),
    )
    .with(
      { kind: 'current' },
      () =>
        ({ current }) =>
          current ?? illTyped('a running thread', 'current'),
    )
    .with(
      { kind: 'constant' },
      ({ name }) =>
        () =>
          illTyped('a configured model', `the constant ${name}`),
    )
    .with(
      { kind: 'field' },
      ({ of, name }) =>
        (scope) =>
          member(cells(evaluate(scope, of)), name),
    )
    .with(
      { kind: 'index' },
      ({ of, index }) =>
        (scope) =>
          cell(cells(evaluate(scope, of)), evaluate(scope, index), expression),
    )
    .with(
      { kind: 'isSome' },
      ({ of }) =>
        (scope) =>
          evaluate(scope, of) !== null,
    )
    .with(
      { kind: 'value' },
      ({ of }) =>
        (scope) =>
          evaluate(scope, of) ?? undefinedValue('none has no value', of),
    )
    .with(
      { kind: 'isCase' },
      ({ of, tag }) =>
        (scope) =>
          variant(evaluate(scope, of)).tag === tag,
    )
    .with({ kind: 'payload' }, ({ of, tag, name }) => (scope) => {
      const found = variant(evaluate(scope, of))
      return found.tag === tag ? member(found.fields, name) : undefinedValue(`${found.tag} is not ${tag}`, of)
    })
    .with(
      { kind: 'not' },
      ({ of }) =>
        (scope) =>
          !holds(scope, of),
    )
    .with({ kind: 'binary' }, ({ operator, left, right }) => {
      const operation = operationOf(operator)
      return (scope) => operation(evaluate(scope, left), () => evaluate(scope, right))
    })
    .with(
      { kind: 'conditional' },
      ({ condition, then, otherwise }) =>
        (scope) =>
          evaluate(scope, holds(scope, condition) ? then : otherwise),
    )
    .with(
      { kind: 'size' },
      ({ of }) =>
        (scope) =>
          members(evaluate(scope, of)).count(),
    )
    .with({ kind: 'head' }, ({ of }) => (scope) => {
      const first = queue(evaluate(scope, of)).first()
      return first === undefined ? undefinedValue('an empty queue has no head', of) : first
    })
    .with(
      { kind: 'quantified' },
      ({ quantifier, bound, over, body }) =>
        (scope) =>
          quantify(quantifier, scope.values(over), within(scope, bound, body)),
    )
    .with(
      { kind: 'elements' },
      ({ quantifier, bound, of, body }) =>
        (scope) =>
          quantify(quantifier, queue(evaluate(scope, of)), within(scope, bound, body)),
    )
    .with(
      { kind: 'before' },
      ({ of }) =>
        ({ before, bound }) =>
          evaluate({ ...(before ?? illTyped('a transition property', 'before')), bound }, of),
    )
    .exhaustive()
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

/** The right side is asked for only if the left one does not decide. */
function operationOf(operator: BinaryOperator): (left: Value, right: () => Value) => Value {
  return match(operator)
    .returnType<(left: Value, right: () => Value) => Value>()
    .with('==', () => (left, right) => equal(left, right()))
    .with('!=', () => (left, right) => !equal(left, right()))
    .with('<', () => (left, right) => integer(left) < integer(right()))
    .with('<=', () => (left, right) => integer(left) <= integer(right()))
    .with('>', () => (left, right) => integer(left) > integer(right()))
    .with('>=', () => (left, right) => integer(left) >= integer(right()))
    .with('+', () => (left, right) => integer(left) + integer(right()))
    .with('-', () => (left, right) => integer(left) - integer(right()))
    .with('%', () => (left, right) => {
      const [whole, by] = [integer(left), integer(right())]
      return whole - by * Math.floor(whole / by)
    })
    .with('&', () => (left, right) => integer(left) & integer(right()))
    .with('|', () => (left, right) => integer(left) | integer(right()))
    .with('&~', () => (left, right) => integer(left) & ~integer(right()))
    .with('and', () => (left, right) => truth(left) && truth(right()))
    .with('or', () => (left, right) => truth(left) || truth(right()))
    .with('has', () => (left, right) => members(left).includes(right()))
    .exhaustive()
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
  return match(quantifier)
    .returnType<Value>()
    .with('every', () => [...over].every(test))
    .with('some', () => [...over].some(test))
    .with('count', () => [...over].filter(test).length)
    .exhaustive()
}

function undefinedValue(message: string, about: Expression): never {
  throw new DomainError(message, about)
}

/** `??` cannot tell none from a variable that does not exist. */
function absent(present: boolean, name: string): Value {
  return present ? null : illTyped('a variable', name)
}
