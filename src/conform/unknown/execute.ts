/** Statements over values that may not be known: each does all that it may do. */
import type { Arm, StatementOf } from '../../language/ast.ts'
import { enter } from '../../semantics/control.ts'
import type { Scope } from '../../semantics/evaluate.ts'
import { broken, type End, through, type Turn, valuesToTry } from '../../semantics/execute.ts'
import { fitDomain, variant } from '../../semantics/values.ts'
import { assume } from './assume.ts'
import { isFalse, possibleValue } from './evaluate.ts'
import { stored, typeOfPart } from './places.ts'
import { isUnknown, UNKNOWN } from './value.ts'

/** @returns the executions from a statement on; undefined where it means what it means elsewhere */
export function execute(turn: Turn): readonly End[] | undefined {
  const { context, execution, site } = turn
  const { scope } = execution
  const { statement } = site
  const on = (now: Scope): readonly End[] => through(turn, { ...execution, scope: now })
  switch (statement.kind) {
    case 'assign': {
      const value = possibleValue(scope, statement.value)
      const fitted = isUnknown(value)
        ? value
        : fitDomain(typeOfPart(context, statement.target), value, statement.target)
      return on(stored(context, scope, statement.target, fitted))
    }
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
    case 'pop': {
      const operands = [statement.target, ...('value' in statement ? [statement.value] : [])]
      const isKnown = !operands.some((one) => isUnknown(possibleValue(scope, one)))
      return isKnown ? undefined : on(stored(context, scope, statement.target, UNKNOWN))
    }
    case 'await': {
      const now = assume(context, scope, statement.condition, true)
      return now === undefined ? [{ kind: 'waits', path: statement.path, execution }] : on(now)
    }
    case 'assert':
      return asserted(turn, statement)
    case 'cover':
      return on(scope)
    case 'if':
      return [true, false].flatMap((is) => {
        const now = assume(context, scope, statement.condition, is)
        if (now === undefined) return []
        return taken(turn, now, is ? statement.then : statement.otherwise, is ? '.then' : '.else')
      })
    case 'match':
      return matched(turn, statement)
    case 'choose':
      return statement.where === undefined ? undefined : chosen(turn, statement, statement.where)
    default:
      return undefined
  }
}

/** An assertion fails only where it is sure to. A misuse that may be none is none. */
function asserted(turn: Turn, statement: StatementOf<'assert'>): readonly End[] | undefined {
  const { condition, property, message, always } = statement
  const { execution } = turn
  if (!isFalse(execution.scope, condition)) return through(turn, execution)
  return always === true ? [] : broken(turn, { claim: { kind: 'assertion', name: property }, message })
}

function taken(turn: Turn, scope: Scope, { binds, body }: Arm, arm: string): readonly End[] {
  const bound = binds.reduce<Scope>(
    (to, { local, value }) => ({ ...to, locals: to.locals.set(local, possibleValue(to, value)) }),
    scope,
  )
  return through(turn, { ...turn.execution, scope: bound }, enter(body, turn.site.next), arm)
}

/** Of a union that is not known, every arm. */
function matched(turn: Turn, { of, arms, otherwise }: StatementOf<'match'>): readonly End[] {
  const { scope } = turn.execution
  const value = possibleValue(scope, of)
  const all = Object.entries(arms).filter(([tag]) => isUnknown(value) || variant(value).tag === tag)
  const rest = otherwise !== undefined && (isUnknown(value) || all.length === 0) ? [otherwise] : []
  return [
    ...all.flatMap(([tag, arm]) => taken(turn, scope, arm, `.case-${tag}`)),
    ...rest.flatMap((arm) => taken(turn, scope, arm, '.rest')),
  ]
}

function chosen(
  turn: Turn,
  { local }: StatementOf<'choose'>,
  where: NonNullable<StatementOf<'choose'>['where']>,
): readonly End[] {
  const { context, execution } = turn
  return valuesToTry(turn, execution.scope, local).flatMap((value) => {
    const { scope } = execution
    const now = assume(context, { ...scope, locals: scope.locals.set(local, value) }, where, true)
    const choices = execution.choices.push({ local, value })
    return now === undefined ? [] : through(turn, { ...execution, scope: now, choices })
  })
}
