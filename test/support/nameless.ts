/** Models that name no element of a sort: what a random model needs, for its ids to be interchangeable. */
import type { ConfiguredModel, Expression, ModelThread, Statement, Type, Variable } from '../../src/language/ast.ts'
import { mapParts, mapStatement } from '../../src/language/walk.ts'
import { current, literal, self, shared, zero } from './ast.ts'

/**
 * The model with other values where it names an element: the element of the running thread, or what a variable holds.
 * A variable that holds an id begins with every element. A name that nothing can stand for stays.
 */
export function nameless(model: ConfiguredModel): ConfiguredModel {
  const { variables, threads, properties, sizes } = model
  const instead = (type: Type, thread?: ModelThread): Expression | undefined => {
    if (type.kind !== 'id') return undefined
    if (thread?.per === type.sort) return self
    if (thread !== undefined && type.sort === 'Thread') return current
    const holder = variables.find(({ type: held, ghost }) => held.kind === 'id' && held.sort === type.sort && !ghost)
    return holder === undefined ? undefined : shared(holder.name)
  }
  const inside = (e: Expression, thread?: ModelThread): Expression => {
    if (e.kind === 'literal' || e.kind === 'zero') return instead(e.type, thread) ?? e
    return mapParts(e, (part) => inside(part, thread))
  }
  const statement = (s: Statement, thread: ModelThread): Statement =>
    mapStatement(s, {
      expression: (e) => inside(e, thread),
      block: (body) => body.map((one) => statement(one, thread)),
    })
  return {
    ...model,
    variables: variables.map((variable) => anyId(variable, sizes)),
    threads: threads.map((thread) => ({ ...thread, body: thread.body.map((s) => statement(s, thread)) })),
    properties: properties.map((property) =>
      property.kind === 'invariant' || property.kind === 'transition'
        ? { ...property, condition: inside(property.condition) }
        : property.kind === 'sometimes' && property.condition !== undefined
          ? { ...property, condition: inside(property.condition) }
          : property,
    ),
  }
}

function anyId(variable: Variable, sizes: ConfiguredModel['sizes']): Variable {
  const { type } = variable
  if (type.kind === 'id')
    return { ...variable, initial: Array.from({ length: sizes[type.sort] ?? 0 }, (_, n) => literal(n, type)) }
  return type.kind === 'optional' || type.kind === 'set' || type.kind === 'queue'
    ? { ...variable, initial: [zero(type)] }
    : variable
}
