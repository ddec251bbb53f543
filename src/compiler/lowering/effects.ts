/** Statements as effects. */
import type { Expression, Statement, StatementOf, Type } from '../../language/ast.ts'
import { internal, type SortSizes } from '../encoding.ts'
import type { Code, Effect } from '../program.ts'
import { bindings, foldBranches, type Branching } from './branches.ts'
import { armTaken, type Lowering, type TakenArm } from './lowering.ts'

/** Effects, and what follows them. */
export const prefix = (effects: readonly Effect[], next: Code): Code =>
  effects.reduceRight<Code>((following, effect) => ({ op: 'effect', effect, next: following }), next)

type EffectStatement = StatementOf<'assign' | 'insert' | 'remove' | 'push' | 'pop' | 'discard' | 'assert' | 'cover'>

/** A statement that is one effect. */
export function effectOf({ typeOf }: Pick<Lowering, 'typeOf'>, s: EffectStatement): Effect {
  switch (s.kind) {
    case 'assign': {
      // zero of another type need not be the local's: that of 1..3 is 1
      const isReset =
        s.target.kind === 'local' &&
        s.value.kind === 'zero' &&
        JSON.stringify(s.value.type) === JSON.stringify(typeOf(s.target.id))
      return { op: 'assign', target: s.target, value: s.value, ...(isReset ? { resets: true } : {}) }
    }
    case 'pop':
      return { op: 'pop', target: s.target }
    case 'assert':
      return { op: 'assert', condition: s.condition, property: s.property, always: s.always }
    case 'cover':
      return { op: 'cover', condition: s.condition, property: s.property }
    case 'insert':
    case 'remove':
      return { op: s.kind, target: s.target, value: s.value }
    case 'push':
    case 'discard':
      return { op: s.kind, target: s.target, value: s.value }
  }
}

/** Locals become zero. */
export const resets = ({ typeOf }: Pick<Lowering, 'typeOf'>, locals: readonly number[]): readonly Effect[] =>
  locals.map((id) => ({
    op: 'assign',
    target: { kind: 'local', id },
    value: { kind: 'zero', type: typeOf(id) },
    resets: true,
  }))

/** A `forEach` begins: all elements remain. */
export const fillRemaining = (s: StatementOf<'forEach'>): Effect => ({
  op: 'assign',
  target: { kind: 'local', id: s.remaining },
  value: { kind: 'all', type: { kind: 'set', of: s.over } },
})

/** The effects that begin each round of a `forEach` inside a step. */
export const rounds = ({ sizes }: Lowering, s: StatementOf<'forEach'>): readonly (readonly Effect[])[] =>
  elements(s.over, sizes).map((value) => [{ op: 'assign', target: { kind: 'local', id: s.local }, value }])

/** The statements that may become effects, and the effects that record that a branch among them is taken. */
export interface Allowed {
  readonly isAllowed: (s: Statement) => boolean
  readonly take: TakenArm
}
export const allAllowed: Allowed = { isAllowed: () => true, take: armTaken }

/** The statement as effects, if it contains no choice, guard or jump, and only allowed statements. */
export function effectsOf(l: Lowering, s: Statement, allowed: Allowed): readonly Effect[] | undefined {
  if (!allowed.isAllowed(s)) return undefined
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard':
    case 'assert':
    case 'cover':
      return [effectOf(l, s)]
    case 'step':
    case 'call':
      return effectsOfAll(l, s.body, allowed)
    case 'reset':
      return resets(l, s.locals)
    case 'if':
    case 'match':
      return effectsOfBranches(l, s, allowed)
    case 'forEach': {
      const each = effectsOfAll(l, s.body, allowed)
      return each === undefined ? undefined : rounds(l, s).flatMap((head) => [...head, ...each])
    }
    default:
      return undefined
  }
}
function effectsOfAll(l: Lowering, list: readonly Statement[], allowed: Allowed): readonly Effect[] | undefined {
  const each = list.map((one) => effectsOf(l, one, allowed))
  return each.every((effects) => effects !== undefined) ? each.flat() : undefined
}
function effectsOfBranches(l: Lowering, s: Branching, allowed: Allowed): readonly Effect[] | undefined {
  return foldBranches<readonly Effect[] | undefined>(
    s,
    ({ arm, name }) => {
      const effects = effectsOfAll(l, arm.body, allowed)
      return effects === undefined ? undefined : [...allowed.take(l, s, name, arm.body), ...bindings(arm), ...effects]
    },
    (condition, then, otherwise) =>
      then === undefined || otherwise === undefined ? undefined : [{ op: 'test', condition, then, otherwise }],
  )
}

/** The values of a type as expressions, in order. */
function elements(type: Type, sizes: SortSizes): readonly Expression[] {
  switch (type.kind) {
    case 'bool':
      return [false, true].map((value) => ({ kind: 'literal', value, type }))
    case 'int': {
      const low = Number(type.low)
      return Array.from({ length: Number(type.high) - low + 1 }, (_, i) => ({ kind: 'literal', value: low + i, type }))
    }
    case 'enum':
      return type.members.map((value) => ({ kind: 'literal', value, type }))
    case 'id':
      return Array.from({ length: sizes[type.sort] ?? 0 }, (_, value) => ({ kind: 'literal', value, type }))
    case 'optional':
      return [{ kind: 'zero', type }, ...elements(type.of, sizes).map((of): Expression => ({ kind: 'some', of, type }))]
    default:
      return internal(`a ${type.kind} cannot be run through`)
  }
}
