/**
 * All claimed properties that a run violates, each at its first violation, not only the one that it was recorded for.
 */
import type { ConfiguredModel, Property, PropertyKind, StatementOf } from '../language/ast.ts'
import { claimKey, isAlwaysJudged } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { visitStatements } from '../language/walk.ts'
import { holdsInDomain } from '../semantics/evaluate.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { shownBy } from '../semantics/kinds/shown-by.ts'
import { failuresOf } from '../semantics/machine.ts'
import type { AnnotatedRun } from './annotated-run.ts'

/** The first violation of a property in a run. */
export interface FirstViolation {
  readonly property: string
  readonly kind: PropertyKind
  /** The number of the step after which it is violated; 0 if the initial state violates it. */
  readonly step: number
  /** The message, for an assertion. */
  readonly message?: string
}

/** Whether it is a violation of that property. */
export const isViolationOf = (
  { property, kind }: Pick<FirstViolation, 'property' | 'kind'>,
  claim: Claim | undefined,
): boolean => claim?.kind === kind && claim.name === property

/**
 * The first violations, in the order of the steps. `recoverable` and relations are not judged: one state shows neither.
 *
 * @param claims the same configured model, with the properties that are claimed
 */
export function firstViolations(annotated: AnnotatedRun, claims: ConfiguredModel): readonly FirstViolation[] {
  const asserted = firstFailedAssertions(annotated, claims)
  const { machine, run, states } = annotated
  const others = claims.properties.filter(isSeenInRuns).flatMap((property): readonly FirstViolation[] => {
    const step = shownBy(property, { machine, run, ends: (after) => states[after]?.ends ?? [] })
    return step === undefined ? [] : [{ property: property.name, kind: property.kind, step }]
  })
  return [...asserted, ...others].toSorted((a, b) => a.step - b.step)
}

const isSeenInRuns = ({ kind }: Property): boolean =>
  kinds[kind].outcome === 'violated' && ['state', 'step'].includes(kinds[kind].judgedOn)

/**
 * The machine of a run takes the assertions of other properties for true. Their conditions stand at the same path in
 * the model that claims them.
 */
function firstFailedAssertions(
  { machine, run, steps }: AnnotatedRun,
  claims: ConfiguredModel,
): readonly FirstViolation[] {
  const asserts = claims.threads.map(({ body }) => {
    const byPath = new Map<string, StatementOf<'assert'>>()
    visitStatements(body, (statement) => {
      if (statement.kind === 'assert' && !statement.always) byPath.set(statement.path, statement)
    })
    return byPath
  })
  const claimed = new Set(claims.properties.flatMap(({ name, kind }) => (kind === 'assertion' ? [name] : [])))
  const falls = new Map<string, FirstViolation>()
  const violation = ({ kind, name }: Claim, step: number, message: string): void => {
    const key = claimKey({ kind, name })
    if (!falls.has(key)) falls.set(key, { property: name, kind, step, message })
  }
  steps.forEach(({ thread, executed }, n) => {
    const byPath = asserts[machine.model.instances[thread]?.thread ?? -1]
    for (const { statement, scope } of executed) {
      const original = statement.kind === 'assert' ? byPath?.get(statement.path) : undefined
      if (original === undefined || !claimed.has(original.property) || holdsInDomain(scope, original.condition))
        continue
      violation({ kind: 'assertion', name: original.property }, n + 1, original.message)
    }
  })
  run.steps.forEach(({ transition }, n) => {
    for (const { claim, message } of failuresOf(transition))
      if (isAlwaysJudged(claim.kind) || claimed.has(claim.name)) violation(claim, n + 1, message)
  })
  return [...falls.values()]
}
