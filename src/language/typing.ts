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
  const typer = typerOf(scope)
  return (e) => typeIn(typer, e)
}

interface Typer {
  readonly scope: TypeScope
  /** The types that are known. Equal parts of a body are often one object: each is looked at once. */
  readonly typed: Map<Expression, Type>
}
const typerOf = (scope: TypeScope): Typer => ({ scope, typed: new Map() })

function typeIn(typer: Typer, e: Expression): Type {
  const old = typer.typed.get(e)
  if (old !== undefined) return old
  const its = typeAnew(typer, e)
  typer.typed.set(e, its)
  return its
}

function typeAnew(typer: Typer, e: Expression): Type {
  switch (e.kind) {
    case 'literal':
    case 'zero':
    case 'all':
    case 'some':
    case 'record':
    case 'case':
    case 'fill':
      return typeOfValue(typer, e)
    case 'shared':
    case 'constant':
    case 'local':
    case 'self':
    case 'current':
    case 'bound':
      return typeOfName(typer, e)
    case 'field':
    case 'index':
    case 'isSome':
    case 'value':
    case 'isCase':
    case 'payload':
    case 'size':
    case 'head':
      return typeOfPart(typer, e)
    case 'not':
      must(typer, bool, e.of)
      return bool
    case 'binary':
      return typeOfBinary(typer, e)
    case 'conditional':
      return typeOfConditional(typer, e)
    case 'quantified':
      if (!isListed(e.over)) throw fail(typer, 'HMM009', `the values of ${describeType(e.over)} cannot be listed`)
      return typeOfQuantifier(typer, e, e.over, wide)
    case 'elements': {
      const queue = ofKind(typer, e.of, 'queue')
      return typeOfQuantifier(typer, e, queue.of, queue.capacity)
    }
    case 'before':
      return typeIn(typer, e.of)
  }
}

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

/** The type of a value that is written down, whole or of parts. */
function typeOfValue(typer: Typer, e: Of<'literal' | 'zero' | 'all' | 'some' | 'record' | 'case' | 'fill'>): Type {
  switch (e.kind) {
    case 'literal':
      if (!isLiteral(e.value, e.type))
        throw fail(typer, 'HMM008', `${String(e.value)} is no value of ${describeType(e.type)}`)
      return e.type
    case 'zero':
      return e.type
    case 'all':
      return claimed(typer, e, 'set')
    case 'some':
      must(typer, claimed(typer, e, 'optional').of, e.of)
      return e.type
    case 'record':
      fieldsMust(typer, claimed(typer, e, 'record').fields, e.fields)
      return e.type
    case 'case': {
      const union = claimed(typer, e, 'union')
      fieldsMust(typer, known(typer, union.cases[e.tag], `case ${e.tag} of ${describeType(union)}`), e.fields)
      return union
    }
    case 'fill':
      must(typer, claimed(typer, e, 'array').of, e.of)
      return e.type
  }
}

/** The type of what a name stands for. */
function typeOfName(typer: Typer, e: Of<'shared' | 'constant' | 'local' | 'self' | 'current' | 'bound'>): Type {
  switch (e.kind) {
    case 'shared':
      return known(typer, typer.scope.variable(e.name), `variable ${e.name}`)
    case 'constant':
      return known(typer, typer.scope.constant(e.name), `constant ${e.name}`)
    case 'local': {
      const found = typer.scope.local(e.id)
      if (found === undefined) throw fail(typer, 'HMM016', 'a local is used outside the thread it belongs to')
      return found
    }
    case 'self':
      return { kind: 'id', sort: known(typer, typer.scope.self, 'element that a thread runs for') }
    case 'current':
      if (!typer.scope.running) throw fail(typer, 'HMM007', 'no thread runs here, so there is no current')
      return { kind: 'id', sort: 'Thread' }
    case 'bound': {
      const found = typer.scope.bound(e.id)
      if (found === undefined) throw fail(typer, 'HMM016', 'the variable of a quantifier is used outside it')
      return found
    }
  }
}

/** The type of a part of a value, or of what is asked of it. */
function typeOfPart(
  typer: Typer,
  e: Of<'field' | 'index' | 'isSome' | 'value' | 'isCase' | 'payload' | 'size' | 'head'>,
): Type {
  switch (e.kind) {
    case 'field':
      return known(typer, ofKind(typer, e.of, 'record').fields[e.name], `field ${e.name}`)
    case 'index': {
      const array = ofKind(typer, e.of, 'array')
      must(typer, array.index, e.index)
      return array.of
    }
    case 'isSome':
      ofKind(typer, e.of, 'optional')
      return bool
    case 'value':
      return ofKind(typer, e.of, 'optional').of
    case 'isCase':
      fieldsOfCase(typer, e.of, e.tag)
      return bool
    case 'payload':
      return known(typer, fieldsOfCase(typer, e.of, e.tag)[e.name], `field ${e.name} of the case ${e.tag}`)
    case 'size': {
      const of = ofKind(typer, e.of, 'set', 'queue')
      return int(0, of.kind === 'queue' ? of.capacity : 64)
    }
    case 'head':
      return ofKind(typer, e.of, 'queue').of
  }
}

function typeOfConditional(typer: Typer, e: Of<'conditional'>): Type {
  must(typer, bool, e.condition)
  const [then, otherwise] = [typeIn(typer, e.then), typeIn(typer, e.otherwise)]
  if (!fits(otherwise, then)) throw wrong(typer, describeType(then), e.otherwise, otherwise)
  return then.kind === 'int' && otherwise.kind === 'int' ? hull(then, otherwise) : then
}

/** The type of a quantifier over values of `element`, of which there are at most `most`. */
function typeOfQuantifier(
  typer: Typer,
  { quantifier, bound: id, body }: Of<'quantified' | 'elements'>,
  element: Type,
  most: Bound,
): Type {
  const { scope } = typer
  const inner = typerOf({ ...scope, bound: (other) => (other === id ? element : scope.bound(other)) })
  const found = typeIn(inner, body)
  if (found.kind !== 'bool') throw wrong(typer, 'bool', body, found)
  return quantifier === 'count' ? int(0, most) : bool
}

function typeOfBinary(typer: Typer, e: Of<'binary'>): Type {
  const { operator, left, right } = e
  switch (operator) {
    case 'and':
    case 'or':
      must(typer, bool, left)
      must(typer, bool, right)
      return bool
    case '==':
    case '!=': {
      const compared = typeIn(typer, left)
      must(typer, compared, right)
      if (hasSample(compared)) throw fail(typer, 'HMM053', `${typer.scope.text(e)} compares samples with each other`)
      return bool
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      ofKind(typer, left, 'int')
      ofKind(typer, right, 'int')
      return bool
    case 'has':
      must(typer, ofKind(typer, left, 'set', 'queue').of, right)
      return bool
    case '+':
    case '-':
      return typeOfSum(typer, operator, left, right)
    case '%':
      return typeOfRest(typer, e)
    case '&':
    case '|':
    case '&~':
      return typeOfBits(typer, operator, left, right)
  }
}

function typeOfSum(typer: Typer, operator: '+' | '-', left: Expression, right: Expression): Type {
  const [a, b] = [ofKind(typer, left, 'int'), ofKind(typer, right, 'int')]
  const [low, high] =
    operator === '+' ? [lowOf(a) + lowOf(b), highOf(a) + highOf(b)] : [lowOf(a) - highOf(b), highOf(a) - lowOf(b)]
  if (low < -widest || high > widest) throw fail(typer, 'HMM011', `a sum may be anything from ${low} to ${high}`)
  return int(low, high)
}

function typeOfRest(typer: Typer, e: Of<'binary'>): Type {
  const { left, right } = e
  const of = ofKind(typer, left, 'int')
  if (right.kind !== 'literal' || typeof right.value !== 'number' || right.value < 1)
    throw fail(typer, 'HMM018', `${typer.scope.text(right)} in ${typer.scope.text(e)} is no modulus`)
  const { low, high } = rangeOfRest({ low: lowOf(of), high: highOf(of) }, right.value)
  return int(low, high)
}

function typeOfBits(typer: Typer, operator: '&' | '|' | '&~', left: Expression, right: Expression): Type {
  const [a, b] = [ofKind(typer, left, 'int'), ofKind(typer, right, 'int')]
  mustHaveBits(typer, left, a)
  mustHaveBits(typer, right, b)
  const { low, high } = rangeOfBits(operator, { low: lowOf(a), high: highOf(a) }, { low: lowOf(b), high: highOf(b) })
  return int(low, high)
}

function mustHaveBits(typer: Typer, part: Expression, { low }: TypeOf<'int'>): void {
  if (typeof low === 'number' && low < 0)
    throw fail(typer, 'HMM018', `${typer.scope.text(part)}, of which bits are taken, may be ${low}`)
}

const fail = (typer: Typer, code: MistakeCode, what: string): Error => modelError(code, what, typer.scope.at)
const wrong = (typer: Typer, expected: string, part: Expression, found: Type): Error =>
  fail(typer, 'HMM008', `expected ${expected}, found ${typer.scope.text(part)}, which is ${describeType(found)}`)

function known<T>(typer: Typer, found: T | undefined, what: string): T {
  if (found === undefined) throw fail(typer, 'HMM007', `there is no ${what} here`)
  return found
}

/** The type of an expression that must be of one of these kinds. */
function ofKind<K extends Type['kind']>(typer: Typer, e: Expression, ...kinds: readonly K[]): TypeOf<K> {
  const found = typeIn(typer, e)
  if (!isOfKind(found, kinds)) throw wrong(typer, kinds.join(' or '), e, found)
  return found
}

/** The type that an expression claims for itself, which must be of this kind. */
function claimed<K extends Type['kind']>(typer: Typer, e: Expression & { readonly type: Type }, kind: K): TypeOf<K> {
  if (!isOfKind(e.type, [kind])) throw wrong(typer, kind, e, e.type)
  return e.type
}

function must(typer: Typer, expected: Type, e: Expression): void {
  const found = typeIn(typer, e)
  if (!fits(found, expected)) throw wrong(typer, describeType(expected), e, found)
}

function fieldsMust(
  typer: Typer,
  expected: Readonly<Record<string, Type>>,
  given: Readonly<Record<string, Expression>>,
): void {
  for (const [name, of] of Object.entries(expected))
    must(typer, of, known(typer, given[name], `value for the field ${name}`))
  for (const name of Object.keys(given)) known(typer, expected[name], `field ${name}`)
}

function fieldsOfCase(typer: Typer, of: Expression, tag: string): Readonly<Record<string, Type>> {
  const union = ofKind(typer, of, 'union')
  return known(typer, union.cases[tag], `case ${tag} of ${describeType(union)}`)
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
