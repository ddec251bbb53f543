/**
 * Expressions of the language as Promela. Domain errors of the language are not tested: the measured models
 * have none (a run of ours shows that), so SPIN is spared the work.
 */
import type { ConfiguredModel, Expression, Type, TypeOf } from '../../../src/language/ast.ts'
import {
  bitsOf,
  codesOf,
  valueCount,
  internal,
  lowOf,
  number,
  ordinalCount,
  partsOf,
  zeroCode,
} from '../../../src/compiler/encoding.ts'
import { nameOfLocal, sharedName } from './names.ts'
import { element, field, isWhole, type Memory, type Spot, type Write } from './store.ts'
import { and, binary, choose, isYes, no, not, num, or, yes, type Text } from './text.ts'

export type Value = { readonly type: Type } & (
  | { readonly form: 'code'; readonly code: Text }
  /** An integer itself. */
  | { readonly form: 'number'; readonly number: Text; readonly low: number; readonly high: number }
  | { readonly form: 'place'; readonly at: Spot; readonly memory: Memory }
  | { readonly form: 'composed'; readonly parts: (key: string) => Value }
)

export interface Scope {
  readonly model: ConfiguredModel
  readonly memory: Memory
  /** A value of the state before the transition, for a transition property. */
  readonly before?: (of: Expression, bound: ReadonlyMap<number, Value>) => Value
  readonly bound: ReadonlyMap<number, Value>
  /** Which instance runs. */
  readonly instance?: number
}

const anyInt: TypeOf<'int'> = { kind: 'int', low: 0, high: 0, overflow: 'error' }
const coded = (type: Type, code: Text): Value => ({ type, form: 'code', code })
export const truthful = (truth: Text): Value => coded({ kind: 'bool' }, truth)
const numeric = (n: Text, low: number, high: number): Value => ({ type: anyInt, form: 'number', number: n, low, high })

export const localName = (
  model: ConfiguredModel,
  instance: number,
  id: number,
): { readonly name: string; readonly type: Type } => {
  const { thread } = model.instances[instance] ?? internal('no such instance')
  const local = model.threads[thread]?.locals.find((l) => l.id === id) ?? internal(`no local ${id}`)
  return { name: nameOfLocal(model, thread, id), type: local.type }
}

export function placeOf(e: Expression, scope: Scope): Spot {
  const { model } = scope
  switch (e.kind) {
    case 'shared':
      return {
        name: sharedName(e.name),
        type: model.variables.find((v) => v.name === e.name)?.type ?? internal(`no variable ${e.name}`),
      }
    case 'local':
      return localName(model, scope.instance ?? internal('a local in a property'), e.id)
    case 'field':
      return field(placeOf(e.of, scope), e.name)
    case 'index': {
      const at = placeOf(e.of, scope)
      return element(at, indexOf(e.index, at.type, scope), model.sizes)
    }
    default:
      return internal(`a ${e.kind} is no place`)
  }
}
const isPlace = (e: Expression): boolean =>
  e.kind === 'shared' || e.kind === 'local' || ((e.kind === 'field' || e.kind === 'index') && isPlace(e.of))

function indexOf(index: Expression, array: Type, scope: Scope): Text {
  if (array.kind !== 'array') return internal('an index of no array')
  const v = valueOf(index, scope)
  return array.index.kind === 'int' ? binary('-', numberOf(v).number, num(lowOf(array.index))) : codeOf(v, scope)
}

export function codeOf(v: Value, scope: Scope): Text {
  const { sizes } = scope.model
  switch (v.form) {
    case 'code':
      return v.code
    case 'number':
      return binary('-', v.number, num(lowOf(v.type)))
    case 'place':
      if (!isWhole(v.at.type, sizes)) return internal(`the code of a ${v.at.type.kind}`)
      return v.memory.read(v.at, bitsOf(v.at.type, sizes))
    case 'composed':
      return partsOf(v.type, sizes).reduce<Text>(
        (code, p) => binary('|', code, binary('<<', codeOf(v.parts(p.key), scope), num(p.offset))),
        no,
      )
  }
}
function numberOf(v: Value, scope?: Scope): { readonly number: Text; readonly low: number; readonly high: number } {
  if (v.form === 'number') return v
  if (v.type.kind !== 'int') return internal(`a ${v.type.kind} taken for an integer`)
  const low = number(v.type.low)
  const code =
    v.form === 'code'
      ? v.code
      : v.form === 'place'
        ? v.memory.read(v.at, scope === undefined ? 1 : bitsOf(v.type, scope.model.sizes))
        : internal('a composed integer')
  return { number: binary('+', code, num(low)), low, high: number(v.type.high) }
}

export function partOf(v: Value, key: string, scope: Scope): Value {
  const { sizes } = scope.model
  if (v.form === 'composed') return v.parts(key)
  if (v.form === 'place' && v.at.type.kind === 'record') {
    const at = field(v.at, key)
    return { type: at.type, form: 'place', at, memory: v.memory }
  }
  if (v.form === 'place' && v.at.type.kind === 'array') {
    const at = element(v.at, num(Number(key)), sizes)
    return { type: at.type, form: 'place', at, memory: v.memory }
  }
  const p = partsOf(v.type, sizes).find((q) => q.key === key) ?? internal(`no part ${key}`)
  const shifted = binary('>>', codeOf(v, scope), num(p.offset))
  const width = bitsOf(p.type, sizes)
  return coded(p.type, p.offset + width === bitsOf(v.type, sizes) ? shifted : binary('&', shifted, num(2 ** width - 1)))
}

/** The value as one of the type: integers wrap or saturate as it says. */
export function fit(v: Value, type: Type, scope: Scope): Value {
  if (type.kind !== 'int') return v
  const low = number(type.low),
    high = number(type.high),
    span = high - low + 1
  const n = numberOf(v, scope)
  const from = binary('-', n.number, num(low))
  if (n.low >= low && n.high <= high) return coded(type, from)
  switch (type.overflow) {
    case 'error':
      return coded(type, from)
    case 'wrap': {
      if (from.constant !== undefined) return coded(type, num(((from.constant % span) + span) % span))
      const above = n.high > high,
        below = n.low < low
      if (n.high - low >= 2 * span || n.low - low < -span) return internal('a number that wraps twice')
      return coded(
        type,
        above
          ? choose(
              binary('>=', from, num(span)),
              binary('-', from, num(span)),
              below ? choose(binary('<', from, no), binary('+', from, num(span)), from) : from,
            )
          : choose(binary('<', from, no), binary('+', from, num(span)), from),
      )
    }
    case 'saturate':
      return coded(
        type,
        choose(binary('<', from, no), no, choose(binary('>', from, num(span - 1)), num(span - 1), from)),
      )
  }
}

const blank = (type: Type, scope: Scope): Value =>
  isWhole(type, scope.model.sizes)
    ? coded(type, no)
    : { type, form: 'composed', parts: (key) => blank(partType(type, key, scope), scope) }
const partType = (type: Type, key: string, scope: Scope): Type =>
  partsOf(type, scope.model.sizes).find((p) => p.key === key)?.type ?? internal(`no part ${key}`)
function compose(type: Type, given: Readonly<Record<string, Value>>, scope: Scope): Value {
  const parts = (key: string): Value => {
    const v = given[key]
    return v === undefined ? blank(partType(type, key, scope), scope) : fit(v, partType(type, key, scope), scope)
  }
  if (!isWhole(type, scope.model.sizes)) return { type, form: 'composed', parts }
  // only the parts that are given: the others are blank, and may overlap them
  return coded(
    type,
    partsOf(type, scope.model.sizes).reduce<Text>(
      (code, p) =>
        given[p.key] === undefined ? code : binary('|', code, binary('<<', codeOf(parts(p.key), scope), num(p.offset))),
      no,
    ),
  )
}
const zero = (type: Type, scope: Scope): Value =>
  isWhole(type, scope.model.sizes)
    ? coded(type, num(Number(zeroCode(type, scope.model.sizes))))
    : { type, form: 'composed', parts: (key) => zero(partType(type, key, scope), scope) }

function equal(a: Value, b: Value, scope: Scope, operator: '==' | '!=' = '=='): Text {
  if (a.type.kind === 'int' || b.type.kind === 'int')
    return binary(operator, numberOf(a, scope).number, numberOf(b, scope).number)
  if (isWhole(a.type, scope.model.sizes)) {
    const x = codeOf(a, scope),
      y = codeOf(b, scope)
    if (a.type.kind === 'bool')
      for (const [one, other] of [
        [x, y],
        [y, x],
      ] as const)
        if (one.constant !== undefined) return isYes(one) === (operator === '==') ? other : not(other)
    return x.constant === undefined ? binary(operator, x, y) : binary(operator, y, x)
  }
  const same = partsOf(a.type, scope.model.sizes)
    .map((p) => equal(partOf(a, p.key, scope), partOf(b, p.key, scope), scope))
    .reduce(and, yes)
  return operator === '==' ? same : not(same)
}
function select(condition: Text, a: Value, b: Value, scope: Scope): Value {
  if (a.type.kind === 'int' || b.type.kind === 'int') {
    const x = numberOf(a, scope),
      y = numberOf(b, scope)
    return numeric(choose(condition, x.number, y.number), Math.min(x.low, y.low), Math.max(x.high, y.high))
  }
  if (isWhole(a.type, scope.model.sizes)) return coded(a.type, choose(condition, codeOf(a, scope), codeOf(b, scope)))
  return {
    type: a.type,
    form: 'composed',
    parts: (key) => select(condition, partOf(a, key, scope), partOf(b, key, scope), scope),
  }
}
const tagNumber = (type: Type, tag: string): Text =>
  num(type.kind === 'union' ? Object.keys(type.cases).indexOf(tag) : internal('a tag of no union'))
export const truth = (e: Expression, scope: Scope): Text => codeOf(valueOf(e, scope), scope)
/** Bit of a set. */
const has = (set: Text, code: Text): Text =>
  code.constant === undefined
    ? binary('&', binary('>>', set, code), num(1))
    : set.constant === undefined
      ? binary('!=', binary('&', set, num(1 << code.constant)), no)
      : num((set.constant >> code.constant) & 1)

export function valueOf(e: Expression, scope: Scope): Value {
  const { model } = scope,
    { sizes } = model
  const go = (x: Expression): Value => valueOf(x, scope)
  const code = (x: Expression): Text => codeOf(go(x), scope)
  if (isPlace(e)) {
    const at = placeOf(e, scope)
    return { type: at.type, form: 'place', at, memory: scope.memory }
  }
  switch (e.kind) {
    case 'literal':
      switch (e.type.kind) {
        case 'bool':
          return truthful(e.value === true ? yes : no)
        case 'int':
          return numeric(num(Number(e.value)), Number(e.value), Number(e.value))
        case 'enum':
          return coded(e.type, num(e.type.members.indexOf(String(e.value))))
        case 'id':
          return coded(e.type, num(Number(e.value)))
        default:
          return internal(`a literal ${e.type.kind}`)
      }
    case 'zero':
      return zero(e.type, scope)
    case 'all':
      return e.type.kind === 'set'
        ? coded(e.type, num(2 ** valueCount(e.type.of, sizes) - 1))
        : internal('all of no set')
    case 'some': {
      if (e.type.kind !== 'optional') return internal('some of no optional')
      const of = fit(go(e.of), e.type.of, scope)
      return ordinalCount(e.type, sizes) !== undefined
        ? coded(e.type, binary('+', codeOf(of, scope), num(1)))
        : compose(e.type, { present: truthful(yes), value: of }, scope)
    }
    case 'record':
      return compose(e.type, Object.fromEntries(Object.entries(e.fields).map(([k, x]) => [k, go(x)])), scope)
    case 'case':
      return compose(
        e.type,
        {
          tag: coded({ kind: 'int', low: 0, high: 63, overflow: 'error' }, tagNumber(e.type, e.tag)),
          ...Object.fromEntries(Object.entries(e.fields).map(([k, x]) => [`${e.tag}.${k}`, go(x)])),
        },
        scope,
      )
    case 'fill': {
      const of = go(e.of)
      return compose(e.type, Object.fromEntries(partsOf(e.type, sizes).map((p) => [p.key, of])), scope)
    }
    case 'self': {
      const instance = model.instances[scope.instance ?? -1]
      return coded(
        { kind: 'id', sort: model.threads[instance?.thread ?? -1]?.per ?? internal('self outside a thread of a sort') },
        num(instance?.self ?? 0),
      )
    }
    case 'current':
      return coded({ kind: 'id', sort: 'Thread' }, num(scope.instance ?? internal('current outside a thread')))
    case 'bound':
      return scope.bound.get(e.id) ?? internal('an unbound variable')
    case 'constant':
      return internal(`the constant ${e.name} in a configured model`)
    case 'field':
      return partOf(go(e.of), e.name, scope)
    case 'index': {
      const of = go(e.of),
        i = indexOf(e.index, of.type, scope)
      if (i.constant !== undefined) return partOf(of, String(i.constant), scope)
      if (of.form === 'place' && of.at.type.kind === 'array') {
        const at = element(of.at, i, sizes)
        return { type: at.type, form: 'place', at, memory: of.memory }
      }
      const cells = partsOf(of.type, sizes).map((p) => partOf(of, p.key, scope))
      return cells
        .slice(0, -1)
        .reduceRight<Value>(
          (otherwise, c, n) => select(binary('==', i, num(n)), c, otherwise, scope),
          cells.at(-1) ?? internal('an index of an empty array'),
        )
    }
    case 'isSome': {
      const of = go(e.of)
      return truthful(
        ordinalCount(of.type, sizes) !== undefined
          ? binary('!=', codeOf(of, scope), no)
          : codeOf(partOf(of, 'present', scope), scope),
      )
    }
    case 'value': {
      const of = go(e.of)
      if (of.type.kind !== 'optional') return internal('the value of no optional')
      return ordinalCount(of.type, sizes) !== undefined
        ? coded(of.type.of, binary('-', codeOf(of, scope), num(1)))
        : partOf(of, 'value', scope)
    }
    case 'isCase': {
      const of = go(e.of)
      return truthful(binary('==', codeOf(partOf(of, 'tag', scope), scope), tagNumber(of.type, e.tag)))
    }
    case 'payload':
      return partOf(go(e.of), `${e.tag}.${e.name}`, scope)
    case 'not':
      return truthful(not(code(e.of)))
    case 'binary':
      return operation(e, scope)
    case 'conditional':
      return select(code(e.condition), go(e.then), go(e.otherwise), scope)
    case 'size': {
      const of = go(e.of)
      if (of.type.kind === 'queue')
        return numeric(codeOf(partOf(of, 'length', scope), scope), 0, number(of.type.capacity))
      const set = codeOf(of, scope),
        n = of.type.kind === 'set' ? valueCount(of.type.of, sizes) : internal('the size of neither set nor queue')
      return numeric(
        Array.from({ length: n }, (_, i) => binary('&', binary('>>', set, num(i)), num(1))).reduce(
          (a, b) => binary('+', a, b),
          no,
        ),
        0,
        n,
      )
    }
    case 'head':
      return partOf(go(e.of), '0', scope)
    case 'quantified':
      return quantify(
        e.quantifier,
        codesOf(e.over, sizes).map((c) =>
          truth(e.body, { ...scope, bound: new Map(scope.bound).set(e.bound, coded(e.over, num(Number(c)))) }),
        ),
      )
    case 'elements': {
      const of = go(e.of),
        length = codeOf(partOf(of, 'length', scope), scope)
      return quantify(
        e.quantifier,
        cells(of, scope).map((c, i) => {
          const there = binary('>', length, num(i))
          const body = truth(e.body, { ...scope, bound: new Map(scope.bound).set(e.bound, c) })
          return e.quantifier === 'every' ? or(not(there), body) : and(there, body)
        }),
      )
    }
    case 'before':
      return scope.before === undefined
        ? internal('before outside a transition property')
        : scope.before(e.of, scope.bound)
    case 'shared':
    case 'local':
      return internal('a place that is none')
  }
}
const cells = (queue: Value, scope: Scope): readonly Value[] =>
  queue.type.kind === 'queue'
    ? Array.from({ length: number(queue.type.capacity) }, (_, i) => partOf(queue, String(i), scope))
    : internal('cells of no queue')

function quantify(quantifier: 'every' | 'some' | 'count', tests: readonly Text[]): Value {
  switch (quantifier) {
    case 'every':
      return truthful(tests.reduceRight((rest, t) => and(t, rest), yes))
    case 'some':
      return truthful(tests.reduceRight((rest, t) => or(t, rest), no))
    case 'count':
      return numeric(
        tests.reduce<Text>((sum, t) => binary('+', sum, t), no),
        0,
        tests.length,
      )
  }
}
function operation(e: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const left = valueOf(e.left, scope),
    right = valueOf(e.right, scope)
  const isEmpty = (x: Expression): boolean => x.kind === 'size' && e.right.kind === 'literal' && e.right.value === 0
  switch (e.operator) {
    case 'and':
      return truthful(and(codeOf(left, scope), codeOf(right, scope)))
    case 'or':
      return truthful(or(codeOf(left, scope), codeOf(right, scope)))
    case '==':
    case '!=':
    case '>': {
      // whether a set is empty needs no counting
      if (e.left.kind === 'size' && isEmpty(e.left)) {
        const of = valueOf(e.left.of, scope)
        const code = codeOf(of.type.kind === 'queue' ? partOf(of, 'length', scope) : of, scope)
        return truthful(binary(e.operator === '==' ? '==' : '!=', code, no))
      }
      if (e.operator === '>') break
      return truthful(equal(left, right, scope, e.operator))
    }
    case 'has': {
      if (left.type.kind === 'set') {
        const set = left.type
        const x = set.of.kind === 'int' ? numberOf(right, scope) : undefined
        if (x === undefined) return truthful(has(codeOf(left, scope), codeOf(right, scope)))
        const low = lowOf(set.of),
          n = valueCount(set.of, scope.model.sizes)
        const at = binary('-', x.number, num(low))
        const inside = x.low >= low && x.high < low + n ? yes : and(binary('>=', at, no), binary('<', at, num(n)))
        return truthful(and(inside, has(codeOf(left, scope), at)))
      }
      const length = codeOf(partOf(left, 'length', scope), scope)
      return quantify(
        'some',
        cells(left, scope).map((c, i) => and(binary('>', length, num(i)), equal(c, right, scope))),
      )
    }
  }
  const a = numberOf(left, scope),
    b = numberOf(right, scope)
  switch (e.operator) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return truthful(binary(e.operator, a.number, b.number))
    case '+':
      return numeric(binary('+', a.number, b.number), a.low + b.low, a.high + b.high)
    case '-':
      return numeric(binary('-', a.number, b.number), a.low - b.high, a.high - b.low)
    default:
      return internal(`an operation ${e.operator}`)
  }
}

/** value to a place, one number after the other. */
export function writes(at: Spot, v: Value, scope: Scope): readonly Write[] {
  const { sizes } = scope.model
  if (!isWhole(at.type, sizes))
    return partsOf(at.type, sizes).flatMap((p) =>
      writes(
        at.type.kind === 'record' ? field(at, p.key) : element(at, num(Number(p.key)), sizes),
        partOf(v, p.key, scope),
        scope,
      ),
    )
  if (bitsOf(at.type, sizes) === 0) return []
  return [
    {
      name: at.name,
      ...(at.index === undefined ? {} : { index: at.index }),
      value: codeOf(fit(v, at.type, scope), scope),
    },
  ]
}

/** The writes of an insertion, removal or queue operation. */
export function changes(
  op: 'insert' | 'remove' | 'push' | 'pop' | 'discard',
  target: Expression,
  operand: Expression | undefined,
  scope: Scope,
): readonly Write[] {
  const at = placeOf(target, scope),
    old: Value = { type: at.type, form: 'place', at, memory: scope.memory }
  const { sizes } = scope.model
  const code = codeOf(old, scope)
  const value = operand === undefined ? undefined : valueOf(operand, scope)
  const put = (x: Text): readonly Write[] => writes(at, coded(at.type, x), scope)
  if (op === 'insert' || op === 'remove') {
    if (at.type.kind !== 'set' || value === undefined) return internal('an insertion into no set')
    const element = codeOf(fit(value, at.type.of, scope), scope)
    const mask = binary('<<', num(1), element)
    if (op === 'insert') return put(binary('|', code, mask))
    return put(
      mask.constant === undefined
        ? { text: `(${code.text} & ~${mask.text})`, reads: [...code.reads, ...mask.reads] }
        : binary('&', code, num(2 ** valueCount(at.type.of, sizes) - 1 - mask.constant)),
    )
  }
  const type = at.type.kind === 'queue' ? at.type : internal('a queue operation on no queue')
  const [, first] = partsOf(type, sizes)
  const width = bitsOf(type.of, sizes),
    base = first?.offset ?? internal('a queue without cells')
  const length = codeOf(partOf(old, 'length', scope), scope)
  /** The cells, closed up behind cell i; the length one less. */
  const without = (i: number): Text => {
    const kept = binary('&', code, num(2 ** (base + i * width) - 1))
    const moved = binary('<<', binary('>>', code, num(base + (i + 1) * width)), num(base + i * width))
    return binary('-', binary('|', kept, moved), num(1))
  }
  switch (op) {
    case 'push': {
      const element = codeOf(fit(value ?? internal('a push of nothing'), type.of, scope), scope)
      const shift = binary('+', binary('*', length, num(width)), num(base))
      return put(binary('+', binary('|', code, binary('<<', element, shift)), num(1)))
    }
    case 'pop':
      return put(without(0))
    case 'discard': {
      const all = cells(old, scope).map((c, i) => ({
        i,
        found: and(binary('>', length, num(i)), equal(c, value ?? internal('a discard of nothing'), scope)),
      }))
      return put(all.reduceRight<Text>((otherwise, { i, found }) => choose(found, without(i), otherwise), code))
    }
  }
}
