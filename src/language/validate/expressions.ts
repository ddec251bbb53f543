/** Every expression has a type, and the type that its statement wants. */
import type { Arm, Expression, LocalDeclaration, Model, Statement, StatementOf, Type } from '../ast.ts'
import { modelError } from '../errors.ts'
import type { MistakeCode } from '../mistakes.ts'
import { describeType } from '../shapes.ts'
import { fits, isListed, scopeOf, typing } from '../typing.ts'
import { armsOf, blocksOf, contains } from '../walk.ts'
import { textsOf, type ModelText } from './texts.ts'

export function checkExpressions(model: Model): void {
  for (const text of textsOf(model)) checkText(model, text)
  for (const { name, type, initial } of model.variables) {
    const at = `the variable ${name}`
    const typeOf = typing(scopeOf(model, undefined, at))
    for (const value of initial) {
      if (contains(value, ({ kind }) => kind === 'shared'))
        throw modelError('HMM010', `an initial value of ${name} reads a variable`, at)
      expect(typeOf(value), type, at)
    }
  }
  for (const { name, kind, condition } of model.properties) {
    if (condition === undefined) continue
    const at = `the property ${name}`
    expect(typing(scopeOf(model, undefined, at))(condition), { kind: 'bool' }, at)
    noBefore(condition, at, kind === 'transition')
  }
}

function expect(found: Type, expected: Type, at: string): void {
  if (!fits(found, expected))
    throw modelError('HMM008', `expected ${describeType(expected)}, found ${describeType(found)}`, at)
}

/** `before` only in a transition property, and there not inside another. */
function noBefore(e: Expression, at: string, allowed: boolean): void {
  const isBefore = (part: Expression): boolean => part.kind === 'before'
  if (contains(e, allowed ? (part) => part.kind === 'before' && contains(part.of, isBefore) : isBefore)) {
    throw modelError('HMM024', allowed ? 'before() inside before()' : 'before() outside a transition property', at)
  }
}

function checkText(model: Model, text: ModelText): void {
  const checker = checkerOf(model, text)
  const check = (s: Statement): void => {
    checker.enter(s)
    checkStatement(checker, s)
    for (const { body } of blocksOf(s)) body.forEach(check)
  }
  text.body.forEach(check)
}

type Checker = ReturnType<typeof checkerOf>

/** Checks the expressions of a text; a mistake is said to be in the statement that was entered last. */
function checkerOf(model: Model, text: ModelText) {
  const locals = new Map(text.locals.map((local) => [local.id, local]))
  const bounds = new Map<number, Type>()
  let at = text.name
  const typeOf = typing({
    ...scopeOf(model, text),
    bound: (id) => bounds.get(id),
    get at() {
      return at
    },
  })
  const fail = (code: MistakeCode, what: string): Error => modelError(code, what, at)
  const is = (e: Expression, expected: Type): void => {
    expect(typeOf(e), expected, at)
    noBefore(e, at, false)
  }
  const local = (id: number): LocalDeclaration => {
    const found = locals.get(id)
    if (found === undefined) throw fail('HMM007', `${text.name} has no local ${id}`)
    return found
  }
  return {
    enter: (s: Statement): void => {
      at = `${s.at}, in ${text.name} ${s.path}`
    },
    fail,
    typeOf,
    is,
    condition: (e: Expression): void => is(e, { kind: 'bool' }),
    local,
    localIs: (id: number, expected: Type): void => expect(local(id).type, expected, at),
    /** The type of the elements of a place that is a set or queue. */
    elementOf: (place: Expression, kind: 'set' | 'queue'): Type => {
      const type = typeOf(place)
      if (type.kind !== kind) throw fail('HMM008', `expected a ${kind}, found ${describeType(type)}`)
      return type.of
    },
    bind: (id: number, type: Type): void => {
      bounds.set(id, type)
    },
    binds: (arm: Arm): void => {
      for (const bind of arm.binds) is(bind.value, local(bind.local).type)
    },
  }
}

function checkStatement(checker: Checker, s: Statement): void {
  const { typeOf, is, condition, elementOf } = checker
  switch (s.kind) {
    case 'assign':
      is(s.value, typeOf(s.target))
      break
    case 'insert':
    case 'remove':
      is(s.value, elementOf(s.target, 'set'))
      break
    case 'push':
    case 'discard':
      is(s.value, elementOf(s.target, 'queue'))
      break
    case 'pop':
      elementOf(s.target, 'queue')
      break
    case 'await':
      condition(s.condition)
      if (s.blockers !== undefined) {
        checker.bind(s.blockers.bound, { kind: 'id', sort: 'Thread' })
        condition(s.blockers.condition)
      }
      break
    case 'assert':
    case 'cover':
      condition(s.condition)
      break
    case 'if':
      condition(s.condition)
      armsOf(s).forEach(checker.binds)
      break
    case 'match':
      checkMatch(checker, s)
      break
    case 'choose':
      checkChoose(checker, s)
      break
    case 'forEach':
      checkForEach(checker, s)
      break
    case 'reset':
      s.locals.forEach(checker.local)
      break
    case 'step':
    case 'call':
    case 'either':
    case 'loop':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'return':
      break
  }
}

function checkMatch({ fail, typeOf, binds }: Checker, s: StatementOf<'match'>): void {
  const of = typeOf(s.of)
  if (of.kind !== 'union') throw fail('HMM008', `Match needs a union, found ${describeType(of)}`)
  const missing = Object.keys(of.cases).find((tag) => s.arms[tag] === undefined)
  if (missing !== undefined && s.otherwise === undefined)
    throw fail('HMM008', `Match has no arm for the case ${missing}`)
  const unknown = Object.keys(s.arms).find((tag) => of.cases[tag] === undefined)
  if (unknown !== undefined) throw fail('HMM007', `${describeType(of)} has no case ${unknown}`)
  armsOf(s).forEach(binds)
}

function checkChoose({ fail, local, condition }: Checker, s: StatementOf<'choose'>): void {
  const { name, type } = local(s.local)
  const chosen = type.kind === 'optional' ? type.of : type
  if (!isListed(chosen)) throw fail('HMM009', `Choose('${name}'): the values of ${describeType(type)} cannot be listed`)
  if (s.where !== undefined) condition(s.where)
}

function checkForEach({ fail, localIs }: Checker, { over, local, remaining }: StatementOf<'forEach'>): void {
  if (!isListed(over)) throw fail('HMM009', `the values of ${describeType(over)} cannot be listed`)
  localIs(local, over)
  localIs(remaining, { kind: 'set', of: over })
}
