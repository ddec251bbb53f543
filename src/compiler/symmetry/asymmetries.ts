/**
 * The reasons why the elements of a sort may not be permuted: what a text does that tells one from another. A model
 * that has none of them leads from the image of a state to the images of its successors.
 */
import type { ConfiguredModel, Expression, ModelThread, Statement, StatementOf } from '../../language/ast.ts'
import { isAtomic } from '../../language/validate/texts.ts'
import { identityOf, remembered, rememberedByKey } from '../../language/remembered.ts'
import { blocksOf, expressionsOf, parts, visitStatements } from '../../language/walk.ts'
import { changes, domainsOf, type Domains } from '../domains.ts'
import type { CompiledThread } from '../threads.ts'
import { doubtsOf } from './doubts.ts'
import { binding, dependsOnOrder, evaluationIn, partsInContext, type EvaluationContext } from './may-fail.ts'
import { idSortsIn, idSortsInZero, threadSort } from './scalarset.ts'

/** A sort, and what tells its elements apart. */
export interface Asymmetry {
  readonly sort: string
  readonly why: string
  /** It matters only where a transition fails: as long as none does, the elements are alike. */
  readonly onlyIfFails?: true
}

export function asymmetriesOf(model: ConfiguredModel, threads: readonly CompiledThread[]): readonly Asymmetry[] {
  const context = evaluationIn(model)
  return [
    ...threads.flatMap((thread) => [...inText(model, thread.source), ...inDoubt(thread)]),
    ...model.properties.flatMap(({ name, condition }) =>
      condition === undefined ? [] : inExpression(condition, context, `property ${name}`),
    ),
  ]
}

const because = (sorts: Iterable<string>, why: string): readonly Asymmetry[] =>
  [...sorts].map((sort) => ({ sort, why }))

function inDoubt({ source, ...thread }: CompiledThread): readonly Asymmetry[] {
  return doubtsOf({ source, ...thread }).flatMap(({ local: { name, type }, why }) =>
    why === 'unassigned'
      ? because(idSortsInZero(type), `local ${name} of ${source.name} may be read before it is assigned`)
      : because(idSortsIn(type), `local ${name} of ${source.name} keeps the last element of a ForEach in a step`),
  )
}

const texts = rememberedByKey<ModelThread, readonly Asymmetry[]>()

/** What is said of a thread depends on the types of the variables, and on the sizes. */
const inText = (model: ConfiguredModel, thread: ModelThread): readonly Asymmetry[] =>
  texts(thread, JSON.stringify([identityOf(model.variables), model.sizes]), () => asymmetriesIn(model, thread))

function asymmetriesIn(model: ConfiguredModel, thread: ModelThread): readonly Asymmetry[] {
  const context = evaluationIn(model, thread)
  const found: Asymmetry[] = []
  visitStatements(thread.body, (s) => {
    const where = `${thread.name} ${s.path}`
    const inStatement =
      s.kind === 'await' && s.blockers !== undefined
        ? binding(context, s.blockers.bound, { kind: 'id', sort: threadSort })
        : context
    for (const e of expressionsOf(s)) if (!isReset(s, e)) found.push(...inExpression(e, inStatement, where))
  })
  return [...found, ...inSteps(thread.body, false, domainsOf(model, thread), thread.name)]
}

/** A local that becomes zero as a whole is unassigned from then on: `doubtsOf` looks whether that is seen. */
const isReset = (s: Statement, e: Expression): boolean =>
  s.kind === 'assign' && e === s.value && e.kind === 'zero' && s.target.kind === 'local'

/** Whether an expression names an element, or goes through elements: one that does neither tells none from another. */
const mayTellApart: (e: Expression) => boolean = remembered(
  (e) =>
    e.kind === 'quantified' ||
    (e.kind === 'literal' && idSortsIn(e.type).size > 0) ||
    (e.kind === 'zero' && idSortsInZero(e.type).size > 0) ||
    parts(e).some(mayTellApart),
)

function inExpression(e: Expression, context: EvaluationContext, where: string): readonly Asymmetry[] {
  if (!mayTellApart(e)) return []
  const inside = partsInContext(e, context).flatMap(([part, its]) => inExpression(part, its, where))
  switch (e.kind) {
    case 'literal':
      return because(idSortsIn(e.type), `${where} names an element`)
    case 'zero':
      return because(idSortsInZero(e.type), `${where} takes the first element as zero`)
    case 'quantified':
      return dependsOnOrder(e, context)
        ? [...inside, ...because(idSortsIn(e.over), `${where} stops at an element and may fail at another`)]
        : inside
    default:
      return inside
  }
}

/**
 * The rounds of a `forEach` inside a step, whose order may show in which of them fails or waits first. If none can wait,
 * a transition that fails does so in any order, though perhaps in another way.
 */
function inSteps(body: readonly Statement[], inStep: boolean, domains: Domains, thread: string): readonly Asymmetry[] {
  return body.flatMap((s) => [
    ...(s.kind === 'forEach' && inStep ? inRounds(s, domains, thread) : []),
    ...blocksOf(s).flatMap((inner) => inSteps(inner.body, inStep || isAtomic(s), domains, thread)),
  ])
}

function inRounds(s: StatementOf<'forEach'>, domains: Domains, thread: string): readonly Asymmetry[] {
  const sorts = idSortsIn(s.over)
  const ends = new Set<string>()
  visitStatements(s.body, (one) => {
    if (one.kind === 'assert') ends.add(one.always ? `misuse ${one.property}` : 'assertion')
    if (one.kind === 'await' || one.kind === 'choose') ends.add('waits')
    if (!expressionsOf(one).every(domains.isTotal) || (changes(one) && domains.canFail(one))) ends.add('domain')
  })
  const several = because(sorts, `a round of the ForEach ${thread} ${s.path} may end in several ways`)
  return [
    ...(ends.size <= 1
      ? []
      : ends.has('waits')
        ? several
        : several.map((one): Asymmetry => ({ ...one, onlyIfFails: true }))),
    ...(domains.isReadInside(s) ? [] : because(sorts, `${thread} reads the element behind the ForEach ${s.path}`)),
  ]
}
