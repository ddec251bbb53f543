/**
 * Models written directly in the abstract syntax, without the language: small constructors, and the places of
 * statements.
 */
import type {
  Arm,
  BareStatement,
  BinaryOperator,
  ConfiguredModel,
  Expression,
  Initially,
  Instance,
  LocalDeclaration,
  Place,
  Property,
  Statement,
  ModelThread,
  Type,
  TypeOf,
  Variable,
} from '../../src/language/ast.ts'

// Types

export const bool: Type = { kind: 'bool' }
export const int = (low: number, high: number, overflow: 'error' | 'wrap' | 'saturate' = 'error'): TypeOf<'int'> => ({
  kind: 'int',
  low,
  high,
  overflow,
})
export const oneOf = (...members: string[]): Type => ({ kind: 'enum', members })
export const id = (sort: string): Type => ({ kind: 'id', sort })
export const optional = (of: Type): Type => ({ kind: 'optional', of })
export const record = (name: string, fields: Record<string, Type>): Type => ({ kind: 'record', name, fields })
export const union = (name: string, cases: Record<string, Record<string, Type>>): Type => ({
  kind: 'union',
  name,
  cases,
})
export const array = (index: Type, of: Type): Type => ({ kind: 'array', index, of })
export const setOf = (of: Type): Type => ({ kind: 'set', of })
export const queueOf = (of: Type, capacity: number): Type => ({ kind: 'queue', of, capacity })

// Expressions

export const yes: Expression = { kind: 'literal', value: true, type: bool }
export const no: Expression = { kind: 'literal', value: false, type: bool }
/** An int. */
export const num = (value: number): Expression => ({ kind: 'literal', value, type: int(value, value) })
export const literal = (value: boolean | number | string, type: Type): Expression => ({ kind: 'literal', value, type })
export const shared = (name: string): Extract<Place, { kind: 'shared' }> => ({ kind: 'shared', name })
export const local = (id: number): Extract<Place, { kind: 'local' }> => ({ kind: 'local', id })
export const bound = (id: number): Expression => ({ kind: 'bound', id })
export const self: Expression = { kind: 'self' }
export const current: Expression = { kind: 'current' }
export const at = (of: Expression, index: Expression): Place => ({ kind: 'index', of, index })
export const field = (of: Expression, name: string): Place => ({ kind: 'field', of, name })
export const not = (of: Expression): Expression => ({ kind: 'not', of })
export const some = (of: Expression, type: Type): Expression => ({ kind: 'some', of, type })
export const zero = (type: Type): Expression => ({ kind: 'zero', type })
export const binary = (left: Expression, operator: BinaryOperator, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
})

// Statements, as yet nowhere

export const statement = (bare: BareStatement): Statement => ({ ...bare, path: '', at: 'test' })
export const assign = (target: Place, value: Expression): Statement => statement({ kind: 'assign', target, value })
export const choose = (local: number, where?: Expression): Statement =>
  statement({ kind: 'choose', local, ...(where && { where }) })
export const wait = (condition: Expression, blockers?: { bound: number; condition: Expression }): Statement =>
  statement({ kind: 'await', condition, ...(blockers && { blockers }) })
export const step = (...body: Statement[]): Statement => statement({ kind: 'step', label: 'step', body })
export const skip = step()
export const call = (atomic: boolean, ...body: Statement[]): Statement =>
  statement({ kind: 'call', procedure: 'f', atomic, label: 'f()', body })
export const assert = (property: string, condition: Expression, always = false): Statement =>
  statement({ kind: 'assert', property, message: `${property} is false`, condition, always })
export const cover = (property: string, condition: Expression): Statement =>
  statement({ kind: 'cover', property, condition })
export const arm = (...body: Statement[]): Arm => ({ binds: [], body })
export const when = (condition: Expression, then: Statement[], otherwise: Statement[] = []): Statement =>
  statement({ kind: 'if', condition, then: arm(...then), otherwise: arm(...otherwise) })
export const either = (...branches: Statement[][]): Statement => statement({ kind: 'either', branches })
export const loop = (id: number, ...body: Statement[]): Statement => statement({ kind: 'loop', id, body })
export const forEach = (local: number, remaining: number, over: Type, ...body: Statement[]): Statement =>
  statement({ kind: 'forEach', local, remaining, over, body })
export const label = (id: number, idle = false): Statement => statement({ kind: 'label', id, name: `l${id}`, idle })
export const goto = (id: number): Statement => statement({ kind: 'goto', id, name: `l${id}` })
export const leave = (kind: 'break' | 'continue', loop: number): Statement => statement({ kind, loop })
export const back: Statement = statement({ kind: 'return' })

/** The statements of a block, and of the blocks in it, at their places. */
export function placed(body: readonly Statement[], prefix = ''): readonly Statement[] {
  return body.map((one, n): Statement => {
    const path = `${prefix}${n}${one.kind === 'call' ? `:${one.procedure}` : ''}`
    const inner = (block: readonly Statement[], arm = ''): readonly Statement[] => placed(block, `${path}${arm}/`)
    const within = ({ binds, body: block }: Arm, arm: string): Arm => ({ binds, body: inner(block, arm) })
    switch (one.kind) {
      case 'step':
      case 'call':
      case 'loop':
      case 'forEach':
        return { ...one, path, body: inner(one.body) }
      case 'if':
        return { ...one, path, then: within(one.then, '.then'), otherwise: within(one.otherwise, '.else') }
      case 'match':
        return {
          ...one,
          path,
          arms: Object.fromEntries(
            Object.entries(one.arms).map(([tag, block]) => [tag, within(block, `.case-${tag}`)]),
          ),
          ...(one.otherwise && { otherwise: within(one.otherwise, '.rest') }),
        }
      case 'either':
        return { ...one, path, branches: one.branches.map((branch, b) => inner(branch, `.or-${b}`)) }
      default:
        return { ...one, path }
    }
  })
}

export const variable = (name: string, type: Type, ...initial: Expression[]): Variable => ({
  name,
  type,
  initial,
  ghost: false,
})

export interface ThreadDraft {
  readonly body: readonly Statement[]
  readonly locals?: readonly (Type | LocalDeclaration)[]
  readonly per?: string
  readonly count?: number
  readonly daemon?: boolean
  readonly name?: string
}

/** A thread; locals that are only types are named by their numbers, from 0. */
export function thread({ body, locals = [], per, count, daemon = false, name = 't' }: ThreadDraft): ModelThread {
  return {
    name,
    daemon,
    locals: localsOf(locals),
    body: placed(body),
    ...(per !== undefined && { per }),
    ...(count !== undefined && { count }),
  }
}

export const localsOf = (all: readonly (Type | LocalDeclaration)[]): readonly LocalDeclaration[] =>
  all.map((one, n) => ('kind' in one ? { id: n, name: `x${n}`, type: one } : one))

export interface ModelDraft {
  readonly variables?: readonly Variable[]
  readonly threads?: readonly ThreadDraft[]
  readonly sizes?: Readonly<Record<string, number>>
  readonly initially?: Initially
  readonly properties?: readonly Property[]
}

/** A model, closed. */
export function configured({
  variables = [],
  threads: drafts = [],
  sizes = {},
  initially,
  properties = [],
}: ModelDraft): ConfiguredModel {
  const threads = drafts.map((draft, n) => thread({ name: `t${n}`, ...draft }))
  const instances = threads.flatMap(({ name, per, count }, n): readonly Instance[] => {
    const copies = per === undefined ? Number(count ?? 1) : (sizes[per] ?? 0)
    return Array.from({ length: copies }, (_, k) => ({
      name: per === undefined && count === undefined ? name : `${name}[${k}]`,
      thread: n,
      ...(per !== undefined && { self: k }),
    }))
  })
  return {
    name: 'test',
    sorts: Object.keys(sizes),
    constants: [],
    variables,
    threads,
    properties,
    instances,
    sizes: { ...sizes, Thread: instances.length },
    ...(initially && { initially: { ...initially, body: placed(initially.body) } }),
  }
}
