/** The type of every expression. An expression that has none is a model error. */
import type { Bound, Expression, Model, ModelThread, Type, TypeOf } from './ast.ts'
import { modelError } from './errors.ts'
import { namesOf, textOf } from './labels.ts'
import type { MistakeCode } from './mistakes.ts'
import { rangeOfBits, rangeOfRest } from './ranges.ts'
import { describeType, hasSample, sameType } from './shapes.ts'

/** The meanings of the names in an expression, and its place. */
export interface TypeScope {
  variable(name: string): Type | undefined
  constant(name: string): Type | undefined
  local(id: number): Type | undefined
  bound(id: number): Type | undefined
  /** The sort a `per` thread runs for. */
  readonly self?: string | undefined
  /** Whether some thread runs: not in a property. */
  readonly running: boolean
  /** The expression as text, for messages. */
  text(e: Expression): string
  readonly at: string
}

/**
 * The scope of a thread of the model, of `initially` or, without either, of a property.
 * Its tables are made once; `at` may be changed by spreading.
 */
export function scopeOf(model: Model, text?: Pick<ModelThread, 'locals' | 'per'>, at: string = model.name): TypeScope {
  const variables = new Map(model.variables.map(({ name, type }) => [name, type]))
  const constants = new Map(model.constants.map(({ name, type }) => [name, type]))
  const locals = new Map((text?.locals ?? []).map(({ id, type }) => [id, type]))
  const names = namesOf(text ?? { locals: [] })
  return {
    variable: (name) => variables.get(name),
    constant: (name) => constants.get(name),
    local: (id) => locals.get(id),
    bound: () => undefined,
    self: text?.per,
    running: text !== undefined,
    text: (e) => textOf(e, names),
    at,
  }
}

const bool: Type = { kind: 'bool' }
/** A number of which the model alone does not say how large it is. */
const wide = 2 ** 30
const int = (low: Bound, high: Bound): Type => ({ kind: 'int', low, high, overflow: 'error' })
const widest = 2 ** 31 - 1
const lowOf = ({ low }: TypeOf<'int'>): number => (typeof low === 'number' ? low : -wide)
const highOf = ({ high }: TypeOf<'int'>): number => (typeof high === 'number' ? high : wide)

/**
 * The type of an expression: of arithmetic, the range it can have.
 *
 * @throws ModelError HMM007 for a name that stands for nothing, HMM008 for an ill-typed expression, HMM011 for
 *   arithmetic that may leave 32 bits
 */
export const typeOfExpression = (e: Expression, scope: TypeScope): Type => typing(scope)(e)

/** The typing of the expressions of one scope. */
export function typing(scope: TypeScope): (e: Expression) => Type {
  const fail = (code: MistakeCode, what: string): Error => modelError(code, what, scope.at)
  const wrong = (expected: string, part: Expression, found: Type): Error =>
    fail('HMM008', `expected ${expected}, found ${scope.text(part)}, which is ${describeType(found)}`)

  const known = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw fail('HMM007', `there is no ${what} here`)
    return found
  }

  /** The type of an expression that must be of one of these kinds. */
  function ofKind<K extends Type['kind']>(e: Expression, ...kinds: readonly K[]): TypeOf<K> {
    const found = type(e)
    if (!isOfKind(found, kinds)) throw wrong(kinds.join(' or '), e, found)
    return found
  }

  /** The type that an expression claims for itself, which must be of this kind. */
  function claimed<K extends Type['kind']>(e: Expression & { readonly type: Type }, kind: K): TypeOf<K> {
    if (!isOfKind(e.type, [kind])) throw wrong(kind, e, e.type)
    return e.type
  }

  function must(expected: Type, e: Expression): void {
    const found = type(e)
    if (!fits(found, expected)) throw wrong(describeType(expected), e, found)
  }

  function fieldsMust(expected: Readonly<Record<string, Type>>, given: Readonly<Record<string, Expression>>): void {
    for (const [name, of] of Object.entries(expected)) must(of, known(given[name], `value for the field ${name}`))
    for (const name of Object.keys(given)) known(expected[name], `field ${name}`)
  }

  function fieldsOfCase(of: Expression, tag: string): Readonly<Record<string, Type>> {
    const union = ofKind(of, 'union')
    return known(union.cases[tag], `case ${tag} of ${describeType(union)}`)
  }

  /** The type of a quantifier over values of `element`, of which there are at most `most`. */
  function ofQuantifier(
    quantifier: 'every' | 'some' | 'count',
    id: number,
    element: Type,
    body: Expression,
    most: Bound,
  ): Type {
    const inner = typing({ ...scope, bound: (other) => (other === id ? element : scope.bound(other)) })
    const found = inner(body)
    if (found.kind !== 'bool') throw wrong('bool', body, found)
    return quantifier === 'count' ? int(0, most) : bool
  }

  function ofBinary({ operator, left, right }: Extract<Expression, { readonly kind: 'binary' }>): Type {
    switch (operator) {
      case 'and':
      case 'or':
        must(bool, left)
        must(bool, right)
        return bool
      case '==':
      case '!=': {
        const compared = type(left)
        must(compared, right)
        if (hasSample(compared))
          throw fail(
            'HMM053',
            `${scope.text({ kind: 'binary', operator, left, right })} compares samples with each other`,
          )
        return bool
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        ofKind(left, 'int')
        ofKind(right, 'int')
        return bool
      case 'has':
        must(ofKind(left, 'set', 'queue').of, right)
        return bool
      case '+':
      case '-': {
        const [a, b] = [ofKind(left, 'int'), ofKind(right, 'int')]
        const [low, high] =
          operator === '+' ? [lowOf(a) + lowOf(b), highOf(a) + highOf(b)] : [lowOf(a) - highOf(b), highOf(a) - lowOf(b)]
        if (low < -widest || high > widest) throw fail('HMM011', `a sum may be anything from ${low} to ${high}`)
        return int(low, high)
      }
      case '%': {
        const of = ofKind(left, 'int')
        if (right.kind !== 'literal' || typeof right.value !== 'number' || right.value < 1) {
          throw fail(
            'HMM018',
            `${scope.text(right)} in ${scope.text({ kind: 'binary', operator, left, right })} is no modulus`,
          )
        }
        const { low, high } = rangeOfRest({ low: lowOf(of), high: highOf(of) }, right.value)
        return int(low, high)
      }
      case '&':
      case '|':
      case '&~': {
        const [a, b] = [ofKind(left, 'int'), ofKind(right, 'int')]
        for (const [part, { low }] of [
          [left, a],
          [right, b],
        ] as const) {
          if (typeof low === 'number' && low < 0)
            throw fail('HMM018', `${scope.text(part)}, of which bits are taken, may be ${low}`)
        }
        const { low, high } = rangeOfBits(
          operator,
          { low: lowOf(a), high: highOf(a) },
          { low: lowOf(b), high: highOf(b) },
        )
        return int(low, high)
      }
    }
  }

  /** Equal parts of a body are often one object: each is looked at once. */
  const typed = new Map<Expression, Type>()
  function type(e: Expression): Type {
    const old = typed.get(e)
    if (old !== undefined) return old
    const its = typeAnew(e)
    typed.set(e, its)
    return its
  }

  function typeAnew(e: Expression): Type {
    switch (e.kind) {
      case 'literal':
        if (!isLiteral(e.value, e.type))
          throw fail('HMM008', `${String(e.value)} is no value of ${describeType(e.type)}`)
        return e.type
      case 'zero':
        return e.type
      case 'all':
        return claimed(e, 'set')
      case 'some':
        must(claimed(e, 'optional').of, e.of)
        return e.type
      case 'record':
        fieldsMust(claimed(e, 'record').fields, e.fields)
        return e.type
      case 'case': {
        const union = claimed(e, 'union')
        fieldsMust(known(union.cases[e.tag], `case ${e.tag} of ${describeType(union)}`), e.fields)
        return union
      }
      case 'fill':
        must(claimed(e, 'array').of, e.of)
        return e.type
      case 'shared':
        return known(scope.variable(e.name), `variable ${e.name}`)
      case 'constant':
        return known(scope.constant(e.name), `constant ${e.name}`)
      case 'local': {
        const found = scope.local(e.id)
        if (found === undefined) throw fail('HMM016', 'a local is used outside the thread it belongs to')
        return found
      }
      case 'self':
        return { kind: 'id', sort: known(scope.self, 'element that a thread runs for') }
      case 'current':
        if (!scope.running) throw fail('HMM007', 'no thread runs here, so there is no current')
        return { kind: 'id', sort: 'Thread' }
      case 'bound': {
        const found = scope.bound(e.id)
        if (found === undefined) throw fail('HMM016', 'the variable of a quantifier is used outside it')
        return found
      }
      case 'field':
        return known(ofKind(e.of, 'record').fields[e.name], `field ${e.name}`)
      case 'index': {
        const array = ofKind(e.of, 'array')
        must(array.index, e.index)
        return array.of
      }
      case 'isSome':
        ofKind(e.of, 'optional')
        return bool
      case 'value':
        return ofKind(e.of, 'optional').of
      case 'isCase':
        fieldsOfCase(e.of, e.tag)
        return bool
      case 'payload':
        return known(fieldsOfCase(e.of, e.tag)[e.name], `field ${e.name} of the case ${e.tag}`)
      case 'not':
        must(bool, e.of)
        return bool
      case 'binary':
        return ofBinary(e)
      case 'conditional': {
        must(bool, e.condition)
        const [then, otherwise] = [type(e.then), type(e.otherwise)]
        if (!fits(otherwise, then)) throw wrong(describeType(then), e.otherwise, otherwise)
        return then.kind === 'int' && otherwise.kind === 'int' ? hull(then, otherwise) : then
      }
      case 'size': {
        const of = ofKind(e.of, 'set', 'queue')
        return int(0, of.kind === 'queue' ? of.capacity : 64)
      }
      case 'head':
        return ofKind(e.of, 'queue').of
      case 'quantified':
        if (!isListed(e.over)) throw fail('HMM009', `the values of ${describeType(e.over)} cannot be listed`)
        return ofQuantifier(e.quantifier, e.bound, e.over, e.body, wide)
      case 'elements': {
        const queue = ofKind(e.of, 'queue')
        return ofQuantifier(e.quantifier, e.bound, queue.of, e.body, queue.capacity)
      }
      case 'before':
        return type(e.of)
    }
  }
  return type
}

const isOfKind = <K extends Type['kind']>(type: Type, kinds: readonly K[]): type is TypeOf<K> =>
  kinds.some((kind) => kind === type.kind)

const hull = (a: TypeOf<'int'>, b: TypeOf<'int'>): Type =>
  int(Math.min(lowOf(a), lowOf(b)), Math.max(highOf(a), highOf(b)))

/**
 * Whether a value of the one type can be stored in, or compared with, the other: numbers are brought into range
 * there, all else must be alike.
 */
export const fits = (found: Type, expected: Type): boolean =>
  found.kind === 'int' ? expected.kind === 'int' : sameType(found, expected)

/** Whether the values of a type can be listed: for an index, the elements of a set, a quantifier. */
export const isListed = ({ kind }: Type): boolean =>
  kind === 'bool' || kind === 'int' || kind === 'enum' || kind === 'id'

function isLiteral(value: boolean | number | string, type: Type): boolean {
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
    case 'id':
      return Number.isSafeInteger(value)
    case 'enum':
      return typeof value === 'string' && type.members.includes(value)
    default:
      return false
  }
}
