/**
 * Restricts a model to some of its properties: what the others assert is taken for true, what they witness is left
 * out, nothing else moves.
 */
import type { Model, Statement } from './ast.ts'
import { yes } from './expressions.ts'
import { mapStatement } from './walk.ts'

/**
 * The model with only the properties `names`, and only their assertions and covers.
 *
 * An assertion is not taken out of the text: it may be what a transition before a loop head is made of. So the
 * transitions of a model, their paths and their labels are the same whatever is selected, and a schedule of one
 * selection fits the other. Lock misuse (`always`) stays as it is.
 *
 * @param model a model, configured or not
 * @param names the names of the properties to keep; a name that the model does not know keeps nothing
 */
export function selectProperties<M extends Model>(model: M, names: Iterable<string>): M {
  const asked = new Set(names)
  // a relation is asked for with its pairs
  const kept = new Set([
    ...asked,
    ...model.properties
      .filter(({ relates }) => relates !== undefined && asked.has(relates.property))
      .map(({ name }) => name),
  ])
  const change = (statement: Statement): readonly Statement[] => {
    if (statement.kind === 'assert')
      return [statement.always || kept.has(statement.property) ? statement : { ...statement, condition: yes.node }]
    return statement.kind !== 'cover' || kept.has(statement.property) ? [statement] : []
  }
  return withProperties(mapBodies(model, change), kept)
}

/**
 * The model without properties, and without anything in it that asserts or witnesses one, or says what is not asked
 * of it: what it does, not what is claimed of it.
 */
export function withoutProperties<M extends Model>(model: M): Omit<M, 'without'> {
  const claims = (statement: Statement): boolean =>
    (statement.kind === 'assert' && !statement.always) || statement.kind === 'cover'
  const { without: _, ...does } = withProperties(
    mapBodies(model, (statement) => (claims(statement) ? [] : [statement])),
    new Set(),
  )
  return does
}

function withProperties<M extends Model>(model: M, kept: ReadonlySet<string>): M {
  return { ...model, properties: model.properties.filter(({ name }) => kept.has(name)) }
}

/** Every statement, the outer before the inner, replaced by others. */
function mapBodies<M extends Model>(model: M, change: (statement: Statement) => readonly Statement[]): M {
  const body = (statements: readonly Statement[]): readonly Statement[] =>
    statements.flatMap(change).map((statement) => mapStatement(statement, { block: body }))
  return {
    ...model,
    threads: model.threads.map((thread) => ({ ...thread, body: body(thread.body) })),
    ...(model.initially === undefined ? {} : { initially: { ...model.initially, body: body(model.initially.body) } }),
  }
}
