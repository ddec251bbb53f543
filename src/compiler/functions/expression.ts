/** Expressions and places of the language as code over the packed state, and locations in it. */
import type { Expression, Type } from '../../language/ast.ts'
import {
  after,
  both32,
  binaryOp,
  failIf,
  choose,
  constantIn,
  i64,
  false32,
  not32,
  either32,
  unary,
  true32,
  type W,
} from '../../wasm/expression.ts'
import { codesOf, valueCount, elementCount, internal, number, ordinalCount, partsOf } from '../encoding.ts'
import {
  behind,
  blankOf,
  emitCode,
  content,
  force,
  guarded,
  isSome,
  numberOf,
  once,
  partOf,
  queueCells,
  queueLength,
  select,
  tagNumber,
  tagOf,
  truthOf,
  zeroOf,
} from './coded.ts'
import { factsFrom } from '../facts.ts'
import { knowsCase, knowsValue } from './facts.ts'
import { compose, fitTo } from './fit.ts'
import { empty } from '../packing.ts'
import { cellAt, locate, partAt, type Location } from './location.ts'
import { operation, quantify } from './operation.ts'
import { bind, type EmitScope } from './scope.ts'
import { coded, numeric, placed, truthful, typed, type Coded, type CompiledValue } from './value.ts'
import { keep, ones, share, type Writing } from './writing.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

/** The truth of a condition. */
export const emitCondition = (w: Writing, e: Expression, scope: EmitScope): W => truthOf(w, emitExpression(w, e, scope))

/** The scope where a condition has turned out so. */
function knowing(scope: EmitScope, condition: Expression, outcome: boolean): EmitScope {
  const facts = factsFrom(condition, outcome)
  const { words, covers, facts: known } = scope.state
  return facts.length === 0 ? scope : { ...scope, state: { words, covers, facts: [...known, ...facts] } }
}

export function emitExpression(w: Writing, e: Expression, scope: EmitScope): CompiledValue {
  if (isPlace(e)) return placed(place(w, e, scope), scope.state)
  switch (e.kind) {
    case 'literal':
      return literal(e)
    case 'zero':
    case 'all':
    case 'some':
    case 'record':
    case 'case':
    case 'fill':
      return made(w, e, scope)
    case 'self':
    case 'current':
      return ownId(e, scope)
    case 'bound':
      return scope.bound.get(e.id) ?? internal('an unbound variable')
    case 'field':
      return partOf(w, composite(w, e.of, scope), e.name)
    case 'index':
      return cell(w, e, scope)
    case 'isSome':
    case 'value':
    case 'isCase':
    case 'payload':
      return tested(w, e, scope)
    case 'not':
      return truthful(not32(emitCondition(w, e.of, scope)))
    case 'binary':
      return operation(
        w,
        e.operator,
        () => emitExpression(w, e.left, scope),
        () => emitExpression(w, e.right, afterLeft(e, scope)),
      )
    case 'conditional':
      return conditional(w, e, scope)
    case 'size':
      return sizeOf(w, composite(w, e.of, scope))
    case 'head':
      return once(w, composite(w, e.of, scope), (of) => head(w, of))
    case 'quantified':
      return quantify(
        e.quantifier,
        codesOf(e.over, w.sizes).map((c) => emitCondition(w, e.body, bind(scope, e.bound, coded(e.over, i64(c))))),
      )
    case 'elements':
      return ofElements(w, e, scope)
    case 'before':
      return emitExpression(w, e.of, {
        ...scope,
        state: scope.before ?? internal('before outside a transition property'),
      })
    case 'constant':
      return internal(`the constant ${e.name} in a configured model`)
    case 'shared':
    case 'local':
      return internal('an expression that is not a place')
  }
}

function conditional(w: Writing, e: Of<'conditional'>, scope: EmitScope): CompiledValue {
  const condition = emitCondition(w, e.condition, scope)
  const then = emitExpression(w, e.then, knowing(scope, e.condition, true))
  return select(w, condition, then, emitExpression(w, e.otherwise, knowing(scope, e.condition, false)))
}

/** The scope in which the right side is evaluated: that of `and` and `or` only if the left does not decide. */
function afterLeft({ operator, left }: Of<'binary'>, scope: EmitScope): EmitScope {
  return operator === 'and' || operator === 'or' ? knowing(scope, left, operator === 'and') : scope
}

/** The value of an expression that is not an integer. */
const composite = (w: Writing, e: Expression, scope: EmitScope): Coded => typed(emitExpression(w, e, scope))

function literal({ type, value }: Of<'literal'>): CompiledValue {
  switch (type.kind) {
    case 'bool':
      return truthful(value === true ? true32 : false32)
    case 'int':
      return numeric(i64(Number(value)), Number(value), Number(value))
    case 'enum':
      return coded(type, i64(type.members.indexOf(String(value))))
    case 'id':
      return coded(type, i64(Number(value)))
    default:
      return internal(`a literal ${type.kind}`)
  }
}

/** The thread itself, or the element of its sort that it runs for. */
function ownId(e: Of<'self' | 'current'>, { instance }: EmitScope): CompiledValue {
  if (instance === undefined) return internal(`${e.kind} outside a thread`)
  if (e.kind === 'current') return coded({ kind: 'id', sort: 'Thread' }, i64(instance.number))
  const sort = instance.thread.source.per ?? internal('self outside a thread of a sort')
  return coded({ kind: 'id', sort }, i64(instance.self ?? 0))
}

/** A value made of others, or of nothing. */
function made(
  w: Writing,
  e: Of<'zero' | 'all' | 'some' | 'record' | 'case' | 'fill'>,
  scope: EmitScope,
): CompiledValue {
  const values = (fields: Readonly<Record<string, Expression>>, prefix = ''): Readonly<Record<string, CompiledValue>> =>
    Object.fromEntries(Object.entries(fields).map(([key, x]) => [prefix + key, emitExpression(w, x, scope)]))
  switch (e.kind) {
    case 'zero':
      return e.type.kind === 'bool' ? truthful(false32) : zeroOf(w, e.type)
    case 'all':
      return e.type.kind === 'set' ? coded(e.type, ones(valueCount(e.type.of, w.sizes))) : internal('all of no set')
    case 'some': {
      if (e.type.kind !== 'optional') return internal('some of no optional')
      const of = fitTo(w, emitExpression(w, e.of, scope), e.type.of)
      return ordinalCount(e.type, w.sizes) !== undefined
        ? coded(e.type, binaryOp('add64', emitCode(w, of), i64(1)))
        : compose(w, e.type, { present: truthful(true32), value: of })
    }
    case 'record':
      return compose(w, e.type, values(e.fields))
    case 'case': {
      const tag = tagNumber(e.type, e.tag)
      return compose(w, e.type, { tag: numeric(i64(tag), 0, tag), ...values(e.fields, `${e.tag}.`) })
    }
    case 'fill': {
      const of = emitExpression(w, e.of, scope)
      if (e.type.kind !== 'array') return internal('fill of no array')
      const cells = partsOf(e.type, w.sizes)
      // without a cell the value is still evaluated
      return cells.length === 0
        ? behind(w, force(w, of), blankOf(w, e.type))
        : compose(w, e.type, Object.fromEntries(cells.map((p) => [p.key, of])))
    }
  }
}

/** A cell of an array that stands at no place, or at one that an index of `isPlace` does not say. */
function cell(w: Writing, e: Of<'index'>, scope: EmitScope): CompiledValue {
  const of = composite(w, e.of, scope)
  if (of.type.kind === 'array' && valueCount(of.type.index, w.sizes) === 0)
    return guarded(w, true32, blankOf(w, of.type.of))
  const i = keep(w, indexCode(w, e.index, of.type, scope))
  const known = constantIn(i)
  if (known !== undefined) return partOf(w, of, String(known))
  if (of.form === 'place') return placed(cellAt(w, of.at, i), of.state)
  const cells = partsOf(of.type, w.sizes).map((p) => partOf(w, of, p.key))
  const last = cells.at(-1) ?? internal('an index of an empty array')
  return behind(
    w,
    after(i, force(w, of)),
    cells
      .slice(0, -1)
      .reduceRight<CompiledValue>((otherwise, one, n) => select(w, binaryOp('eq64', i, i64(n)), one, otherwise), last),
  )
}

/**
 * Tests of optionals and unions, and the content behind a test: reading it fails where the test would, unless the test
 * is known.
 */
function tested(w: Writing, e: Of<'isSome' | 'value' | 'isCase' | 'payload'>, scope: EmitScope): CompiledValue {
  switch (e.kind) {
    case 'isSome':
      return truthful(knowsValue(scope.state, e.of) ? true32 : isSome(w, composite(w, e.of, scope)))
    case 'value':
      return once(w, composite(w, e.of, scope), (of) =>
        guarded(w, knowsValue(scope.state, e.of) ? false32 : not32(isSome(w, of)), content(w, of)),
      )
    case 'isCase': {
      const of = composite(w, e.of, scope)
      return truthful(binaryOp('eq64', tagOf(w, of), i64(tagNumber(of.type, e.tag))))
    }
    case 'payload':
      return once(w, composite(w, e.of, scope), (of) => {
        const bad = knowsCase(scope.state, e.of, of.type, e.tag)
          ? false32
          : not32(binaryOp('eq64', tagOf(w, of), i64(tagNumber(of.type, e.tag))))
        return guarded(w, bad, partOf(w, of, `${e.tag}.${e.name}`))
      })
  }
}

function sizeOf(w: Writing, of: Coded): CompiledValue {
  if (of.type.kind === 'set') return numeric(unary('popcnt64', emitCode(w, of)), 0, elementCount(of.type, w.sizes))
  return of.type.kind === 'queue'
    ? numeric(queueLength(w, of), 0, number(of.type.capacity))
    : internal('the size of neither set nor queue')
}

function head(w: Writing, of: Coded): Coded {
  if (of.type.kind !== 'queue') return internal('the head of no queue')
  return number(of.type.capacity) === 0
    ? guarded(w, true32, blankOf(w, of.type.of))
    : guarded(w, binaryOp('eq64', queueLength(w, of), i64(0)), partOf(w, of, '0'))
}

function ofElements(w: Writing, e: Of<'elements'>, scope: EmitScope): CompiledValue {
  const of = composite(w, e.of, scope)
  const length = keep(w, queueLength(w, of))
  return quantify(
    e.quantifier,
    queueCells(w, of).map((one, i) => {
      const there = binaryOp('gt64s', length, i64(i))
      const body = emitCondition(w, e.body, bind(scope, e.bound, one))
      return e.quantifier === 'every' ? either32(not32(there), body) : both32(there, body)
    }),
  )
}

const isPlace = (e: Expression): boolean =>
  e.kind === 'shared' || e.kind === 'local' || ((e.kind === 'field' || e.kind === 'index') && isPlace(e.of))

/** A place to write to: its indices are evaluated whatever happens. */
export const emitTarget = (w: Writing, e: Expression, scope: EmitScope): Location => place(w, e, scope, true)

/** @param now whether the indices are evaluated here, whatever happens */
function place(w: Writing, e: Expression, scope: EmitScope, now = false): Location {
  switch (e.kind) {
    case 'shared':
      return locate(w.layout.shared.get(e.name) ?? internal(`no variable ${e.name}`))
    case 'local':
      return locate(scope.instance?.locals.get(e.id) ?? internal(`no local ${e.id}`))
    case 'field':
      return partAt(w, place(w, e.of, scope, now), e.name)
    case 'index': {
      const at = place(w, e.of, scope, now)
      if (at.type.kind === 'array' && valueCount(at.type.index, w.sizes) === 0) return nowhere(w, at.type.of, now)
      const index = indexCode(w, e.index, at.type, scope)
      return cellAt(w, at, keep(w, index, now && index.partial))
    }
    default:
      return internal(`a ${e.kind} is not a place`)
  }
}

/** A cell of an array without cells: a place without bits, on which every access fails. */
const nowhere = (w: Writing, type: Type, now: boolean): Location => ({
  kind: 'bits',
  type,
  word: 0,
  shift: keep(w, failIf(true32, i64(0)), now),
  packing: empty(type, w.sizes),
})

/** The number of the cell; an index outside raises the flag. */
function indexCode(w: Writing, index: Expression, array: Type, scope: EmitScope): W {
  if (array.kind !== 'array') return internal('an index of no array')
  const v = emitExpression(w, index, scope)
  if (array.index.kind !== 'int') return emitCode(w, typed(v))
  const low = number(array.index.low),
    high = number(array.index.high)
  const n = numberOf(w, v)
  const code = binaryOp('sub64', n.number, i64(low))
  if (n.low >= low && n.high <= high) return code
  return share(w, n.number, (x) => {
    const outside = either32(binaryOp('lt64s', x, i64(low)), binaryOp('gt64s', x, i64(high)))
    return failIf(outside, choose(outside, i64(0), binaryOp('sub64', x, i64(low))))
  })
}
