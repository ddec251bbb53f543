/**
 * The ids of one sort in the locals of a thread: which locals the value of an expression has them from, which of them
 * a statement uses, and which a condition vouches for.
 */
import type { Expression, Lifetime, LocalDeclaration, Model, Statement, Type } from './ast.ts'
import { scopeOf, typing, type TypeScope } from './typing.ts'
import { contains, expressionsOf, isOfNow, mapParts, rootOf, visitStatements } from './walk.ts'

/** A thread's text, or that of `initially`. */
export interface Body {
  readonly per?: string
  readonly locals: readonly LocalDeclaration[]
  readonly body: readonly Statement[]
  /** Whether the whole body is one transition. */
  readonly inStep: boolean
}

/**
 * Whether a value of the type has an id of the sort in it. The members of a set and the index of an array are
 * attributes of elements, no pointers to them.
 */
export function carries(type: Type, sort: string): boolean {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
    case 'set':
      return false
    case 'id':
      return type.sort === sort
    case 'optional':
    case 'queue':
    case 'array':
      return carries(type.of, sort)
    case 'record':
      return Object.values(type.fields).some((of) => carries(of, sort))
    case 'union':
      return Object.values(type.cases).some((fields) => Object.values(fields).some((of) => carries(of, sort)))
  }
}

/** The case that a pointer has when what it points to was freed. */
export const STALE = 'stale'
export const isPointer = (type: Type, sort: string): boolean =>
  type.kind === 'union' && type.epoch === undefined && type.cases[STALE] !== undefined && carries(type, sort)

/** The locals of a text that carry ids of a sort, and what is needed to find them in its expressions. */
export interface Carriers {
  readonly locals: ReadonlyMap<number, LocalDeclaration>
  readonly lifetime: Lifetime
  readonly scope: TypeScope
  readonly ghosts: ReadonlySet<string>
}

/** The carriers of a text; undefined if it has none. */
export function carriersOf(model: Model, text: Body, lifetime: Lifetime): Carriers | undefined {
  const locals = new Map(
    text.locals
      .filter(({ type, reused }) => reused === undefined && carries(type, lifetime.sort))
      .map((local) => [local.id, local]),
  )
  // A loop through all elements means each by itself, and is no pointer to it.
  visitStatements(text.body, (s) => {
    if (s.kind === 'forEach') locals.delete(s.local)
  })
  if (locals.size === 0) return undefined
  const ghosts = new Set(model.variables.flatMap(({ name, ghost }) => (ghost ? [name] : [])))
  return { locals, lifetime, scope: scopeOf(model, text), ghosts }
}

/** The types of the variables that quantifiers bind. */
type Bounds = ReadonlyMap<number, Type>
const unbound: Bounds = new Map()

/** The locals whose ids are in the value of an expression; none, if it has no id of the sort. */
export function carried(of: Carriers, e: Expression, bounds: Bounds = unbound): readonly number[] {
  switch (e.kind) {
    case 'local':
      return of.locals.has(e.id) ? [e.id] : []
    case 'some':
    case 'fill':
      return carried(of, e.of, bounds)
    case 'record':
    case 'case':
      return Object.values(e.fields).flatMap((field) => carried(of, field, bounds))
    case 'conditional':
      return [e.then, e.otherwise].flatMap((side) => carried(of, side, bounds))
    case 'field':
    case 'value':
    case 'payload':
    case 'head':
    case 'index': {
      const inner = carried(of, e.of, bounds)
      if (inner.length === 0) return inner
      const type = typing({ ...of.scope, bound: (id) => bounds.get(id) })(e)
      return carries(type, of.lifetime.sort) ? inner : []
    }
    default:
      return []
  }
}

/** The locals of which this is the value, if they are pointers: a local one never turns stale. */
const pointers = (of: Carriers, e: Expression, bounds: Bounds): readonly number[] =>
  carried(of, e, bounds).filter((id) => isPointer(of.locals.get(id)?.type ?? { kind: 'bool' }, of.lifetime.sort))

/** The locals by which an expression reaches what they name: as an index, or as a pointer that is looked at. */
export function usedIn(of: Carriers, expression: Expression): readonly number[] {
  const found: number[] = []
  const look = (e: Expression, bounds: Bounds): void => {
    if (e.kind === 'index') found.push(...carried(of, e.index, bounds))
    if (e.kind === 'isCase' || e.kind === 'payload') found.push(...pointers(of, e.of, bounds))
    if (e.kind === 'binary' && (e.operator === '==' || e.operator === '!=')) {
      // a comparison with the present value checks it; any other comparison only reads the old id
      if (!isOfNow(e.right)) found.push(...pointers(of, e.left, bounds))
      if (!isOfNow(e.left)) found.push(...pointers(of, e.right, bounds))
    }
    const inner = e.kind === 'quantified' ? new Map(bounds).set(e.bound, e.over) : bounds
    mapParts(e, (part) => {
      look(part, inner)
      return part
    })
  }
  look(expression, unbound)
  return found
}

const isGhost = ({ ghosts }: Carriers, place: Expression): boolean => {
  const root = rootOf(place)
  return root.kind === 'shared' && ghosts.has(root.name)
}

/** The locals that a statement uses: in its expressions, or as a value that goes into shared state. */
export function usedBy(of: Carriers, s: Statement): readonly number[] {
  // claims and records may read anything
  if (s.kind === 'assert' || s.kind === 'cover' || ('target' in s && isGhost(of, s.target))) return []
  const found = expressionsOf(s).flatMap((e) => usedIn(of, e))
  const stores = 'target' in s && 'value' in s && rootOf(s.target).kind === 'shared'
  return stores ? [...found, ...carried(of, s.value)] : found
}

export const conjuncts = (e: Expression): readonly Expression[] =>
  e.kind === 'binary' && e.operator === 'and' ? [e.left, e.right].flatMap(conjuncts) : [e]

/** The locals that a true condition vouches for: compared with what shared state has now. */
export function vouched(of: Carriers, condition: Expression): readonly number[] {
  if (condition.kind !== 'binary') return []
  const { operator, left, right } = condition
  if (operator === 'and') return [left, right].flatMap((side) => vouched(of, side))
  if (operator !== '==') return []
  return [...(isOfNow(right) ? carried(of, left) : []), ...(isOfNow(left) ? carried(of, right) : [])]
}

/** The locals that an assertion vouches for: it may also say that what one names is allocated. */
export function asserted(of: Carriers, condition: Expression): readonly number[] {
  const { bound, allocated } = of.lifetime
  const claims = JSON.stringify(allocated)
  const isClaim = (e: Expression, id: number): boolean => JSON.stringify(toBound(e, id, bound)) === claims
  const allocates = (e: Expression): readonly number[] =>
    [...of.locals.keys()].filter(
      (id) => contains(e, (part) => part.kind === 'local' && part.id === id) && isClaim(e, id),
    )
  return [...vouched(of, condition), ...conjuncts(condition).flatMap(allocates)]
}

/** The expression with the local in the place of a bound variable. */
const toBound = (e: Expression, local: number, bound: number): Expression =>
  e.kind === 'local' && e.id === local
    ? { kind: 'bound', id: bound }
    : mapParts(e, (part) => toBound(part, local, bound))
