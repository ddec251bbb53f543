/** What random models are like: what they contain, how large they are, how often they are wrong. */
import type { ConfiguredModel, Expression, Property, Statement, Type } from '../../src/language/ast.ts'
import { visitTypes } from '../../src/language/shapes.ts'
import { expressionsOf, rootOf, visit, visitStatements } from '../../src/language/walk.ts'
import type { ReferenceResult } from '../../src/semantics/toy.ts'
import { bits } from './types.ts'

/** What one model is like. */
export interface Portrait {
  /**
   * `expression index`, `statement assign`, `type queue`, `property recoverable`, `operator has`, `overflow wrap` ...
   */
  readonly parts: ReadonlySet<string>
  readonly states: number
  readonly complete: boolean
  readonly violated: boolean
  /** Two instances write the same variable. */
  readonly contended: boolean
  /** Bits that a straightforward layout takes for a state. */
  readonly bits: number
}

export function portrait(model: ConfiguredModel, { states, complete, properties: judged }: ReferenceResult): Portrait {
  const violated = judged.some(({ verdict }) => verdict === 'violated')
  return { parts: partsIn(model), states, complete, violated, contended: isContended(model), bits: bitsOf(model) }
}

export interface Statistics {
  readonly models: number
  readonly medianStates: number
  /** Shares, from 0 to 1. */
  readonly complete: number
  readonly violated: number
  readonly contended: number
  readonly over64: number
  readonly over128: number
  readonly parts: Readonly<Record<string, number>>
}

export function statisticsOf(portraits: readonly Portrait[]): Statistics {
  const share = (test: (one: Portrait) => boolean): number =>
    Math.round((portraits.filter(test).length / portraits.length) * 1000) / 1000
  const sorted = portraits.map(({ states }) => states).sort((a, b) => a - b)
  const names = [...new Set(portraits.flatMap(({ parts }) => [...parts]))].sort()
  return {
    models: portraits.length,
    medianStates: sorted[Math.floor(sorted.length / 2)] ?? 0,
    complete: share(({ complete }) => complete),
    violated: share(({ violated }) => violated),
    contended: share(({ contended }) => contended),
    over64: share((one) => one.bits > 64),
    over128: share((one) => one.bits > 128),
    parts: Object.fromEntries(names.map((name) => [name, share(({ parts }) => parts.has(name))])),
  }
}

// As records, so that a kind that is added is missed by the compiler.
const expressions: Readonly<Record<Exclude<Expression['kind'], 'constant'>, true>> = {
  literal: true,
  zero: true,
  all: true,
  some: true,
  record: true,
  case: true,
  fill: true,
  shared: true,
  local: true,
  self: true,
  current: true,
  bound: true,
  field: true,
  index: true,
  isSome: true,
  value: true,
  isCase: true,
  payload: true,
  not: true,
  binary: true,
  conditional: true,
  size: true,
  head: true,
  quantified: true,
  elements: true,
  before: true,
}
const statements: Readonly<Record<Exclude<Statement['kind'], 'reset'>, true>> = {
  assign: true,
  insert: true,
  remove: true,
  push: true,
  pop: true,
  discard: true,
  step: true,
  call: true,
  await: true,
  assert: true,
  cover: true,
  if: true,
  match: true,
  either: true,
  loop: true,
  forEach: true,
  choose: true,
  label: true,
  goto: true,
  break: true,
  continue: true,
  return: true,
}
const types: Readonly<Record<Type['kind'], true>> = {
  bool: true,
  int: true,
  enum: true,
  id: true,
  optional: true,
  record: true,
  union: true,
  array: true,
  set: true,
  queue: true,
}
const properties: Readonly<Record<Property['kind'], true>> = {
  invariant: true,
  transition: true,
  assertion: true,
  sometimes: true,
  deadlock: true,
  'lock-deadlock': true,
  recoverable: true,
  collected: true,
  pair: true,
}

/**
 * Every node kind, type and property kind that a closed model of the language can have, and more that is worth being
 * there.
 */
export const everything: readonly string[] = [
  ...Object.entries({ expression: expressions, statement: statements, type: types, property: properties }).flatMap(
    ([what, kinds]) => Object.keys(kinds).map((kind) => `${what} ${kind}`),
  ),
  ...['==', '!=', '<', '<=', '>', '>=', '+', '-', '%', '&', '|', '&~', 'and', 'or', 'has'].map(
    (operator) => `operator ${operator}`,
  ),
  ...['error', 'wrap', 'saturate'].map((overflow) => `overflow ${overflow}`),
  ...['every', 'some', 'count'].flatMap((quantifier) => [`quantified ${quantifier}`, `elements ${quantifier}`]),
  'atomic call',
  'blockers',
  'where',
  'binds',
  'rest',
  'always',
  'idle label',
  'forEach in a step',
  'either in a step',
  'choose in a step',
  'initially',
  'initial set',
  'ghost',
  'daemon',
  'per',
  'count',
  'empty sort',
  'jump out of a step',
]

function partsIn(model: ConfiguredModel): ReadonlySet<string> {
  const found = new Set<string>()
  const seeExpression = (outer: Expression): void =>
    visit(outer, (e) => {
      found.add(`expression ${e.kind}`)
      if (e.kind === 'binary') found.add(`operator ${e.operator}`)
      if (e.kind === 'quantified' || e.kind === 'elements') found.add(`${e.kind} ${e.quantifier}`)
    })
  const see = (one: Statement, inStep: boolean): void => {
    found.add(`statement ${one.kind}`)
    expressionsOf(one).forEach(seeExpression)
    if (one.kind === 'call' && one.atomic) found.add('atomic call')
    if (one.kind === 'await' && one.blockers) found.add('blockers')
    if (one.kind === 'choose' && one.where) found.add('where')
    if (one.kind === 'if' && one.then.binds.length > 0) found.add('binds')
    if (one.kind === 'match' && one.otherwise) found.add('rest')
    if (one.kind === 'assert' && one.always) found.add('always')
    if (one.kind === 'label' && one.idle) found.add('idle label')
    if (inStep && ['forEach', 'either', 'choose'].includes(one.kind)) found.add(`${one.kind} in a step`)
    if (inStep && ['goto', 'break', 'continue', 'return'].includes(one.kind)) found.add('jump out of a step')
  }
  const inside = new Set<Statement>()
  const bodies = [...model.threads, ...(model.initially ? [model.initially] : [])]
  for (const { body } of bodies) {
    visitStatements(body, (one) => {
      if (one.kind === 'step' || (one.kind === 'call' && one.atomic))
        visitStatements(one.body, (inner) => inside.add(inner))
    })
    visitStatements(body, (one) => {
      see(one, inside.has(one))
    })
  }
  for (const { condition, kind } of model.properties) {
    found.add(`property ${kind}`)
    if (condition) seeExpression(condition)
  }
  for (const { initial, ghost } of model.variables) {
    initial.forEach(seeExpression)
    if (initial.length > 1) found.add('initial set')
    if (ghost) found.add('ghost')
  }
  visitTypes(model, (type) => {
    found.add(`type ${type.kind}`)
    if (type.kind === 'int') found.add(`overflow ${type.overflow}`)
  })
  for (const { daemon, per, count } of model.threads) {
    if (daemon) found.add('daemon')
    if (per !== undefined) found.add('per')
    if (count !== undefined) found.add('count')
  }
  if (model.initially) found.add('initially')
  if (Object.values(model.sizes).includes(0)) found.add('empty sort')
  return found
}

function isContended({ threads, instances }: ConfiguredModel): boolean {
  const written = instances.map(({ thread }) => {
    const names = new Set<string>()
    visitStatements(threads[thread]?.body ?? [], (one) => {
      const root = 'target' in one ? rootOf(one.target) : undefined
      if (root?.kind === 'shared') names.add(root.name)
    })
    return names
  })
  return written.some((names, n) => written.slice(n + 1).some((others) => [...names].some((name) => others.has(name))))
}

function bitsOf({ variables, threads, instances, sizes }: ConfiguredModel): number {
  const sum = (types: readonly { readonly type: Type }[]): number =>
    types.reduce((total, { type }) => total + bits(sizes, type), 0)
  return (
    sum(variables) +
    instances.reduce((total, { thread }) => {
      const text = threads[thread]
      let statements = 1
      visitStatements(text?.body ?? [], () => {
        statements++
      })
      return total + sum(text?.locals ?? []) + Math.ceil(Math.log2(statements))
    }, 0)
  )
}
