/** The arms of `if` and `match`, and which statements read and write only what is their thread's own. */
import type { Arm, Expression, Statement, StatementOf } from '../../language/ast.ts'
import { armsOf, contains } from '../../language/walk.ts'
import { internal } from '../encoding.ts'
import type { Code, Effect } from '../program.ts'

export type Branching = StatementOf<'if' | 'match'>

/** An arm of an `if` or `match`, with its name in paths. */
export interface Branch {
  readonly arm: Arm
  readonly name: string
}
/** The arms in order: each with its test but the last, which is for all that is left. */
interface Branches {
  readonly tested: readonly (Branch & { readonly condition: Expression })[]
  readonly last: Branch
}

function branchesOf(s: Branching): Branches {
  if (s.kind === 'if')
    return {
      tested: [{ condition: s.condition, arm: s.then, name: 'then' }],
      last: { arm: s.otherwise, name: 'else' },
    }
  const arms = Object.entries(s.arms).map(([tag, arm]) => ({
    condition: { kind: 'isCase', of: s.of, tag } as const,
    arm,
    name: `case-${tag}`,
  }))
  if (s.otherwise !== undefined) {
    const last: Branch = { arm: s.otherwise, name: 'rest' }
    const always: Expression = { kind: 'binary', operator: '==', left: s.of, right: s.of }
    return { tested: arms.length === 0 ? [{ ...last, condition: always }] : arms, last }
  }
  const last = arms.at(-1) ?? internal('a match without arms')
  // of a single arm the test must stay: what it tests may fail
  return { tested: arms.length === 1 ? arms : arms.slice(0, -1), last }
}

/**
 * Each arm written, and the tests that lead to it.
 *
 * @param write is asked for the arms in their order
 */
export function foldBranches<T>(
  s: Branching,
  write: (branch: Branch) => T,
  test: (condition: Expression, then: T, otherwise: T) => T,
): T {
  const { tested, last } = branchesOf(s)
  const sides = tested.map((branch) => ({ condition: branch.condition, then: write(branch) }))
  return sides.reduceRight((otherwise, { condition, then }) => test(condition, then, otherwise), write(last))
}
export const branchBetween = (s: Branching, write: (branch: Branch) => Code): Code =>
  foldBranches(s, write, (condition, then, otherwise): Code => ({ op: 'branch', condition, then, otherwise }))

/** The bindings of an arm, as effects. */
export const bindings = (arm: Arm): readonly Effect[] =>
  arm.binds.map(({ local, value }) => ({ op: 'assign', target: { kind: 'local', id: local }, value }))

export const isLocalExpression = (e: Expression): boolean => !contains(e, (part) => part.kind === 'shared')

/** Whether a branch reads only what is its thread's own. */
export function isLocalTest(s: Branching): boolean {
  return (
    isLocalExpression(s.kind === 'if' ? s.condition : s.of) &&
    armsOf(s).every(({ binds }) => binds.every(({ value }) => isLocalExpression(value)))
  )
}

/**
 * Whether a statement outside a step is not itself a transition (the statements in it may be), and may be done on one
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
