/** Walks over the tree: the parts of an expression and of a statement, and the same node with other parts. */
import type { Arm, Expression, Place, Statement } from './ast.ts'
import { remembered } from './remembered.ts'

/** The record with its values changed; itself if none is another. */
export function mapRecord<A>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => A,
): Readonly<Record<string, A>> {
  let isSame = true
  const entries = Object.entries(record).map(([key, value]): readonly [string, A] => {
    const changed = change(value, key)
    isSame &&= changed === value
    return [key, changed]
  })
  return isSame ? record : Object.fromEntries(entries)
}

/** The list with its elements changed; itself if none is another. */
const mapList = <A>(list: readonly A[], change: (value: A, index: number) => A): readonly A[] =>
  unlessSame(list, list.map(change))

/** The changed list; the list itself if nothing changed. */
export const unlessSame = <A>(list: readonly A[], changed: readonly A[]): readonly A[] =>
  changed.length === list.length && changed.every((value, index) => value === list[index]) ? list : changed

/** The node with these parts in place of its own; itself if none of them is another. */
export function withParts<T extends object>(node: T, changed: Partial<T>): T {
  for (const key in changed) if (changed[key] !== node[key]) return { ...node, ...changed }
  return node
}

/** The expressions directly inside an expression, in the order of evaluation. */
export function parts(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'literal':
    case 'zero':
    case 'all':
    case 'shared':
    case 'local':
    case 'self':
    case 'current':
    case 'bound':
    case 'constant':
      return []
    case 'some':
    case 'fill':
    case 'field':
    case 'isSome':
    case 'value':
    case 'isCase':
    case 'payload':
    case 'not':
    case 'size':
    case 'head':
    case 'before':
      return [e.of]
    case 'record':
    case 'case':
      return Object.values(e.fields)
    case 'index':
      return [e.of, e.index]
    case 'binary':
      return [e.left, e.right]
    case 'conditional':
      return [e.condition, e.then, e.otherwise]
    case 'quantified':
      return [e.body]
    case 'elements':
      return [e.of, e.body]
  }
}

/** The same expression with other parts. */
export function mapParts(e: Expression, change: (part: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'literal':
    case 'zero':
    case 'all':
    case 'shared':
    case 'local':
    case 'self':
    case 'current':
    case 'bound':
    case 'constant':
      return e
    case 'some':
    case 'fill':
    case 'field':
    case 'isSome':
    case 'value':
    case 'isCase':
    case 'payload':
    case 'not':
    case 'size':
    case 'head':
    case 'before':
      return withParts(e, { of: change(e.of) })
    case 'record':
    case 'case':
      return withParts(e, { fields: mapRecord(e.fields, (part) => change(part)) })
    case 'index':
      return withParts(e, { of: change(e.of), index: change(e.index) })
    case 'binary':
      return withParts(e, { left: change(e.left), right: change(e.right) })
    case 'conditional':
      return withParts(e, { condition: change(e.condition), then: change(e.then), otherwise: change(e.otherwise) })
    case 'quantified':
      return withParts(e, { body: change(e.body) })
    case 'elements':
      return withParts(e, { of: change(e.of), body: change(e.body) })
  }
}

/** Whether some expression inside `e`, or `e` itself, is as `test` says. */
export function contains(e: Expression, test: (part: Expression) => boolean): boolean {
  if (test(e)) return true
  for (const part of parts(e)) if (contains(part, test)) return true
  return false
}

/** The case of a sample whose counter was bumped since; the other is that of its number now. */
export const OLDER = 'out of date'

/** Whether a value is of this moment alone: it reads shared state, or a counter. */
export const isOfNow = (e: Expression): boolean =>
  contains(e, (part) => part.kind === 'shared' || counterIn(part) !== undefined)

/** The counter that an expression itself reads: to have its number, or to compare a sample with it. */
export const counterIn = (e: Expression): string | undefined =>
  e.kind === 'isCase'
    ? e.epoch
    : e.kind === 'case' && e.type.kind === 'union' && e.tag !== OLDER
      ? e.type.epoch
      : undefined

/** The variable that a place is, or is part of. */
export function rootOf(place: Expression): Expression {
  return place.kind === 'field' || place.kind === 'index' ? rootOf(place.of) : place
}

/** The indices in a place, from the variable on: not what is inside them. */
export const indicesOf = (place: Expression): readonly Expression[] =>
  place.kind === 'index' ? [...indicesOf(place.of), place.index] : place.kind === 'field' ? indicesOf(place.of) : []

/** Visits `e` and everything in it, from the outside in. */
export function visit(e: Expression, see: (part: Expression) => void): void {
  see(e)
  for (const part of parts(e)) visit(part, see)
}

/** The expressions that a statement itself evaluates or assigns: not those of the statements inside it. */
export function expressionsOf(s: Statement): readonly Expression[] {
  const binds = (arm: Arm): readonly Expression[] => arm.binds.map(({ value }) => value)
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return [s.target, s.value]
    case 'pop':
      return [s.target]
    case 'await':
      return s.blockers === undefined ? [s.condition] : [s.condition, s.blockers.condition]
    case 'assert':
    case 'cover':
      return [s.condition]
    case 'if':
      return [s.condition, ...binds(s.then), ...binds(s.otherwise)]
    case 'match':
      return [s.of, ...armsOf(s).flatMap(binds)]
    case 'choose':
      return s.where === undefined ? [] : [s.where]
    case 'step':
    case 'call':
    case 'either':
    case 'loop':
    case 'forEach':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'return':
    case 'reset':
      return []
  }
}

/** The values that a step shows to a recording. They are no part of what it does. */
export const shownValues = (s: Statement): readonly Expression[] =>
  s.kind === 'step' && s.shows !== undefined ? Object.values(s.shows.values) : []

/** The arms of an `if` or `match`. */
export function armsOf(s: Extract<Statement, { readonly kind: 'if' | 'match' }>): readonly Arm[] {
  if (s.kind === 'if') return [s.then, s.otherwise]
  return [...Object.values(s.arms), ...(s.otherwise === undefined ? [] : [s.otherwise])]
}

/** A block inside a statement, and the suffix that paths into it have. */
export interface InnerBlock {
  readonly suffix: string
  readonly body: readonly Statement[]
}

/** The blocks of a statement, in the order of the text. */
export function blocksOf(s: Statement): readonly InnerBlock[] {
  switch (s.kind) {
    case 'step':
    case 'call':
    case 'loop':
    case 'forEach':
      return [{ suffix: '', body: s.body }]
    case 'if':
      return [
        { suffix: '.then', body: s.then.body },
        { suffix: '.else', body: s.otherwise.body },
      ]
    case 'match':
      return [
        ...Object.entries(s.arms).map(([tag, { body }]) => ({ suffix: `.case-${tag}`, body })),
        ...(s.otherwise === undefined ? [] : [{ suffix: '.rest', body: s.otherwise.body }]),
      ]
    case 'either':
      return s.branches.map((body, i) => ({ suffix: `.or-${i}`, body }))
    default:
      return []
  }
}

/** Changes of the parts of a statement; a part that is left out stays. */
export interface StatementChange {
  readonly expression?: (e: Expression) => Expression
  readonly block?: (body: readonly Statement[], suffix: string) => readonly Statement[]
}

const same = <T>(part: T): T => part

/**
 * The same statement with other expressions and blocks; itself if nothing in it is another. A place must stay a place:
 * only what is in it may change.
 */
export function mapStatement(s: Statement, { expression = same, block = same }: StatementChange): Statement {
  const arm = (old: Arm, suffix: string): Arm =>
    withParts(old, {
      binds: mapList(old.binds, (bind) => withParts(bind, { value: expression(bind.value) })),
      body: block(old.body, suffix),
    })
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return withParts(s, { target: expression(s.target) as Place, value: expression(s.value) })
    case 'pop':
      return withParts(s, { target: expression(s.target) as Place })
    case 'await': {
      const condition = expression(s.condition)
      if (s.blockers === undefined) return withParts(s, { condition })
      return withParts(s, {
        condition,
        blockers: withParts(s.blockers, { condition: expression(s.blockers.condition) }),
      })
    }
    case 'assert':
    case 'cover':
      return withParts(s, { condition: expression(s.condition) })
    case 'if':
      return withParts(s, {
        condition: expression(s.condition),
        then: arm(s.then, '.then'),
        otherwise: arm(s.otherwise, '.else'),
      })
    case 'match':
      return withParts(s, {
        of: expression(s.of),
        arms: mapRecord(s.arms, (a, tag) => arm(a, `.case-${tag}`)),
        ...(s.otherwise === undefined ? {} : { otherwise: arm(s.otherwise, '.rest') }),
      })
    case 'choose':
      return s.where === undefined ? s : withParts(s, { where: expression(s.where) })
    case 'step':
      return withParts(s, {
        body: block(s.body, ''),
        ...(s.shows === undefined
          ? {}
          : { shows: withParts(s.shows, { values: mapRecord(s.shows.values, (of) => expression(of)) }) }),
      })
    case 'call':
    case 'loop':
    case 'forEach':
      return withParts(s, { body: block(s.body, '') })
    case 'either':
      return withParts(s, { branches: mapList(s.branches, (body, i) => block(body, `.or-${i}`)) })
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'return':
    case 'reset':
      return s
  }
}

/** Visits every statement of a body, the outer before the inner, in the order of the text. */
export function visitStatements(body: readonly Statement[], see: (s: Statement) => void): void {
  for (const s of statementsIn(body)) see(s)
}

/** The statements of a body: models are looked through often. */
const statementsIn: (body: readonly Statement[]) => readonly Statement[] = remembered((body) => {
  const all: Statement[] = []
  list(body, all)
  return all
})

/** As by `blocksOf`, without the names of the blocks. */
function list(body: readonly Statement[], all: Statement[]): void {
  for (const s of body) {
    all.push(s)
    switch (s.kind) {
      case 'step':
      case 'call':
      case 'loop':
      case 'forEach':
        list(s.body, all)
        break
      case 'if':
        list(s.then.body, all)
        list(s.otherwise.body, all)
        break
      case 'match':
        for (const { body: inner } of armsOf(s)) list(inner, all)
        break
      case 'either':
        for (const inner of s.branches) list(inner, all)
        break
      default:
        break
    }
  }
}
