/** Expressions by kind: each with the subject of the model as its value, or as what it looks at. */
import type { BinaryOperator, Expression, Type } from '../../../src/language/ast.ts'
import {
  at,
  binary,
  bool,
  bound,
  current,
  field,
  int,
  literal,
  not,
  num,
  queueOf,
  self,
  some,
  zero,
  assign,
} from '../../support/ast.ts'
import { chance, pick } from '../draw.ts'
import { count } from '../types.ts'
import {
  arrayWith,
  declare,
  declareLocal,
  first,
  indexOf,
  open,
  optionalOf,
  queueWith,
  recordWith,
  same,
  second,
  source,
  unionWith,
  value,
  variableOf,
} from './bench.ts'
import type { Bench, Made, Standing } from './bench.ts'
import { isListable, isScalar } from './classes.ts'
import type { Class } from './classes.ts'

export interface Kind {
  readonly name: string
  /** Why there is none of a class of types. */
  readonly not?: (kind: Class) => string | undefined
  /** Whether its value is of the subject's type. */
  readonly whole: boolean
  /** What must be there. */
  readonly needs: 'nothing' | 'variables' | 'locals' | 'a thread' | 'a thread of a sort' | 'a transition'
  make(bench: Bench, standing: Standing): Made
}

const only =
  (classes: readonly Class[], reason: string) =>
  (kind: Class): string | undefined =>
    classes.includes(kind) ? undefined : reason
const scalars: readonly Class[] = ['bool', 'int', 'shifted int', 'negative int', 'enum', 'id', 'thread']
const numbers: readonly Class[] = ['int', 'shifted int', 'negative int']
const collections: readonly Class[] = ['set', 'queue']

/** The parts of a new composite: numbers in them are brought into the range of the part. */
function parts(bench: Bench, standing: Standing, types: Readonly<Record<string, Type>>): Record<string, Expression> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, part(bench, standing, type)]))
}
function part(bench: Bench, standing: Standing, type: Type): Expression {
  if (type.kind === 'int' && type.overflow !== 'error' && chance(bench.draw, 50))
    return num(Number(type.high) + 1 + bench.draw(3) - 5 * bench.draw(2))
  return source(bench, standing, type)
}

function make(bench: Bench, standing: Standing, type: Type): Expression {
  switch (type.kind) {
    case 'record':
      return { kind: 'record', fields: parts(bench, standing, type.fields), type }
    case 'union': {
      const [tag, fields] = pick(bench.draw, Object.entries(type.cases))
      return { kind: 'case', tag, fields: parts(bench, standing, fields), type }
    }
    case 'array':
      return { kind: 'fill', of: part(bench, standing, type.of), type }
    case 'optional':
      return some(part(bench, standing, type.of), type)
    default:
      throw new TypeError(`no ${type.kind} is made of others`)
  }
}

/**
 * A queue, an optional or a union that is there and holds something, and what it holds is taken: behind a test, in
 * the expression or before the statement.
 */
function held(
  bench: Bench,
  standing: Standing,
  of: Expression,
  test: Expression,
  take: (of: Expression) => Expression,
  type: Type,
): Made {
  const expression = take(of)
  if (standing !== 'in an initial value' && chance(bench.draw, 50)) return { expression, type, guard: test }
  return {
    expression: { kind: 'conditional', condition: test, then: expression, otherwise: source(bench, standing, type) },
    type,
  }
}
const isThere = (of: Expression): Expression => ({ kind: 'isSome', of })
const isFirst = (of: Expression): Expression => binary({ kind: 'size', of }, '>', num(0))

function optionalWith(bench: Bench, type: Type, empty: boolean): Made {
  const whole = optionalOf(type)
  const name = `${empty ? 'never' : 'perhaps'}${bench.fresh()}`
  const boxed = type.kind === 'optional' && whole.kind === 'optional'
  const content = boxed
    ? ({ kind: 'record', fields: { v: value(bench, type) }, type: whole.of } as const)
    : value(bench, type)
  return declare(bench, name, whole, ...(empty ? [] : [some(content, whole), zero(whole)]))
}
const contentOf =
  (type: Type) =>
  (of: Expression): Expression =>
    type.kind === 'optional' ? field({ kind: 'value', of }, 'v') : { kind: 'value', of }

const isEmptySort = (type: Type, bench: Bench): boolean => type.kind === 'id' && count(bench.sizes, type) === 0

/** A part of the subject. */
function inside(bench: Bench, standing: Standing): Made {
  const { subject } = bench
  const of = source(bench, standing, subject)
  switch (subject.kind) {
    case 'record': {
      const [name, type] = pick(bench.draw, Object.entries(subject.fields))
      return { expression: field(of, name), type }
    }
    case 'array': {
      const empty = count(bench.sizes, subject.index) === 0
      // no index is inside: the statement is never reached
      if (empty)
        return {
          expression: at(of, zero(subject.index)),
          type: subject.of,
          guard: declare(bench, 'shut', bool).expression,
        }
      return { expression: at(of, indexOf(bench, subject.index, chance(bench.draw, 60))), type: subject.of }
    }
    case 'optional': {
      if (isEmptySort(subject.of, bench)) return truth(same(of, some(zero(subject.of), subject)))
      return held(bench, standing, of, isThere(of), (e) => ({ kind: 'value', of: e }), subject.of)
    }
    case 'union': {
      const [tag, fields] = Object.entries(subject.cases).find(([, all]) => Object.keys(all).length > 0) ?? ['', {}]
      const field0 = Object.entries(fields)
      if (field0.length === 0)
        return { expression: { kind: 'isCase', of, tag: pick(bench.draw, Object.keys(subject.cases)) }, type: bool }
      const [name, type] = pick(bench.draw, field0)
      return held(
        bench,
        standing,
        of,
        { kind: 'isCase', of, tag },
        (e) => ({ kind: 'payload', of: e, tag, name }),
        type,
      )
    }
    case 'queue': {
      if (isEmptySort(subject.of, bench))
        return truth(same({ kind: 'head', of }, zero(subject.of)), { guard: isFirst(of) })
      return held(bench, standing, of, isFirst(of), (e) => ({ kind: 'head', of: e }), subject.of)
    }
    default:
      throw new TypeError(`a ${subject.kind} has no parts`)
  }
}

const truth = (expression: Expression, more: Partial<Made> = {}): Made => ({ ...more, expression, type: bool })
const whole = (bench: Bench, expression: Expression, more: Partial<Made> = {}): Made => ({
  ...more,
  expression,
  type: bench.subject,
})

/** A test of what a quantifier or a queue runs over. */
const tested = (bench: Bench, standing: Standing, type: Type, id: number): Expression =>
  type.kind === 'bool'
    ? bound(id)
    : binary(
        bound(id),
        type.kind === 'int'
          ? pick<BinaryOperator>(bench.draw, ['==', '<', '>='])
          : pick<BinaryOperator>(bench.draw, ['==', '!=']),
        source(bench, standing, type),
      )

/** The subject in a queue that is run through. */
const queued = (bench: Bench): Made => declare(bench, 'lined', queueOf(bench.subject, 2))

function quantified(bench: Bench, standing: Standing, quantifier: 'every' | 'some' | 'count'): Expression {
  const { subject } = bench
  const id = bench.fresh()
  if (subject.kind === 'queue') {
    return {
      kind: 'elements',
      quantifier,
      bound: id,
      of: source(bench, standing, subject),
      body: tested(bench, standing, subject.of, id),
    }
  }
  return {
    kind: 'quantified',
    quantifier,
    bound: id,
    name: `q${id}`,
    over: subject,
    body: tested(bench, standing, subject, id),
  }
}

export const kinds: readonly Kind[] = [
  {
    name: 'literal',
    whole: true,
    needs: 'nothing',
    not: only(scalars, 'only bools, numbers, members and ids are written as literals'),
    make: (bench) => {
      const { subject } = bench
      if (subject.kind === 'int')
        return whole(bench, num(Number(subject.low) + bench.draw(count(bench.sizes, subject))))
      if (subject.kind === 'bool') return whole(bench, literal(chance(bench.draw, 50), subject))
      return whole(
        bench,
        subject.kind === 'enum'
          ? literal(pick(bench.draw, subject.members), subject)
          : literal(bench.draw(count(bench.sizes, subject)), subject),
      )
    },
  },
  { name: 'zero', whole: true, needs: 'nothing', make: (bench) => whole(bench, zero(bench.subject)) },
  {
    name: 'all',
    whole: true,
    needs: 'nothing',
    not: only(['set'], 'only of a set there are all values'),
    make: (bench) => whole(bench, { kind: 'all', type: bench.subject }),
  },
  {
    name: 'new value',
    whole: true,
    needs: 'nothing',
    not: only(['record', 'union', 'array', 'optional', 'wide optional'], 'it is not made of other values'),
    make: (bench, standing) => whole(bench, make(bench, standing, bench.subject)),
  },
  { name: 'shared', whole: true, needs: 'variables', make: (bench) => first(bench) },
  {
    name: 'local',
    whole: true,
    needs: 'locals',
    make: (bench, standing) => {
      const to = declareLocal(bench, standing, bench.subject)
      return { ...to, first: [assign(to.expression, variableOf(bench, bench.subject).expression)] }
    },
  },
  {
    name: 'self',
    whole: true,
    needs: 'a thread of a sort',
    not: only(['id'], 'a thread runs for an element of a sort'),
    make: (bench) => whole(bench, self),
  },
  {
    name: 'current',
    whole: true,
    needs: 'a thread',
    not: only(['thread'], 'what runs is a thread'),
    make: (bench) => whole(bench, current),
  },
  {
    name: 'bound',
    whole: false,
    needs: 'variables',
    make: (bench, standing) => {
      const { subject } = bench
      const id = bench.fresh()
      if (isListable(subject, bench.sizes) && chance(bench.draw, 60)) {
        return truth({
          kind: 'quantified',
          quantifier: pick(bench.draw, ['every', 'some']),
          bound: id,
          name: `q${id}`,
          over: subject,
          body: tested(bench, standing, subject, id),
        })
      }
      return truth({
        kind: 'elements',
        quantifier: pick(bench.draw, ['every', 'some']),
        bound: id,
        of: queued(bench).expression,
        body: tested(bench, standing, subject, id),
      })
    },
  },
  {
    name: 'field',
    whole: true,
    needs: 'variables',
    make: (bench) => whole(bench, field(variableOf(bench, recordWith(bench.draw, bench.subject)).expression, 'v')),
  },
  {
    name: 'index',
    whole: true,
    needs: 'variables',
    make: (bench) => {
      const type = arrayWith(bench.draw, bench.subject)
      return whole(bench, at(variableOf(bench, type).expression, indexOf(bench, type.index, false)))
    },
  },
  {
    name: 'computed index',
    whole: true,
    needs: 'variables',
    make: (bench) => {
      const type = arrayWith(bench.draw, bench.subject)
      return whole(bench, at(variableOf(bench, type).expression, indexOf(bench, type.index, true)))
    },
  },
  {
    name: 'index of a value',
    whole: true,
    needs: 'variables',
    make: (bench, standing) => {
      const type = arrayWith(bench.draw, bench.subject)
      const of: Expression = {
        kind: 'conditional',
        condition: open(bench),
        then: variableOf(bench, type).expression,
        otherwise: make(bench, standing, type),
      }
      return whole(bench, at(of, indexOf(bench, type.index, chance(bench.draw, 70))))
    },
  },
  {
    name: 'value',
    whole: true,
    needs: 'variables',
    make: (bench, standing) => {
      const of = optionalWith(bench, bench.subject, false).expression
      return held(bench, standing, of, isThere(of), contentOf(bench.subject), bench.subject)
    },
  },
  {
    name: 'payload',
    whole: true,
    needs: 'variables',
    make: (bench, standing) => {
      const type = unionWith(bench.draw, bench.subject)
      const full: Expression = {
        kind: 'case',
        tag: 'some',
        fields: parts(bench, 'in an initial value', type.cases['some'] ?? {}),
        type,
      }
      const of = declare(bench, `u${bench.fresh()}`, type, full, zero(type)).expression
      return held(
        bench,
        standing,
        of,
        { kind: 'isCase', of, tag: 'some' },
        (e) => ({ kind: 'payload', of: e, tag: 'some', name: 'v' }),
        bench.subject,
      )
    },
  },
  {
    name: 'head',
    whole: true,
    needs: 'variables',
    make: (bench, standing) => {
      const of = declare(bench, `line${bench.fresh()}`, queueWith(bench.draw, bench.subject))
      bench.body.push({
        kind: 'push',
        target: of.expression,
        value: variableOf(bench, bench.subject).expression,
        path: '',
        at: 'test',
      })
      return held(
        bench,
        standing,
        of.expression,
        isFirst(of.expression),
        (e) => ({ kind: 'head', of: e }),
        bench.subject,
      )
    },
  },
  {
    name: 'what is never set',
    whole: true,
    needs: 'variables',
    make: (bench) => {
      if (chance(bench.draw, 50)) {
        const of = optionalWith(bench, bench.subject, true).expression
        return whole(bench, contentOf(bench.subject)(of), { guard: isThere(of) })
      }
      const of = declare(bench, `empty${bench.fresh()}`, queueOf(bench.subject, bench.draw(2))).expression
      return whole(bench, { kind: 'head', of }, { guard: isFirst(of) })
    },
  },
  {
    name: 'conditional',
    whole: true,
    needs: 'nothing',
    make: (bench, standing) => {
      const condition =
        standing === 'in an initial value'
          ? pick(bench.draw, [not(literal(false, bool)), literal(false, bool)])
          : open(bench)
      const side = (): Expression => {
        if (bench.subject.kind === 'int' && chance(bench.draw, 40))
          return num(Number(bench.subject.low) + bench.draw(count(bench.sizes, bench.subject)))
        return standing === 'in an initial value'
          ? value(bench, bench.subject)
          : pick(bench.draw, [
              () => first(bench).expression,
              () => second(bench).expression,
              () => value(bench, bench.subject),
            ])()
      }
      return whole(bench, { kind: 'conditional', condition, then: side(), otherwise: side() })
    },
  },
  {
    name: 'before',
    whole: true,
    needs: 'a transition',
    make: (bench, standing) => whole(bench, { kind: 'before', of: source(bench, standing, bench.subject) }),
  },
  {
    name: 'equal',
    whole: false,
    needs: 'nothing',
    make: (bench, standing) =>
      truth(
        binary(
          source(bench, standing, bench.subject),
          pick(bench.draw, ['==', '!=']),
          source(bench, standing, bench.subject),
        ),
      ),
  },
  {
    name: 'order',
    whole: false,
    needs: 'nothing',
    not: only(numbers, 'only numbers are less or more'),
    make: (bench, standing) =>
      truth(
        binary(
          source(bench, standing, bench.subject),
          pick(bench.draw, ['<', '<=', '>', '>=']),
          source(bench, standing, bench.subject),
        ),
      ),
  },
  {
    name: 'sum',
    whole: false,
    needs: 'nothing',
    not: only(numbers, 'only numbers are added'),
    make: (bench, standing) => {
      const { subject } = bench
      const operator = pick(bench.draw, ['+', '-'] as const)
      const [low, high] = subject.kind === 'int' ? [Number(subject.low), Number(subject.high)] : [0, 0]
      const [least, most] = operator === '+' ? [low + low, high + high] : [low - high, high - low]
      return {
        expression: binary(source(bench, standing, subject), operator, source(bench, standing, subject)),
        type: int(least, most),
      }
    },
  },
  {
    name: 'rest',
    whole: false,
    needs: 'nothing',
    not: only(numbers, 'only numbers are divided'),
    make: (bench, standing) => {
      const by = 1 + bench.draw(5)
      return { expression: binary(source(bench, standing, bench.subject), '%', num(by)), type: int(0, by - 1) }
    },
  },
  {
    name: 'bits',
    whole: false,
    needs: 'nothing',
    not: only(['int', 'shifted int'], 'only numbers from 0 on have bits'),
    make: (bench, standing) => {
      const { subject } = bench
      const most = 2 ** Math.ceil(Math.log2(1 + (subject.kind === 'int' ? Number(subject.high) : 0))) - 1
      return {
        expression: binary(
          source(bench, standing, subject),
          pick(bench.draw, ['&', '|', '&~']),
          source(bench, standing, subject),
        ),
        type: int(0, most),
      }
    },
  },
  {
    name: 'not',
    whole: false,
    needs: 'nothing',
    not: only(['bool'], 'only a bool is denied'),
    make: (bench, standing) => truth(not(source(bench, standing, bench.subject))),
  },
  {
    name: 'and, or',
    whole: false,
    needs: 'nothing',
    not: only(['bool'], 'only bools are joined'),
    make: (bench, standing) =>
      truth(
        binary(
          source(bench, standing, bench.subject),
          pick(bench.draw, ['and', 'or']),
          source(bench, standing, bench.subject),
        ),
      ),
  },
  {
    name: 'is there',
    whole: false,
    needs: 'nothing',
    not: only(['optional', 'wide optional', 'union'], 'it is always there'),
    make: (bench, standing) => {
      const of = source(bench, standing, bench.subject)
      return truth(
        bench.subject.kind === 'union'
          ? { kind: 'isCase', of, tag: pick(bench.draw, Object.keys(bench.subject.cases)) }
          : { kind: 'isSome', of },
      )
    },
  },
  {
    name: 'size',
    whole: false,
    needs: 'nothing',
    not: only(collections, 'only sets and queues have a size'),
    make: (bench, standing) => {
      const { subject } = bench
      const most =
        subject.kind === 'queue'
          ? Number(subject.capacity)
          : subject.kind === 'set'
            ? Math.max(1, count(bench.sizes, subject.of))
            : 0
      return { expression: { kind: 'size', of: source(bench, standing, subject) }, type: int(0, most) }
    },
  },
  {
    name: 'has',
    whole: false,
    needs: 'nothing',
    not: only(collections, 'only sets and queues have elements'),
    make: (bench, standing) => {
      const { subject } = bench
      if (subject.kind !== 'set' && subject.kind !== 'queue') throw new TypeError('no collection')
      const element = isEmptySort(subject.of, bench)
        ? zero(subject.of)
        : subject.of.kind === 'int' && chance(bench.draw, 40)
          ? num(Number(subject.of.high) + 2 - bench.draw(4))
          : source(bench, standing, subject.of)
      return truth(binary(source(bench, standing, subject), 'has', element))
    },
  },
  {
    name: 'every, some',
    whole: false,
    needs: 'nothing',
    not: only([...scalars, 'queue'], 'its values are not run through'),
    make: (bench, standing) => truth(quantified(bench, standing, pick(bench.draw, ['every', 'some']))),
  },
  {
    name: 'count',
    whole: false,
    needs: 'nothing',
    not: only([...scalars, 'queue'], 'its values are not run through'),
    make: (bench, standing) => {
      const most = bench.subject.kind === 'queue' ? Number(bench.subject.capacity) : count(bench.sizes, bench.subject)
      return { expression: quantified(bench, standing, 'count'), type: int(0, most) }
    },
  },
  {
    name: 'part of it',
    whole: false,
    needs: 'nothing',
    not: (kind) => (isScalar(kind) || kind === 'set' ? 'it has no parts' : undefined),
    make: (bench, standing) => inside(bench, standing),
  },
]
