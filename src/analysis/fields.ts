/** The shared fields that statements read and write, whatever their indices are: `mm.hmm`, `driver[].bound`. */
import type { Expression, Statement } from '../language/ast.ts'
import { remembered } from '../language/remembered.ts'
import { expressionsOf, parts, visitStatements } from '../language/walk.ts'

/** `driver[].update.owner`, of a place in a shared variable; of a union's field, the union. */
export function sharedFieldOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'shared':
      return expression.name
    case 'field':
    case 'index':
    case 'payload':
    case 'value':
    case 'head':
    case 'isSome':
    case 'isCase':
    case 'size': {
      const of = sharedFieldOf(expression.of)
      if (of === undefined) return undefined
      return expression.kind === 'field' ? `${of}.${expression.name}` : expression.kind === 'index' ? `${of}[]` : of
    }
    default:
      return undefined
  }
}

/** The shared fields that an expression reads, and the locals. */
export function sharedReadsOf(
  expression: Expression,
  into: { readonly fields: Set<string>; readonly locals: Set<number> } = { fields: new Set(), locals: new Set() },
): { readonly fields: ReadonlySet<string>; readonly locals: ReadonlySet<number> } {
  if (expression.kind === 'local') into.locals.add(expression.id)
  const field = sharedFieldOf(expression)
  if (field !== undefined) into.fields.add(field)
  for (const part of field === undefined ? parts(expression) : indicesOf(expression)) sharedReadsOf(part, into)
  return into
}

/** The indices of a place. */
function indicesOf(place: Expression): readonly Expression[] {
  if (place.kind === 'index') return [place.index, ...indicesOf(place.of)]
  return 'of' in place && place.kind !== 'elements' ? indicesOf(place.of) : []
}

/** Whether one is the other, or a part of it. */
export const fieldsOverlap = (a: string, b: string): boolean => a === b || isWithin(a, b) || isWithin(b, a)
const isWithin = (part: string, whole: string): boolean => part.startsWith(`${whole}.`) || part.startsWith(`${whole}[`)

/** The fields that the statements of a body write, each with those that do. */
export function writesIn(
  body: readonly Statement[],
): readonly { readonly field: string; readonly statement: Statement }[] {
  const all: { readonly field: string; readonly statement: Statement }[] = []
  visitStatements(body, (statement) => {
    if (!('target' in statement)) return
    const field = sharedFieldOf(statement.target)
    if (field !== undefined) all.push({ field, statement })
  })
  return all
}

/** All that a statement itself reads. */
export const readsOfStatement: (statement: Statement) => ReturnType<typeof sharedReadsOf> = remembered((statement) =>
  expressionsOf(statement).reduce<{ readonly fields: Set<string>; readonly locals: Set<number> }>(
    (into, e) => {
      sharedReadsOf(e, into)
      return into
    },
    { fields: new Set(), locals: new Set() },
  ),
)
