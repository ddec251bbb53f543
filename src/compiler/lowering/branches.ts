/** The arms of `if` and `match`, and which statements read and write only what is their thread's own. */
import type { Arm, Expression, Statement, StatementOf } from '../../language/ast.ts'
import { contains } from '../../language/walk.ts'
import { internal } from '../encoding.ts'
import type { Code, Effect } from '../program.ts'

export type Branching = StatementOf<'if' | 'match'>

/** The arms of an `if` or `match` in order, the last one for all that is left. */
export interface Branch {
  readonly condition?: Expression
  readonly arm: Arm | undefined
  readonly name: string
}

export function branchesOf(s: Branching): readonly Branch[] {
  if (s.kind === 'if')
    return [
      { condition: s.condition, arm: s.then, name: 'then' },
      { arm: s.otherwise, name: 'else' },
    ]
  const arms = Object.entries(s.arms).map(
    ([tag, arm]): Branch => ({ condition: { kind: 'isCase', of: s.of, tag }, arm, name: `case-${tag}` }),
  )
  if (s.otherwise !== undefined) {
    const always: Branch = {
      condition: { kind: 'binary', operator: '==', left: s.of, right: s.of },
      arm: s.otherwise,
      name: 'rest',
    }
    return [...(arms.length === 0 ? [always] : arms), { arm: s.otherwise, name: 'rest' }]
  }
  const last = arms.at(-1) ?? internal('a match without arms')
  // of a single arm the test must stay: what it tests may fail
  return [...(arms.length === 1 ? arms : arms.slice(0, -1)), { arm: last.arm, name: last.name }]
}

/** What an arm binds. */
export const bindings = (arm: Arm | undefined): readonly Effect[] =>
  (arm?.binds ?? []).map(({ local, value }) => ({ op: 'assign', target: { kind: 'local', id: local }, value }))

/** One side of a branch, written. Only the last needs no condition. */
export interface Side<T> {
  readonly condition: Expression | undefined
  readonly then: T
}
/** The sides tested one after the other. */
export function tested<T>(sides: readonly Side<T>[], test: (condition: Expression, then: T, otherwise: T) => T): T {
  const last = sides.at(-1) ?? internal('no arm')
  return sides
    .slice(0, -1)
    .reduceRight<T>(
      (otherwise, { condition, then }) => test(condition ?? internal('an arm without a test'), then, otherwise),
      last.then,
    )
}
export const branchBetween = (sides: readonly Side<Code>[]): Code =>
  tested(sides, (condition, then, otherwise): Code => ({ op: 'branch', condition, then, otherwise }))

export const isLocalExpression = (e: Expression): boolean => !contains(e, (part) => part.kind === 'shared')

/** Whether a branch reads only what is its thread's own. */
export function isLocalTest(s: Branching): boolean {
  return (
    isLocalExpression(s.kind === 'if' ? s.condition : s.of) &&
    branchesOf(s).every(({ arm }) => (arm?.binds ?? []).every(({ value }) => isLocalExpression(value)))
  )
}

/**
 * Whether a statement outside a step is no transition of its own, apart from what is in it, and may be done on one
 * path of several.
 */
export function isLocalEffect(s: Statement): boolean {
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return isLocalExpression(s.target) && isLocalExpression(s.value)
    case 'pop':
      return isLocalExpression(s.target)
    case 'if':
    case 'match':
      return isLocalTest(s)
    case 'assert':
    case 'reset':
      return true
    case 'call':
      return !s.atomic
    default:
      return false
  }
}
