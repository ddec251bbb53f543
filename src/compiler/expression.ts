/** Expressions of the language to WebAssembly expressions over the packed state. */
import type { ConfiguredModel, Expression, Type, TypeOf } from '../language/ast.ts'
import { rangeOfBits, rangeOfRest } from '../language/ranges.ts'
import {
  bitsOf,
  codesOf,
  countOf,
  elementCount,
  internal,
  number,
  ordinalCount,
  partNamed,
  partsOf,
  zeroCode,
} from './encoding.ts'
import type { Layout, Slot } from './layout.ts'
import { empty } from './packing.ts'
import type { Location, State, StateWriter } from './state.ts'
import {
  coded,
  composed,
  fitted,
  isInt,
  numeric,
  placed,
  truthful,
  typed,
  type Coded,
  type Fitted,
  type Value,
} from './value.ts'
import {
  after,
  and,
  binary,
  bit,
  check,
  choose,
  constant,
  i64,
  isNo,
  no,
  not,
  or,
  unary,
  yes,
  type W,
} from '../wasm/expression.ts'

export interface Scope {
  /** Which instance runs; none in a property. */
  readonly instance: number | undefined
  /** The state that is read. */
  readonly state: State
  /** The state before the transition, for `before`. */
  readonly before?: State
  readonly bound: ReadonlyMap<number, Value>
}

export interface Expressions {
  value(e: Expression, scope: Scope): Value
  truth(e: Expression, scope: Scope): W
  code(v: Coded): W
  /** The value as one of the type, which is what can be stored: an integer in range, or the error flag. */
  fit(v: Value, type: Type): Fitted
  /** A place to write to. */
  place(e: Expression, scope: Scope): Location
  /** The facts that hold if the condition turned out so. */
  learn(condition: Expression, outcome: boolean): readonly string[]
  partOf(v: Fitted, key: string): Fitted
  equal(a: Value, b: Value): W
  /** Whether a value is an element of the type at all (an integer may lie outside), and its code. */
  element(v: Value, type: Type): { readonly inside: W; readonly code: W }
}

/** The text of an expression, the same whatever the order in which its fields were written. */
const key = (e: Expression): string =>
  JSON.stringify(e, (_, x: unknown) =>
    typeof x === 'object' && x !== null && !Array.isArray(x)
      ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1)))
      : x,
  )

export function expressions(model: ConfiguredModel, layout: Layout, states: StateWriter): Expressions {
  const { sizes } = model
  const small = (type: Type): boolean => bitsOf(type, sizes) <= 64
  const mask = (bits: number): W => i64((1n << BigInt(bits)) - 1n)

  const codeOf = (v: Coded): W => {
    switch (v.form) {
      case 'code':
        return v.code
      case 'truth':
        return unary('extend', v.truth)
      case 'place':
        return states.read(v.state, v.at)
      case 'composed':
        return partsOf(v.type, sizes).reduce<W>(
          (code, p) => binary('or64', code, binary('shl64', codeOf(v.parts(p.key)), i64(p.offset))),
          i64(0),
        )
    }
  }
  const truthOf = (v: Value): W => {
    const of = typed(v)
    return of.form === 'truth' ? of.truth : binary('eq64', codeOf(of), i64(1))
  }
  const numberOf = (v: Value): { readonly number: W; readonly low: number; readonly high: number } => {
    if (v.form === 'number') return v
    if (v.type.kind !== 'int') return internal(`a ${v.type.kind} taken for an integer`)
    const low = number(v.type.low)
    return { number: binary('add64', codeOf(v), i64(low)), low, high: number(v.type.high) }
  }
  const partOf = (v: Coded, k: string): Coded => {
    if (v.form === 'composed') return v.parts(k)
    if (v.form === 'place') return placed(states.part(v.at, k), v.state)
    const p = partNamed(v.type, k, sizes)
    return coded(p.type, binary('and64', binary('shr64', codeOf(v), i64(p.offset)), mask(bitsOf(p.type, sizes))))
  }
  const zero = (type: Type): Coded =>
    small(type) ? coded(type, i64(zeroCode(type, sizes))) : composed(type, (k) => zeroPart(type, k))
  const blank = (type: Type): Coded =>
    small(type) ? coded(type, i64(0)) : composed(type, (k) => blank(partType(type, k)))
  const zeroPart = (type: Type, k: string): Coded => {
    const p = partNamed(type, k, sizes)
    if (type.kind === 'record' || type.kind === 'array') return zero(p.type)
    return type.kind === 'union' && k.startsWith(`${Object.keys(type.cases)[0]}.`) ? zero(p.type) : blank(p.type)
  }
  /** Which case, as a number. */
  const tagOf = (v: Coded): W => codeOf(partOf(v, 'tag'))
  const tagNumber = (type: Type, tag: string): number =>
    type.kind === 'union' ? Object.keys(type.cases).indexOf(tag) : internal('a tag of no union')
  const isSome = (v: Coded): W =>
    ordinalCount(v.type, sizes) !== undefined ? not(binary('eq64', codeOf(v), i64(0))) : truthOf(partOf(v, 'present'))
  const content = (v: Coded): Coded => {
    if (v.type.kind !== 'optional') return internal('the content of no optional')
    if (ordinalCount(v.type, sizes) === undefined) return partOf(v, 'value')
    const code = codeOf(v)
    // what is known to be none has no content: whatever stands for it is never come to, and must be a code nevertheless
    return coded(v.type.of, constant(code) === 0n ? i64(0) : binary('sub64', code, i64(1)))
  }
  /** The error flag goes up if `bad`, when the value is used. */
  const guarded = (bad: W, v: Coded): Coded => {
    if (isNo(bad)) return v
    if (small(v.type)) return coded(v.type, check(bad, codeOf(v)))
    return composed(v.type, (k) => guarded(bad, partOf(v, k)))
  }
  /** Something that fails if anything in the value does. */
  const force = (v: Value): W => {
    if (v.form === 'truth') return v.truth
    if (v.form === 'number') return v.number
    if (small(v.type)) return codeOf(v)
    // each part fails if the whole does
    return force(partOf(v, partsOf(v.type, sizes)[0]?.key ?? internal('a large value without parts')))
  }
  /** The value, after what can fail in `first`: also when only a part of the value is asked for. */
  const behind = (first: W, v: Value): Value =>
    v.form === 'number' ? (first.partial ? { ...v, number: after(first, v.number) } : v) : codedBehind(first, v)
  const codedBehind = (first: W, v: Coded): Coded => {
    if (!first.partial) return v
    if (v.form === 'truth') return truthful(after(first, v.truth))
    if (small(v.type)) return coded(v.type, after(first, codeOf(v)))
    return composed(v.type, (k) => codedBehind(first, partOf(v, k)))
  }
  /** Something made of a value that is asked for more than once: if it can fail, it is evaluated once. */
  const once = (v: Coded, make: (v: Coded) => Coded): Coded => {
    if (v.form === 'truth' || !small(v.type)) return make(v)
    const code = codeOf(v)
    const made = make(coded(v.type, code))
    if (!code.partial || !small(made.type) || (made.form !== 'code' && made.form !== 'truth')) return made
    return made.form === 'code'
      ? coded(
          made.type,
          states.share(code, (c) => codeOf(make(coded(v.type, c)))),
        )
      : truthful(states.share(code, (c) => truthOf(make(coded(v.type, c)))))
  }
  const fit = (v: Value, type: Type): Fitted => fitted(type.kind === 'int' ? fitNumber(v, type) : typed(v))
  const fitNumber = (v: Value, type: TypeOf<'int'>): Coded => {
    const low = number(type.low),
      high = number(type.high)
    const n = numberOf(v)
    const span = high - low + 1
    const within = n.low >= low && n.high <= high
    const from = binary('sub64', n.number, i64(low))
    if (within)
      return coded(type, v.form !== 'number' && v.type.kind === 'int' && number(v.type.low) === low ? codeOf(v) : from)
    switch (type.overflow) {
      case 'error':
        return coded(
          type,
          states.share(n.number, (x) => {
            const outside = or(binary('lt64s', x, i64(low)), binary('gt64s', x, i64(high)))
            return check(outside, binary('and64', binary('sub64', x, i64(low)), mask(bitsOf(type, sizes))))
          }),
        )
      case 'wrap':
        return coded(
          type,
          states.share(binary('rem64s', from, i64(span)), (r) =>
            choose(binary('lt64s', r, i64(0)), binary('add64', r, i64(span)), r),
          ),
        )
      case 'saturate':
        return coded(
          type,
          states.share(n.number, (x) =>
            choose(
              binary('lt64s', x, i64(low)),
              i64(0),
              choose(binary('gt64s', x, i64(high)), i64(span - 1), binary('sub64', x, i64(low))),
            ),
          ),
        )
    }
  }
  /** The type of parts, for values made of others. */
  const partType = (type: Type, k: string): Type => partNamed(type, k, sizes).type
  const compose = (type: Type, given: Readonly<Record<string, Value>>): Coded => {
    const all = Object.fromEntries(
      Object.entries(given).map(([k, v]): [string, Coded] => {
        const t = partType(type, k)
        const x = fit(v, t)
        return [k, small(t) ? coded(t, states.keep(codeOf(x))) : x]
      }),
    )
    const parts = (k: string): Coded => all[k] ?? blank(partType(type, k))
    if (!small(type))
      return codedBehind(
        Object.values(all)
          .map(force)
          .reduce((one, other) => after(one, other), i64(0)),
        composed(type, parts),
      )
    // only the parts that are given: the others are blank, and may overlap them
    return coded(
      type,
      partsOf(type, sizes).reduce<W>(
        (code, p) =>
          all[p.key] === undefined ? code : binary('or64', code, binary('shl64', codeOf(parts(p.key)), i64(p.offset))),
        i64(0),
      ),
    )
  }
  const equal = (a: Value, b: Value): W => {
    if (isInt(a) || isInt(b)) {
      const one = (v: Value, other: Value): W | undefined => {
        const c = other.form === 'number' || other.form === 'code' ? constant(numberOf(other).number) : undefined
        if (c === undefined || v.form === 'number' || v.type.kind !== 'int') return undefined
        const n = Number(BigInt.asIntN(64, c))
        return n < number(v.type.low) || n > number(v.type.high)
          ? after(codeOf(v), no)
          : binary('eq64', codeOf(v), i64(n - number(v.type.low)))
      }
      return one(a, b) ?? one(b, a) ?? binary('eq64', numberOf(a).number, numberOf(b).number)
    }
    return equalCodes(typed(a), typed(b))
  }
  /** Of two values of one type. */
  const equalCodes = (a: Coded, b: Coded): W => {
    if (small(a.type)) {
      const x = codeOf(a),
        y = codeOf(b)
      return constant(x) !== undefined ? binary('eq64', y, x) : binary('eq64', x, y)
    }
    const both = after(force(a), force(b))
    return after(
      both,
      partsOf(a.type, sizes)
        .map((p) => equal(partOf(a, p.key), partOf(b, p.key)))
        .reduce(and, yes),
    )
  }
  const select = (condition: W, a: Value, b: Value): Value => {
    if (!isInt(a) && !isInt(b)) return selectCoded(condition, typed(a), typed(b))
    const x = numberOf(a),
      y = numberOf(b)
    return numeric(choose(condition, x.number, y.number), Math.min(x.low, y.low), Math.max(x.high, y.high))
  }
  /** Of two values of one type. */
  const selectCoded = (condition: W, a: Coded, b: Coded): Coded => {
    if (a.type.kind === 'bool') return truthful(choose(condition, truthOf(a), truthOf(b)))
    if (small(a.type)) return coded(a.type, choose(condition, codeOf(a), codeOf(b)))
    const kept = states.keep(condition)
    return composed(a.type, (k) => selectCoded(kept, partOf(a, k), partOf(b, k)))
  }
  const queueLength = (v: Coded): W => codeOf(partOf(v, 'length'))
  const queueCells = (v: Coded): readonly Coded[] =>
    v.type.kind === 'queue'
      ? Array.from({ length: number(v.type.capacity) }, (_, i) => partOf(v, String(i)))
      : internal('cells of no queue')

  /** `now`: the place of an assignment, whose indices are evaluated whatever happens. */
  const place = (e: Expression, scope: Scope, now = false): Location => {
    switch (e.kind) {
      case 'shared':
        return states.locate(layout.shared[e.name] ?? internal(`no variable ${e.name}`))
      case 'local':
        return states.locate(localSlot(e.id, scope))
      case 'field':
        return states.part(place(e.of, scope, now), e.name)
      case 'index': {
        const at = place(e.of, scope, now)
        if (at.type.kind === 'array' && countOf(at.type.index, sizes) === 0) {
          // no index is inside: a place of no bits, which fails whoever looks for it
          const nowhere = check(yes, i64(0))
          return {
            kind: 'bits',
            type: at.type.of,
            word: 0,
            shift: states.keep(nowhere, now),
            packing: empty(at.type.of, sizes),
          }
        }
        const index = indexCode(e.index, at.type, scope)
        return states.cell(at, states.keep(index, now && index.partial))
      }
      default:
        return internal(`a ${e.kind} is no place`)
    }
  }
  const localSlot = (id: number, scope: Scope): Slot =>
    scope.instance === undefined
      ? internal('a local in a property')
      : (layout.locals[scope.instance]?.[id] ?? internal(`no local ${id}`))
  /** The number of the cell; an index outside raises the flag. */
  const indexCode = (index: Expression, array: Type, scope: Scope): W => {
    if (array.kind !== 'array') return internal('an index of no array')
    const v = value(index, scope)
    if (array.index.kind !== 'int') return codeOf(typed(v))
    const low = number(array.index.low),
      high = number(array.index.high)
    const n = numberOf(v)
    const c = binary('sub64', n.number, i64(low))
    if (n.low >= low && n.high <= high) return c
    return states.share(n.number, (x) => {
      const outside = or(binary('lt64s', x, i64(low)), binary('gt64s', x, i64(high)))
      return check(outside, choose(outside, i64(0), binary('sub64', x, i64(low))))
    })
  }
  const isPlace = (e: Expression): boolean =>
    e.kind === 'shared' || e.kind === 'local' || ((e.kind === 'field' || e.kind === 'index') && isPlace(e.of))
  const withFacts = (scope: Scope, facts: readonly string[]): Scope =>
    facts.length === 0
      ? scope
      : {
          ...scope,
          state: { words: scope.state.words, covers: scope.state.covers, facts: [...scope.state.facts, ...facts] },
        }
  const knows = (scope: Scope, fact: string): boolean => scope.state.facts.includes(fact)

  const learn = (condition: Expression, outcome: boolean): readonly string[] => {
    switch (condition.kind) {
      case 'isSome':
        return outcome ? [`some ${key(condition.of)}`] : []
      case 'isCase':
        return [`${outcome ? '' : 'not '}${condition.tag} ${key(condition.of)}`]
      case 'not':
        return learn(condition.of, !outcome)
      case 'binary':
        if (condition.operator !== (outcome ? 'and' : 'or')) return []
        return [...learn(condition.left, outcome), ...learn(condition.right, outcome)]
      default:
        return []
    }
  }
  const knowsCase = (scope: Scope, of: Expression, type: Type, tag: string): boolean => {
    if (type.kind !== 'union') return false
    const k = key(of)
    return (
      knows(scope, `${tag} ${k}`) || Object.keys(type.cases).every((t) => t === tag || knows(scope, `not ${t} ${k}`))
    )
  }

  const value = (e: Expression, scope: Scope): Value => {
    const go = (x: Expression): Value => value(x, scope)
    /** Of an expression that is no integer. */
    const whole = (x: Expression): Coded => typed(go(x))
    if (isPlace(e)) return placed(place(e, scope), scope.state)
    switch (e.kind) {
      case 'literal':
        switch (e.type.kind) {
          case 'bool':
            return truthful(e.value === true ? yes : no)
          case 'int':
            return numeric(i64(Number(e.value)), Number(e.value), Number(e.value))
          case 'enum':
            return coded(e.type, i64(e.type.members.indexOf(String(e.value))))
          case 'id':
            return coded(e.type, i64(Number(e.value)))
          default:
            return internal(`a literal ${e.type.kind}`)
        }
      case 'zero':
        return e.type.kind === 'bool' ? truthful(no) : zero(e.type)
      case 'all':
        return e.type.kind === 'set' ? coded(e.type, mask(countOf(e.type.of, sizes))) : internal('all of no set')
      case 'some': {
        if (e.type.kind !== 'optional') return internal('some of no optional')
        const of = fit(go(e.of), e.type.of)
        return ordinalCount(e.type, sizes) !== undefined
          ? coded(e.type, binary('add64', codeOf(of), i64(1)))
          : compose(e.type, { present: truthful(yes), value: of })
      }
      case 'record':
        return compose(e.type, Object.fromEntries(Object.entries(e.fields).map(([k, x]) => [k, go(x)])))
      case 'case':
        return compose(e.type, {
          tag: numeric(i64(tagNumber(e.type, e.tag)), 0, tagNumber(e.type, e.tag)),
          ...Object.fromEntries(Object.entries(e.fields).map(([k, x]) => [`${e.tag}.${k}`, go(x)])),
        })
      case 'fill': {
        const of = go(e.of)
        if (e.type.kind !== 'array') return internal('fill of no array')
        const cells = partsOf(e.type, sizes)
        // without a cell the value is still evaluated
        return cells.length === 0
          ? behind(force(of), blank(e.type))
          : compose(e.type, Object.fromEntries(cells.map((p) => [p.key, of])))
      }
      case 'self': {
        const instance = scope.instance === undefined ? undefined : model.instances[scope.instance]
        const sort = model.threads[instance?.thread ?? -1]?.per ?? internal('self outside a thread of a sort')
        return coded({ kind: 'id', sort }, i64(instance?.self ?? 0))
      }
      case 'current':
        return coded({ kind: 'id', sort: 'Thread' }, i64(scope.instance ?? internal('current outside a thread')))
      case 'bound':
        return scope.bound.get(e.id) ?? internal('an unbound variable')
      case 'constant':
        return internal(`the constant ${e.name} in a configured model`)
      case 'field':
        return partOf(whole(e.of), e.name)
      case 'index': {
        const of = whole(e.of)
        if (of.type.kind === 'array' && countOf(of.type.index, sizes) === 0) return guarded(yes, blank(of.type.of))
        const i = states.keep(indexCode(e.index, of.type, scope))
        const c = constant(i)
        if (c !== undefined) return partOf(of, String(c))
        if (of.form === 'place') return placed(states.cell(of.at, i), of.state)
        const cells = partsOf(of.type, sizes).map((p) => partOf(of, p.key))
        const last = cells.at(-1) ?? internal('an index of an empty array')
        return behind(
          after(i, force(of)),
          cells
            .slice(0, -1)
            .reduceRight<Value>((otherwise, cell, n) => select(binary('eq64', i, i64(n)), cell, otherwise), last),
        )
      }
      case 'isSome':
        return truthful(knows(scope, `some ${key(e.of)}`) ? yes : isSome(whole(e.of)))
      case 'value':
        return once(whole(e.of), (of) => guarded(knows(scope, `some ${key(e.of)}`) ? no : not(isSome(of)), content(of)))
      case 'isCase': {
        const of = whole(e.of)
        return truthful(binary('eq64', tagOf(of), i64(tagNumber(of.type, e.tag))))
      }
      case 'payload':
        return once(whole(e.of), (of) => {
          const bad = knowsCase(scope, e.of, of.type, e.tag)
            ? no
            : not(binary('eq64', tagOf(of), i64(tagNumber(of.type, e.tag))))
          return guarded(bad, partOf(of, `${e.tag}.${e.name}`))
        })
      case 'not':
        return truthful(not(truthOf(go(e.of))))
      case 'binary':
        return operation(e, scope)
      case 'conditional': {
        const condition = truthOf(go(e.condition))
        return select(
          condition,
          value(e.then, withFacts(scope, learn(e.condition, true))),
          value(e.otherwise, withFacts(scope, learn(e.condition, false))),
        )
      }
      case 'size': {
        const of = whole(e.of)
        if (of.type.kind === 'set') return numeric(unary('popcnt64', codeOf(of)), 0, elementCount(of.type, sizes))
        return of.type.kind === 'queue'
          ? numeric(queueLength(of), 0, number(of.type.capacity))
          : internal('the size of neither set nor queue')
      }
      case 'head':
        return once(whole(e.of), (of) => {
          if (of.type.kind !== 'queue') return internal('the head of no queue')
          return number(of.type.capacity) === 0
            ? guarded(yes, blank(of.type.of))
            : guarded(binary('eq64', queueLength(of), i64(0)), partOf(of, '0'))
        })
      case 'quantified':
        return quantify(
          e.quantifier,
          codesOf(e.over, sizes).map((c) =>
            truthOf(value(e.body, { ...scope, bound: new Map(scope.bound).set(e.bound, coded(e.over, i64(c))) })),
          ),
        )
      case 'elements': {
        const of = whole(e.of)
        const length = states.keep(queueLength(of))
        return quantify(
          e.quantifier,
          queueCells(of).map((cell, i) => {
            const there = binary('gt64s', length, i64(i))
            const body = truthOf(value(e.body, { ...scope, bound: new Map(scope.bound).set(e.bound, cell) }))
            return e.quantifier === 'every' ? or(not(there), body) : and(there, body)
          }),
        )
      }
      case 'before':
        return value(e.of, { ...scope, state: scope.before ?? internal('before outside a transition property') })
      case 'shared':
      case 'local':
        return internal('a place that is none')
    }
  }
  const quantify = (quantifier: 'every' | 'some' | 'count', tests: readonly W[]): Value => {
    switch (quantifier) {
      case 'every':
        return truthful(tests.reduceRight((rest, t) => and(t, rest), yes))
      case 'some':
        return truthful(tests.reduceRight((rest, t) => or(t, rest), no))
      case 'count':
        return numeric(
          tests.reduce<W>((sum, t) => binary('add64', sum, unary('extend', t)), i64(0)),
          0,
          tests.length,
        )
    }
  }
  const operation = (e: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value => {
    const left = (): Value => value(e.left, scope)
    const right = (): Value => value(e.right, scope)
    switch (e.operator) {
      case 'and':
        return truthful(and(truthOf(left()), truthOf(value(e.right, withFacts(scope, learn(e.left, true))))))
      case 'or':
        return truthful(or(truthOf(left()), truthOf(value(e.right, withFacts(scope, learn(e.left, false))))))
      case '==':
        return truthful(equal(left(), right()))
      case '!=':
        return truthful(not(equal(left(), right())))
      case 'has': {
        const of = typed(left())
        if (of.type.kind === 'set') {
          const x = element(right(), of.type.of)
          return truthful(after(codeOf(of), and(x.inside, bit(codeOf(of), x.code))))
        }
        const x = right()
        const kept = x.form !== 'number' && small(x.type) ? coded(x.type, states.keep(codeOf(x))) : x
        const length = states.keep(queueLength(of))
        const found = quantify(
          'some',
          queueCells(of).map((cell, i) => and(binary('gt64s', length, i64(i)), equal(cell, kept))),
        )
        return behind(after(length, force(x)), found)
      }
      default: {
        const a = numberOf(left()),
          b = numberOf(right())
        switch (e.operator) {
          case '<':
            return truthful(binary('lt64s', a.number, b.number))
          case '<=':
            return truthful(binary('le64s', a.number, b.number))
          case '>':
            return truthful(binary('gt64s', a.number, b.number))
          case '>=':
            return truthful(binary('ge64s', a.number, b.number))
          case '+':
            return numeric(binary('add64', a.number, b.number), a.low + b.low, a.high + b.high)
          case '-':
            return numeric(binary('sub64', a.number, b.number), a.low - b.high, a.high - b.low)
          case '%': {
            const by = constant(b.number) ?? internal('a modulus that is no constant')
            const { low, high } = rangeOfRest(a, Number(by))
            const rest = binary('rem64s', a.number, b.number)
            // WebAssembly's rest has the sign of the number.
            return numeric(
              a.low >= 0
                ? rest
                : states.share(rest, (r) => choose(binary('lt64s', r, i64(0)), binary('add64', r, b.number), r)),
              low,
              high,
            )
          }
          case '&':
          case '|':
          case '&~': {
            const { low, high } = rangeOfBits(e.operator, a, b)
            if (e.operator === '|') return numeric(binary('or64', a.number, b.number), low, high)
            return numeric(
              binary('and64', a.number, e.operator === '&' ? b.number : binary('xor64', b.number, i64(-1))),
              low,
              high,
            )
          }
        }
      }
    }
  }
  const element = (v: Value, type: Type): { readonly inside: W; readonly code: W } => {
    if (type.kind !== 'int') return { inside: yes, code: codeOf(typed(v)) }
    const n = numberOf(v),
      low = number(type.low),
      high = number(type.high)
    const kept = states.keep(n.number)
    const code = binary('sub64', kept, i64(low))
    return n.low >= low && n.high <= high
      ? { inside: yes, code }
      : { inside: and(binary('ge64s', kept, i64(low)), binary('le64s', kept, i64(high))), code }
  }
  return {
    value,
    truth: (e, scope) => truthOf(value(e, scope)),
    code: codeOf,
    fit,
    place: (e, scope) => place(e, scope, true),
    learn,
    partOf: (v, k) => fitted(partOf(v, k)),
    equal,
    element,
  }
}
