/**
 * Parts of an expression that may fail: those that no test on the way to them excludes. Whether such a failure is
 * seen must not depend on the order in which a quantifier takes the elements.
 */
import type { ConfiguredModel, Expression, ModelThread, Type } from '../../language/ast.ts'
import { scopeOf, typing, type TypeScope } from '../../language/typing.ts'
import { contains, parts } from '../../language/walk.ts'
import { isInType } from '../domains.ts'
import { factsFrom, isSameData, type Fact } from '../facts.ts'

type Quantified = Extract<Expression, { kind: 'quantified' }>

/** An expression where it stands: the types of the bound variables, and what was tested before it is evaluated. */
export interface EvaluationContext {
  readonly scope: TypeScope
  readonly bounds: ReadonlyMap<number, Type>
  readonly facts: readonly Fact[]
  /** The type of an expression there. */
  readonly typeOf: (e: Expression) => Type
}

/** The beginning of an expression of a thread, or of a property. */
export function evaluationIn(model: ConfiguredModel, text?: Pick<ModelThread, 'locals' | 'per'>): EvaluationContext {
  const scope = scopeOf(model, text)
  return { scope, bounds: new Map(), facts: [], typeOf: typing(scope) }
}

/** The context with a bound variable of that type. */
export function binding({ scope, bounds, facts }: EvaluationContext, id: number, type: Type): EvaluationContext {
  const all = new Map([...bounds, [id, type]])
  return { scope, bounds: all, facts, typeOf: typing({ ...scope, bound: (one) => all.get(one) }) }
}

const knowing = (context: EvaluationContext, condition: Expression, outcome: boolean): EvaluationContext => ({
  ...context,
  facts: [...context.facts, ...factsFrom(condition, outcome)],
})

/** The parts, each in the context in which it is evaluated. */
export function partsInContext(
  e: Expression,
  context: EvaluationContext,
): readonly (readonly [Expression, EvaluationContext])[] {
  switch (e.kind) {
    case 'binary': {
      const right =
        e.operator === 'and' || e.operator === 'or' ? knowing(context, e.left, e.operator === 'and') : context
      return [
        [e.left, context],
        [e.right, right],
      ]
    }
    case 'conditional':
      return [
        [e.condition, context],
        [e.then, knowing(context, e.condition, true)],
        [e.otherwise, knowing(context, e.condition, false)],
      ]
    case 'quantified':
      return [[e.body, binding(context, e.bound, e.over)]]
    case 'elements': {
      const queue = typeIn(e.of, context)
      return [
        [e.of, context],
        [e.body, queue?.kind === 'queue' ? binding(context, e.bound, queue.of) : context],
      ]
    }
    case 'before':
      return [[e.of, { ...context, facts: [] }]]
    default:
      return parts(e).map((part) => [part, context])
  }
}

/** The parts that may fail. */
export const mayFail = (e: Expression, context: EvaluationContext): readonly Expression[] => [
  ...partsInContext(e, context).flatMap(([part, inside]) => mayFail(part, inside)),
  ...(failsItself(e, context) ? [e] : []),
]

function typeIn(e: Expression, { typeOf }: EvaluationContext): Type | undefined {
  try {
    return typeOf(e)
  } catch {
    return undefined
  }
}

function failsItself(e: Expression, context: EvaluationContext): boolean {
  const areInTypes = (types: Readonly<Record<string, Type>>, values: Readonly<Record<string, Expression>>): boolean =>
    Object.entries(values).every(([name, value]) => {
      const wanted = types[name]
      return wanted !== undefined && isInType(typeIn(value, context), wanted)
    })
  switch (e.kind) {
    case 'head':
      return true
    case 'value':
      return !context.facts.some(
        ({ expression, tag, truth }) => tag === undefined && truth && isSameData(expression, e.of),
      )
    case 'payload':
      return !isKnownCase(e, context)
    case 'index': {
      const array = typeIn(e.of, context)
      return array?.kind !== 'array' || array.index.kind === 'int'
    }
    case 'some':
      return e.type.kind !== 'optional' || !isInType(typeIn(e.of, context), e.type.of)
    case 'fill':
      return e.type.kind !== 'array' || !isInType(typeIn(e.of, context), e.type.of)
    case 'record':
      return e.type.kind !== 'record' || !areInTypes(e.type.fields, e.fields)
    case 'case':
      return e.type.kind !== 'union' || !areInTypes(e.type.cases[e.tag] ?? {}, e.fields)
    default:
      return false
  }
}

/** The union is known to be that case, or to be none of the others. */
function isKnownCase(e: Extract<Expression, { kind: 'payload' }>, context: EvaluationContext): boolean {
  const knows = (tag: string, truth: boolean): boolean =>
    context.facts.some((fact) => fact.tag === tag && fact.truth === truth && isSameData(fact.expression, e.of))
  if (knows(e.tag, true)) return true
  const union = typeIn(e.of, context)
  return union?.kind === 'union' && Object.keys(union.cases).every((tag) => tag === e.tag || knows(tag, false))
}

/**
 * Whether a failure in the body may be seen or not, as the elements are taken in one order or another: the quantifier
 * stops at an element that decides. A failure that is no matter of the element comes at every one that could decide.
 */
export function dependsOnOrder({ quantifier, body, bound, over }: Quantified, context: EvaluationContext): boolean {
  if (quantifier === 'count') return false
  const inside = binding(context, bound, over)
  const decided = evaluated(body, quantifier === 'some')
  return mayFail(body, inside).some(
    (part) =>
      contains(part, ({ kind }) => kind === 'bound') ||
      !decided.some((one) => contains(one, (e) => isSameData(e, part))),
  )
}

/**
 * The parts of an expression that are evaluated in any case.
 *
 * @param outcome the value that it has; either, if it is left out
 */
function evaluated(e: Expression, outcome?: boolean): readonly Expression[] {
  switch (e.kind) {
    case 'not':
      return evaluated(e.of, outcome === undefined ? undefined : !outcome)
    case 'binary': {
      if (e.operator !== 'and' && e.operator !== 'or') return parts(e).flatMap((part) => evaluated(part))
      const isBoth = outcome === (e.operator === 'and')
      return isBoth ? [...evaluated(e.left, outcome), ...evaluated(e.right, outcome)] : evaluated(e.left)
    }
    case 'conditional':
      return evaluated(e.condition)
    case 'quantified':
      // an element decides, where it is as the quantifier looks for; else all of them were asked
      return e.quantifier === 'count' || outcome === undefined ? [] : evaluated(e.body, outcome)
    case 'elements':
      return evaluated(e.of)
    case 'before':
      return [e]
    default:
      return [e, ...parts(e).flatMap((part) => evaluated(part))]
  }
}
