/**
 * Ids that are carried from one transition into another. An id of a sort whose elements are freed and reused
 * (`lifetimes`) names the element it was read for only as long as that is not freed; what is used in a later
 * transition may be somebody else's. docs/decisions/0006-pointers.md argues the rules.
 */
import type { Arm, Expression, Lifetime, LocalDeclaration, Model, Statement, StatementOf, Type } from './ast.ts'
import { scopeOf, typing } from './typing.ts'
import {
  armsOf,
  blocksOf,
  contains,
  expressionsOf,
  isOfNow,
  mapParts,
  mapStatement,
  rootOf,
  visitStatements,
} from './walk.ts'

/** A statement that uses a local which got its value in an earlier transition, and was not looked at since. */
export interface OldUse {
  readonly statement: Statement
  readonly local: LocalDeclaration
}

interface Body {
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

/**
 * The locals that got their value, or were checked, in the transition that is under way; undefined where control does
 * not come.
 */
type Fresh = ReadonlySet<number> | undefined
const none: Fresh = new Set()
const meet = (a: Fresh, b: Fresh): Fresh =>
  a === undefined ? b : b === undefined ? a : new Set([...a].filter((id) => b.has(id)))
const plus = (fresh: Fresh, ids: readonly number[]): Fresh =>
  ids.length === 0 ? fresh : fresh && new Set([...fresh, ...ids])
const minus = (fresh: Fresh, id: number): Fresh => fresh && new Set([...fresh].filter((other) => other !== id))

/** @param text a thread's text, or that of `initially` */
export function oldUses(model: Model, text: Body, { sort, bound, allocated }: Lifetime): readonly OldUse[] {
  const old: OldUse[] = []
  const watched = new Map(
    text.locals
      .filter(({ type, reused }) => reused === undefined && carries(type, sort))
      .map((local) => [local.id, local]),
  )
  // Who goes through all elements means each by itself, and no pointer to it.
  visitStatements(text.body, (s) => {
    if (s.kind === 'forEach') watched.delete(s.local)
  })
  if (watched.size === 0) return old
  const scope = scopeOf(model, text)
  const ghosts = new Set(model.variables.flatMap(({ name, ghost }) => (ghost ? [name] : [])))

  /** The locals whose ids are in the value of an expression; none, if it has no id of the sort. */
  function carried(e: Expression, bounds: ReadonlyMap<number, Type>): readonly number[] {
    switch (e.kind) {
      case 'local':
        return watched.has(e.id) ? [e.id] : []
      case 'some':
      case 'fill':
        return carried(e.of, bounds)
      case 'record':
      case 'case':
        return Object.values(e.fields).flatMap((field) => carried(field, bounds))
      case 'conditional':
        return [e.then, e.otherwise].flatMap((side) => carried(side, bounds))
      case 'field':
      case 'value':
      case 'payload':
      case 'head':
      case 'index': {
        const of = carried(e.of, bounds)
        return of.length === 0 || carries(typing({ ...scope, bound: (id) => bounds.get(id) })(e), sort) ? of : []
      }
      default:
        return []
    }
  }

  /**
   * The locals by which a statement reaches what they name: as an index, as a value that goes into shared state, or
   * as a pointer that is looked at.
   */
  function used(s: Statement): readonly number[] {
    // What is claimed and what is recorded may speak of anything.
    if (s.kind === 'assert' || s.kind === 'cover' || ('target' in s && isGhost(s.target))) return []
    const found = expressionsOf(s).flatMap(uses)
    if (
      (s.kind === 'assign' ||
        s.kind === 'insert' ||
        s.kind === 'remove' ||
        s.kind === 'push' ||
        s.kind === 'discard') &&
      rootOf(s.target).kind === 'shared'
    ) {
      found.push(...carried(s.value, new Map()))
    }
    return found
  }
  function uses(expression: Expression): readonly number[] {
    const found: number[] = []
    const look = (e: Expression, bounds: ReadonlyMap<number, Type>): void => {
      if (e.kind === 'index') found.push(...carried(e.index, bounds))
      if (e.kind === 'isCase' || e.kind === 'payload') found.push(...pointers(e.of, bounds))
      if (e.kind === 'binary' && (e.operator === '==' || e.operator === '!=')) {
        // Compared with what stands there now it is looked at; with anything else it says what it was.
        for (const [one, other] of [
          [e.left, e.right],
          [e.right, e.left],
        ] as const)
          if (!isOfNow(other)) found.push(...pointers(one, bounds))
      }
      const inner = e.kind === 'quantified' ? new Map(bounds).set(e.bound, e.over) : bounds
      mapParts(e, (part) => {
        look(part, inner)
        return part
      })
    }
    look(expression, new Map())
    return found
  }
  /** The locals of which this is the value, if they are pointers: a local one never turns stale. */
  const pointers = (e: Expression, bounds: ReadonlyMap<number, Type>): readonly number[] =>
    carried(e, bounds).filter((id) => isPointer(watched.get(id)?.type ?? { kind: 'bool' }, sort))
  const isGhost = (place: Expression): boolean => {
    const root = rootOf(place)
    return root.kind === 'shared' && ghosts.has(root.name)
  }

  const check = (s: Statement, before: Fresh): void => {
    if (before === undefined) return
    // What `a && b` looks at in `a` may be used in `b`.
    let fresh: ReadonlySet<number> = before
    if (s.kind === 'if' || s.kind === 'await')
      for (const one of conjuncts(s.condition)) {
        report(s, uses(one), fresh)
        fresh = plus(fresh, vouched(one)) ?? fresh
      }
    report(s, used(s), fresh)
  }
  const report = (s: Statement, ids: readonly number[], fresh: ReadonlySet<number>): void => {
    for (const id of new Set(ids)) {
      const local = watched.get(id)
      // A chosen value is of this moment.
      if (local !== undefined && !fresh.has(id) && !(s.kind === 'choose' && s.local === id))
        old.push({ statement: s, local })
    }
  }

  const claims = JSON.stringify(allocated)
  const isClaim = (e: Expression, id: number): boolean => JSON.stringify(toBound(e, id, bound)) === claims

  /** The locals that a true condition vouches for: compared with what shared state has now. */
  function vouched(condition: Expression): readonly number[] {
    if (condition.kind !== 'binary') return []
    if (condition.operator === 'and') return [condition.left, condition.right].flatMap(vouched)
    if (condition.operator !== '==') return []
    const [left, right] = [condition.left, condition.right]
    return [...(isOfNow(right) ? carried(left, new Map()) : []), ...(isOfNow(left) ? carried(right, new Map()) : [])]
  }
  const asserted = (condition: Expression): readonly number[] => [
    ...vouched(condition),
    ...conjuncts(condition).flatMap((one) =>
      [...watched.keys()].filter(
        (id) => contains(one, (part) => part.kind === 'local' && part.id === id) && isClaim(one, id),
      ),
    ),
  ]

  /** The locals that get their value from what is fresh itself. */
  const bind = (binds: Arm['binds'], fresh: Fresh): Fresh =>
    binds.reduce(
      (known: Fresh, { local, value }) =>
        known !== undefined && carried(value, new Map()).every((id) => known.has(id)) ? plus(known, [local]) : known,
      fresh,
    )

  /** Through a block. Outside a step nothing is fresh behind what completes a transition. */
  function through(body: readonly Statement[], inStep: boolean, before: Fresh, returns: (fresh: Fresh) => void): Fresh {
    return body.reduce((fresh, s) => after(s, inStep, fresh, returns), before)
  }

  function after(s: Statement, inStep: boolean, fresh: Fresh, returns: (fresh: Fresh) => void): Fresh {
    check(s, fresh)
    const behind = (inside: Fresh): Fresh => (inStep ? inside : none)
    switch (s.kind) {
      case 'assign':
        return behind(assigned(s, fresh))
      case 'choose':
        return behind(plus(fresh, [s.local]))
      case 'assert':
        return plus(fresh, asserted(s.condition))
      case 'await':
        return behind(plus(fresh, vouched(s.condition)))
      case 'step':
        return behind(through(s.body, true, fresh, returns))
      case 'call': {
        let returned: Fresh
        const end = through(s.body, inStep || s.atomic, fresh, (early) => {
          returned = meet(returned, early)
        })
        return behind(meet(end, returned))
      }
      case 'if':
      case 'match': {
        const entered = (arm: Arm, vouch: readonly number[]): Fresh => behind(bind(arm.binds, plus(fresh, vouch)))
        const arms =
          s.kind === 'if'
            ? [
                through(s.then.body, inStep, entered(s.then, vouched(s.condition)), returns),
                through(s.otherwise.body, inStep, entered(s.otherwise, []), returns),
              ]
            : armsOf(s).map((arm) => through(arm.body, inStep, entered(arm, []), returns))
        return behind(arms.reduce(meet, undefined))
      }
      case 'either':
        return behind(
          blocksOf(s)
            .map(({ body }) => through(body, inStep, fresh, returns))
            .reduce(meet, undefined),
        )
      case 'loop':
      case 'forEach': {
        // Twice: the second round begins as the first one ended.
        const first = through(s.body, inStep, behind(fresh), returns)
        return behind(meet(fresh, through(s.body, inStep, behind(meet(fresh, first)), returns)))
      }
      case 'return':
        returns(fresh)
        return behind(undefined)
      case 'goto':
      case 'break':
      case 'continue':
        return behind(undefined)
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard':
        return behind(fresh)
      case 'cover':
      case 'label':
      case 'reset':
        return behind(fresh)
    }
  }

  function assigned({ target, value }: StatementOf<'assign'>, fresh: Fresh): Fresh {
    const root = rootOf(target)
    if (root.kind !== 'local') return fresh
    if (carried(value, new Map()).some((id) => fresh?.has(id) === false)) return minus(fresh, root.id)
    return target === root ? plus(fresh, [root.id]) : fresh
  }

  through(text.body, text.inStep, none, () => {})
  return old
}

const conjuncts = (e: Expression): readonly Expression[] =>
  e.kind === 'binary' && e.operator === 'and' ? [e.left, e.right].flatMap(conjuncts) : [e]

/** The expression with the local in the place of a bound variable. */
const toBound = (e: Expression, local: number, bound: number): Expression =>
  e.kind === 'local' && e.id === local
    ? { kind: 'bound', id: bound }
    : mapParts(e, (part) => toBound(part, local, bound))

/** The model with an assertion before each later use of what is `held`: that it is still allocated. */
export function assertHeld(model: Model): Model {
  const lifetimes = model.lifetimes ?? []
  const asserted = <T extends Omit<Body, 'inStep'>>(text: T, inStep: boolean): T => {
    if (text.locals.every(({ held }) => held === undefined)) return text
    const before = new Map<string, readonly Statement[]>()
    for (const lifetime of lifetimes)
      for (const { statement: s, local } of oldUses(model, { ...text, inStep }, lifetime)) {
        const others = before.get(s.path) ?? []
        const path = `${s.path}.held-${local.id}`
        // A statement may be met twice: what is in a loop.
        if (others.some((other) => other.path.startsWith(path))) continue
        const message = `use after free: ${local.name}, said to be held by ${local.held ?? ''}`
        const asserts = heldClaims(local, lifetime).map(
          (condition, n): Statement => ({
            kind: 'assert',
            property: `misuse: ${message}`,
            message,
            condition,
            always: true,
            path: n === 0 ? path : `${path}.${n}`,
            at: s.at,
            // It stands where the use stands.
            ...(s.source === undefined ? {} : { source: s.source }),
          }),
        )
        before.set(s.path, [...others, ...asserts])
      }
    const change = (body: readonly Statement[]): readonly Statement[] =>
      body.flatMap((s) => [...(before.get(s.path) ?? []), mapStatement(s, { block: change })])
    return { ...text, body: change(text.body) }
  }
  return {
    ...model,
    threads: model.threads.map((thread) => asserted(thread, false)),
    ...(model.initially === undefined ? {} : { initially: asserted(model.initially, true) }),
  }
}

/** That all that a value names is allocated, as far as its type has a fixed number of ids. */
function claimOf(e: Expression, type: Type, lifetime: Lifetime): readonly Expression[] {
  const { sort, bound, allocated } = lifetime
  const when = (condition: Expression, of: Expression, inner: Type): readonly Expression[] =>
    claimOf(of, inner, lifetime).map((claim) => ({
      kind: 'binary',
      operator: 'or',
      left: { kind: 'not', of: condition },
      right: claim,
    }))
  switch (type.kind) {
    case 'id':
      return type.sort === sort ? [put(allocated, bound, e)] : []
    case 'optional':
      return when({ kind: 'isSome', of: e }, { kind: 'value', of: e }, type.of)
    case 'record':
      return Object.entries(type.fields).flatMap(([name, field]) =>
        claimOf({ kind: 'field', of: e, name }, field, lifetime),
      )
    case 'union':
      return Object.entries(type.cases).flatMap(([tag, fields]) =>
        Object.entries(fields).flatMap(([name, field]) =>
          when({ kind: 'isCase', of: e, tag }, { kind: 'payload', of: e, tag, name }, field),
        ),
      )
    case 'bool':
    case 'int':
    case 'enum':
    case 'set':
    case 'array':
    case 'queue':
      return []
  }
}

/** The assertions about a local that is held; none where its type has more ids than can be named. */
export const heldClaims = (local: LocalDeclaration, lifetime: Lifetime): readonly Expression[] =>
  local.held === undefined ? [] : claimOf({ kind: 'local', id: local.id }, local.type, lifetime)

/** The expression with an element in the place of a bound variable. */
const put = (e: Expression, bound: number, element: Expression): Expression =>
  e.kind === 'bound' && e.id === bound ? element : mapParts(e, (part) => put(part, bound, element))
