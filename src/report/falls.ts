/**
 * Which of the claimed properties a run breaks, each where it first does; not only the one that it was recorded for.
 */
import type { ConfiguredModel, Property, PropertyKind, StatementOf } from '../language/ast.ts'
import { claimKey, isAlwaysJudged } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { visitStatements } from '../language/walk.ts'
import { holdsInDomain } from '../semantics/evaluate.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { shownBy } from '../semantics/kinds/shown-by.ts'
import { failuresOf } from '../semantics/machine.ts'
import type { Scene } from './scene.ts'

/** A property that turned false. */
export interface Fall {
  readonly property: string
  readonly kind: PropertyKind
  /** The number of the step after which it was; 0 if an initial state is already. */
  readonly step: number
  /** The message, for an assertion. */
  readonly message?: string
}

/** Whether it is the fall of that property. */
export const isFallOf = ({ property, kind }: Pick<Fall, 'property' | 'kind'>, claim: Claim | undefined): boolean =>
  claim?.kind === kind && claim.name === property

/**
 * The falls, in the order of the steps. `recoverable` and relations are not judged: neither is seen in one state.
 *
 * @param claims the same configured model, with the properties that are claimed
 */
export function fallsOf(scene: Scene, claims: ConfiguredModel): readonly Fall[] {
  const asserted = assertedFalls(scene, claims)
  const { machine, run, states } = scene
  const others = claims.properties.filter(isSeenInRuns).flatMap((property): readonly Fall[] => {
    const step = shownBy(property, { machine, run, ends: (after) => states[after]?.ends ?? [] })
    return step === undefined ? [] : [{ property: property.name, kind: property.kind, step }]
  })
  return [...asserted, ...others].toSorted((a, b) => a.step - b.step)
}

const isSeenInRuns = ({ kind }: Property): boolean =>
  kinds[kind].outcome === 'violated' && ['state', 'step'].includes(kinds[kind].judgedOn)

/**
 * The machine of a run takes the assertions of other properties for true; what they say stands at the same path in
 * the model that claims them.
 */
function assertedFalls({ machine, run, steps }: Scene, claims: ConfiguredModel): readonly Fall[] {
  const asserts = claims.threads.map(({ body }) => {
    const byPath = new Map<string, StatementOf<'assert'>>()
    visitStatements(body, (statement) => {
      if (statement.kind === 'assert' && !statement.always) byPath.set(statement.path, statement)
    })
    return byPath
  })
  const claimed = new Set(claims.properties.flatMap(({ name, kind }) => (kind === 'assertion' ? [name] : [])))
  const falls = new Map<string, Fall>()
  const fall = ({ kind, name }: Claim, step: number, message: string): void => {
    const key = claimKey({ kind, name })
    if (!falls.has(key)) falls.set(key, { property: name, kind, step, message })
  }
  steps.forEach(({ thread, executed }, n) => {
    const byPath = asserts[machine.model.instances[thread]?.thread ?? -1]
    for (const { statement, scope } of executed) {
      const original = statement.kind === 'assert' ? byPath?.get(statement.path) : undefined
      if (original === undefined || !claimed.has(original.property) || holdsInDomain(scope, original.condition))
        continue
      fall({ kind: 'assertion', name: original.property }, n + 1, original.message)
    }
  })
  run.steps.forEach(({ transition }, n) => {
    for (const { claim, message } of failuresOf(transition))
      if (isAlwaysJudged(claim.kind) || claimed.has(claim.name)) fall(claim, n + 1, message)
  })
  return [...falls.values()]
}
