/**
 * Restricts a model to some of its properties: what the others assert is taken for true, what they witness is left
 * out, nothing else moves.
 */
import type { Model, ModelThread, Statement } from './ast.ts'
import { yes } from './expressions.ts'
import { remembered, rememberedByKey } from './remembered.ts'
import { mapStatement, visitStatements } from './walk.ts'

/**
 * The model with only the properties `names`, and only their assertions and covers.
 *
 * An assertion is not taken out of the text: a transition before a loop head may consist of it. So the transitions of a
 * model, their paths and their labels do not depend on the selection, and a schedule of one selection fits the other.
 * Lock misuse (`always`) stays as it is.
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
  const inThread = (thread: ModelThread): ModelThread =>
    selections(thread, JSON.stringify(claimedBy(thread).filter((name) => kept.has(name))), () =>
      mapBody(thread, change),
    )
  return withProperties(mapBodies(model, change, inThread), kept)
}

/** Each thread with some of its assertions and covers: selections, and variants, have many of them in common. */
const selections = rememberedByKey<ModelThread, ModelThread>()

/** The properties that a thread asserts or covers. */
const claimedBy = remembered(({ body }: ModelThread): readonly string[] => {
  const names = new Set<string>()
  visitStatements(body, (statement) => {
    if (statement.kind === 'assert' || statement.kind === 'cover') names.add(statement.property)
  })
  return [...names]
})

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

type Change = (statement: Statement) => readonly Statement[]

/** Every statement, the outer before the inner, replaced by others. */
function mapBodies<M extends Model>(
  model: M,
  change: Change,
  inThread = (thread: ModelThread): ModelThread => mapBody(thread, change),
): M {
  return {
    ...model,
    threads: model.threads.map(inThread),
    ...(model.initially === undefined ? {} : { initially: mapBody(model.initially, change) }),
  }
}

function mapBody<T extends Pick<ModelThread, 'body'>>(text: T, change: Change): T {
  const block = (statements: readonly Statement[]): readonly Statement[] =>
    statements.flatMap(change).map((statement) => mapStatement(statement, { block }))
  return { ...text, body: block(text.body) }
}
