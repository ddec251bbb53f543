/**
 * Invariants that say nothing: `implies(a, b)` holds wherever `a` is false, so an invariant whose premises are true
 * in no reachable state is always true.
 *
 * An implication is recorded as `!a || b`. Its premise is looked for by the engine as a `sometimes` property is,
 * under the invariant's own claim.
 */
import type { ConfiguredModel, Expression, Model, Property } from '../language/ast.ts'
import { textOf } from '../language/labels.ts'
import { contains } from '../language/walk.ts'
import { sharedReadsOf } from './fields.ts'
import type { Open } from './open.ts'
import { warning, type Warning } from './warning.ts'

/** A premise of an invariant: a condition over the shared state, with what is quantified around it. */
export interface Premise {
  readonly property: string
  readonly condition: Expression
}

export const premisesOf = ({ properties }: ConfiguredModel): readonly Premise[] =>
  properties.flatMap(({ kind, name, condition }) =>
    kind === 'invariant' && condition !== undefined
      ? premisesIn(condition).map((premise) => ({ property: name, condition: premise }))
      : [],
  )

/** Under `and` and `every`, every implication is a claim of its own. */
function premisesIn(e: Expression): readonly Expression[] {
  if (e.kind === 'quantified' && e.quantifier === 'every')
    return premisesIn(e.body).map((body) => ({ ...e, quantifier: 'some', body }))
  if (e.kind === 'elements' && e.quantifier === 'every')
    return premisesIn(e.body).map((body) => ({ ...e, quantifier: 'some', body }))
  if (e.kind !== 'binary') return []
  if (e.operator === 'and') return [...premisesIn(e.left), ...premisesIn(e.right)]
  if (e.operator !== 'or') return []
  const alternatives = disjuncts(e)
  // `!a || !b` says that both are never true at once: the last part is the conclusion
  const denied = alternatives.filter(
    (one, n) => one.kind === 'not' && (n < alternatives.length - 1 || alternatives.some(({ kind }) => kind !== 'not')),
  )
  const [first, ...others] = denied.flatMap((one) => (one.kind === 'not' ? [one.of] : []))
  return first === undefined
    ? []
    : [others.reduce<Expression>((left, right) => ({ kind: 'binary', operator: 'and', left, right }), first)]
}

const disjuncts = (e: Expression): readonly Expression[] =>
  e.kind === 'binary' && e.operator === 'or' ? [...disjuncts(e.left), ...disjuncts(e.right)] : [e]

/**
 * @param whole the model before it was configured
 * @param seen by premise: whether some state shows it
 */
export function vacuousWarnings(
  model: ConfiguredModel,
  whole: Model,
  premises: readonly Premise[],
  seen: (premise: number) => boolean,
  open: Open,
): readonly Warning[] {
  return model.properties.flatMap(({ name, kind, condition, at = model.name }) => {
    if (kind !== 'invariant' || condition === undefined) return []
    if (isOfNothing(condition, model.sizes) && !isByConstants(whole.properties, name)) {
      return [
        warning(
          'HMM064',
          `the invariant ${name} is true in every state: nothing that it speaks of exists in this configuration`,
          at,
        ),
      ]
    }
    const mine = premises.flatMap((premise, n) => (premise.property === name ? [{ ...premise, n }] : []))
    if (
      mine.length === 0 ||
      mine.some(({ n, condition: premise }) => seen(n) || [...sharedReadsOf(premise).fields].some(open.field))
    )
      return []
    const texts = mine.map((one) => `\`${textOf(one.condition, { local: (id) => `local ${id}` })}\``)
    return [warning('HMM064', `the invariant ${name} is vacuous: its premise is never true: ${texts.join(', ')}`, at)]
  })
}

/** Whether it is true wherever it is asked: of a sort without elements everything is. */
function isOfNothing(e: Expression, sizes: ConfiguredModel['sizes']): boolean {
  if (e.kind === 'literal') return e.value === true
  if (e.kind === 'quantified')
    return (
      e.quantifier === 'every' && ((e.over.kind === 'id' && sizes[e.over.sort] === 0) || isOfNothing(e.body, sizes))
    )
  return e.kind === 'binary' && e.operator === 'and' && isOfNothing(e.left, sizes) && isOfNothing(e.right, sizes)
}

/** Whether the configuration is what makes it true: a constant of a variant, then. */
const isByConstants = (properties: readonly Property[], name: string): boolean => {
  const condition = properties.find((one) => one.name === name)?.condition
  return condition !== undefined && contains(condition, ({ kind }) => kind === 'constant')
}
