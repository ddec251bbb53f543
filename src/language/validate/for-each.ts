/**
 * A `forEach` inside a step does its iterations in some order that must not matter: elements of a sort are
 * interchangeable.
 *
 * The check is sufficient, not exact. Two iterations may touch the same variable if they touch different parts of it,
 * distinguished by the element, or if both orders of their changes have the same result: the same value, or sums, bits,
 * disjunctions, conjunctions, elements of a set, each by itself.
 */
import type { Bound, Expression, Model, Place, Statement, StatementOf, Type } from '../ast.ts'
import { textOf, namesOf } from '../labels.ts'
import { sameType } from '../shapes.ts'
import { scopeOf, typing } from '../typing.ts'
import { armsOf, blocksOf, contains, expressionsOf, indicesOf, parts, rootOf, visit, visitStatements } from '../walk.ts'
import { isAtomic, mistakeIn, textsOf, type ModelText } from './texts.ts'

export function checkForEach(model: Model): void {
  for (const text of textsOf(model)) checkBlock(text.body, text.inStep, text, typing(scopeOf(model, text)))
}

/** The type of an expression of the text. */
type TypeOf = (e: Expression) => Type

function checkBlock(body: readonly Statement[], inStep: boolean, text: ModelText, typeOf: TypeOf): void {
  for (const s of body) {
    if (s.kind === 'forEach' && inStep) checkOrder(s, text, typeOf)
    for (const inner of blocksOf(s)) checkBlock(inner.body, inStep || isAtomic(s), text, typeOf)
  }
}

/** A read of, or a change to, a variable by one iteration. */
interface Access {
  readonly place: Place
  readonly by: Statement
  readonly change?: Change
}
/**
 * A change. Two changes with one `operation` can be made in either order; undefined: no two can. `bounded`: a sum that
 * stays in a range.
 * `skips`: what may fail, and is not evaluated where the left side of an `and` or `or` decides.
 */
interface Change {
  readonly operation: string | undefined
  readonly bounded?: boolean
  readonly skips?: Expression
}

function checkOrder(s: StatementOf<'forEach'>, text: ModelText, typeOf: TypeOf): void {
  leavesEarly(s, text)
  const own = ownLocals(s, text)
  const accesses = accessesOf(s, own, typeOf)
  const changes = accesses.filter(({ change }) => change !== undefined)
  for (const one of changes)
    for (const other of accesses) {
      if (areApart(one.place, other.place, s.local) || commute(one, other)) continue
      const names = namesOf(text)
      const what = other.change === undefined ? 'reads' : 'changes'
      if (one.change?.bounded === true && other.change?.bounded === true) {
        throw mistakeIn(
          text,
          one.by,
          'HMM021',
          `${textOf(one.place, names)} stays in a range, and iterations add to it and take from it`,
        )
      }
      const { skips } = one.change ?? {}
      if (skips !== undefined && one.by === other.by) {
        const place = textOf(one.place, names)
        throw mistakeIn(
          text,
          one.by,
          'HMM021',
          `whether ${textOf(skips, names)} is looked at depends on ${place}, and it may be a domain error: write it before ${place}`,
        )
      }
      throw mistakeIn(
        text,
        one.by,
        'HMM021',
        `an iteration changes ${textOf(one.place, names)}, and another ${what} ${textOf(other.place, names)}`,
      )
    }
}

const commute = ({ change: a }: Access, { change: b }: Access): boolean =>
  a?.operation !== undefined && a.operation === b?.operation

/** An iteration that ends the ForEach leaves out those that come after it. */
function leavesEarly({ body }: StatementOf<'forEach'>, text: ModelText): void {
  const check = (block: readonly Statement[], inCall: boolean): void => {
    for (const s of block) {
      if (s.kind === 'goto' || s.kind === 'break' || s.kind === 'continue' || (s.kind === 'return' && !inCall)) {
        throw mistakeIn(text, s, 'HMM021', 'an iteration leaves the ForEach')
      }
      for (const inner of blocksOf(s)) check(inner.body, inCall || s.kind === 'call')
    }
  }
  check(body, false)
}

/**
 * The locals that no one but a single iteration uses: mentioned nowhere else, and on every path written before they
 * are read.
 */
function ownLocals(s: StatementOf<'forEach'>, text: ModelText): ReadonlySet<number> {
  const all = mentions(text.body)
  const own = [...mentions(s.body)]
    .filter(([id, count]) => all.get(id) === count && firstUse(s.body, id) !== 'read')
    .map(([id]) => id)
  return new Set([s.local, s.remaining, ...own])
}

/** The locals that a statement itself writes whole. */
function written(s: Statement): readonly number[] {
  switch (s.kind) {
    case 'assign':
      return s.target.kind === 'local' ? [s.target.id] : []
    case 'choose':
      return [s.local]
    case 'forEach':
      return [s.local, s.remaining]
    case 'if':
    case 'match':
      return armsOf(s).flatMap(({ binds }) => binds.map(({ local }) => local))
    default:
      return []
  }
}

/** The locals that a statement itself mentions otherwise. */
function read(s: Statement): readonly number[] {
  const found: number[] = []
  for (const e of expressionsOf(s)) {
    const isWritten = s.kind === 'assign' && e === s.target && e.kind === 'local'
    if (!isWritten)
      visit(e, (part) => {
        if (part.kind === 'local') found.push(part.id)
      })
  }
  return found
}

const counted = new WeakMap<readonly Statement[], ReadonlyMap<number, number>>()
/** The number of mentions of each local; of a whole text this is asked once for each of its loops. */
function mentions(body: readonly Statement[]): ReadonlyMap<number, number> {
  const known = counted.get(body)
  if (known !== undefined) return known
  const counts = new Map<number, number>()
  counted.set(body, counts)
  visitStatements(body, (s) => {
    for (const id of [...written(s), ...read(s)]) counts.set(id, (counts.get(id) ?? 0) + 1)
  })
  return counts
}

type Use = 'read' | 'written' | 'none'

/** The first use of a local: `read` if on some path, `written` if on every path. */
function firstUse(body: readonly Statement[], id: number): Use {
  for (const s of body) {
    // A choice's condition reads the value being chosen.
    if (s.kind !== 'choose' && read(s).includes(id)) return 'read'
    if (written(s).includes(id)) return 'written'
    const inner = blocksOf(s).map((block) => firstUse(block.body, id))
    if (inner.includes('read')) return 'read'
    if (inner.length > 0 && s.kind !== 'forEach' && inner.every((use) => use === 'written')) return 'written'
  }
  return 'none'
}

function accessesOf(s: StatementOf<'forEach'>, own: ReadonlySet<number>, typeOf: TypeOf): readonly Access[] {
  const found: Access[] = []
  const isOwn = (e: Expression): boolean => e.kind === 'local' && own.has(e.id)
  const access = (place: Place, by: Statement, change?: Change): void => {
    indicesOf(place).forEach((index) => reads(index, by))
    if (!isOwn(rootOf(place))) found.push({ place, by, ...(change === undefined ? {} : { change }) })
  }
  const reads = (e: Expression, by: Statement): void => {
    if (isPlace(e)) access(e, by)
    else if (e.kind === 'binary' && e.operator === 'has' && isPlace(e.left)) access(memberOf(e.left, e.right), by)
    else parts(e).forEach((part) => reads(part, by))
  }
  visitStatements(s.body, (by) => {
    if (!('target' in by)) return expressionsOf(by).forEach((e) => reads(e, by))
    const change = changeOf(by, (e) => contains(e, isOwn), typeOf)
    if (by.kind === 'insert' || by.kind === 'remove') return access(memberOf(by.target, by.value), by, change)
    if ('value' in by) reads(step(by) ?? by.value, by)
    access(by.target, by, change)
  })
  return found
}

/** Whether an element is in a set or queue is a part of it, as a cell is of an array. */
const memberOf = (of: Place, index: Expression): Place => ({ kind: 'index', of, index })

const isPlace = (e: Expression): e is Place =>
  e.kind === 'shared' || e.kind === 'local' || e.kind === 'field' || e.kind === 'index'

/**
 * The n of `x := x + n`; the order of these statements does not matter, and x itself is then not read. The same for
 * `x |= n` and `x := x || n`.
 */
function step(s: Statement): Expression | undefined {
  if (s.kind !== 'assign' || s.value.kind !== 'binary') return undefined
  const { operator, left, right } = s.value
  switch (operator) {
    case '-':
    case '&~':
      return same(left, s.target) ? right : undefined
    case '+':
    case '|':
    case '&':
    case 'and':
    case 'or':
      return same(left, s.target) ? right : same(right, s.target) ? left : undefined
    default:
      return undefined
  }
}

/** The change that a statement makes, if it commutes with other changes of its kind. */
function changeOf(s: Statement, dependsOnElement: (e: Expression) => boolean, typeOf: TypeOf): Change {
  switch (s.kind) {
    case 'insert':
    case 'remove':
      return { operation: s.kind }
    case 'assign': {
      const added = step(s)
      if (added !== undefined && s.value.kind === 'binary') return gathered(s.value, added, typeOf(s.target), typeOf)
      // `x := true` is `x := x || true`
      if (s.value.kind === 'literal' && typeof s.value.value === 'boolean')
        return { operation: s.value.value ? 'or' : 'and' }
      return {
        operation:
          dependsOnElement(s.value) || dependsOnElement(s.target) ? undefined : `:= ${JSON.stringify(s.value)}`,
      }
    }
    default:
      return { operation: undefined }
  }
}

/** The change of a place that takes something in: a sum, a disjunction, bits. */
function gathered(
  { operator, left }: Extract<Expression, { readonly kind: 'binary' }>,
  added: Expression,
  target: Type,
  typeOf: TypeOf,
): Change {
  switch (operator) {
    case '+':
      return sum(target, 1, typeOf(added))
    case '-':
      return sum(target, -1, typeOf(added))
    case 'or':
    case 'and':
      return left !== added && mayFail(added, typeOf) ? { operation: undefined, skips: added } : { operation: operator }
    case '|':
      return { operation: target.kind === 'int' && (target.overflow !== 'wrap' || isPower(target)) ? '|' : undefined }
    case '&':
    case '&~':
      return { operation: target.kind === 'int' && (target.overflow !== 'wrap' || target.low === 0) ? '&' : undefined }
    default:
      return { operation: undefined }
  }
}

/** Whether a wrapped number has all its bits: then to bring it into its range takes none from what stays. */
const isPower = ({ low, high }: Extract<Type, { readonly kind: 'int' }>): boolean =>
  low === 0 && typeof high === 'number' && Number.isInteger(Math.log2(high + 1))

const isWithin = (index: Extract<Type, { readonly kind: 'int' }>, of: Type): boolean =>
  sameType(index, of) ||
  (of.kind === 'int' &&
    typeof index.low === 'number' &&
    typeof of.low === 'number' &&
    index.low >= of.low &&
    typeof index.high === 'number' &&
    typeof of.high === 'number' &&
    index.high <= of.high)

/** Whether an expression may be a domain error. */
const mayFail = (e: Expression, typeOf: TypeOf): boolean =>
  contains(e, (part) => {
    if (part.kind === 'value' || part.kind === 'payload' || part.kind === 'head') return true
    if (part.kind !== 'index') return false
    const [of, index] = [typeOf(part.of), typeOf(part.index)]
    return of.kind !== 'array' || (index.kind === 'int' && !isWithin(index, of.index))
  })

/**
 * A sum. Modulo, the order of the terms never matters. In a range it does: 0 - 1 + 3 is 3 if it saturates at 0, and
 * 0 + 3 - 1 is 2; and one order may leave the range, which is a domain error, while another does not. If all terms have
 * one sign, the order does not matter: the sum saturates at the same end and stays there, or it leaves the range in
 * every order if it does in one.
 */
function sum(target: Type, sign: 1 | -1, added: Type): Change {
  if (target.kind !== 'int') return { operation: undefined }
  if (target.overflow === 'wrap') return { operation: 'sum' }
  if (added.kind !== 'int') return { operation: undefined, bounded: true }
  const [isUp, isDown] = [isAtLeastZero(added.low), typeof added.high === 'number' && added.high <= 0]
  if (!isUp && !isDown) return { operation: undefined, bounded: true }
  return { operation: isUp === (sign === 1) ? 'up' : 'down', bounded: true }
}
/** A sort may have no elements. */
const isAtLeastZero = (low: Bound): boolean => (typeof low === 'number' ? low : low.plus) >= 0

const same = (a: Expression, b: Expression): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Whether two iterations, with different elements in `local`, touch different parts with these places. */
function areApart(a: Place, b: Place, local: number): boolean {
  const [x, y] = [stepsOf(a), stepsOf(b)]
  if (!same(rootOf(a), rootOf(b))) return true
  for (const [i, one] of x.entries()) {
    const other = y[i]
    if (other === undefined) return false
    if (one.kind === 'field' && other.kind === 'field' && one.name !== other.name) return true
    if (one.kind === 'index' && other.kind === 'index') {
      if (isElement(one.index, local) && isElement(other.index, local)) return true
      if (one.index.kind === 'literal' && other.index.kind === 'literal' && one.index.value !== other.index.value)
        return true
    }
  }
  return false
}

const isElement = (e: Expression, local: number): boolean => e.kind === 'local' && e.id === local

/** The fields and indices of a place, from the variable on. */
function stepsOf(place: Expression): readonly Extract<Expression, { readonly kind: 'field' | 'index' }>[] {
  return place.kind === 'field' || place.kind === 'index' ? [...stepsOf(place.of), place] : []
}
