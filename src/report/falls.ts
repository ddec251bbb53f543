/**
 * Which of the claimed properties a run breaks, each where it first does; not only the one that it was recorded for.
 */
import { match, P } from 'ts-pattern'
import type { ConfiguredModel, Property, StatementOf } from '../language/ast.ts'
import { claimKey, isAlwaysJudged } from '../language/claims.ts'
import type { Claim, ClaimKind } from '../language/claims.ts'
import { visitStatements } from '../language/walk.ts'
import { holdsInDomain } from '../semantics/evaluate.ts'
import { failuresOf, transitions } from '../semantics/machine.ts'
import { isDeadlocked, stateHolds, stuckThreads, transitionHolds } from '../semantics/properties.ts'
import type { Scene } from './scene.ts'

/** A property that turned false. */
export interface Fall {
  readonly property: string
  readonly kind: ClaimKind
  /** The number of the step after which it was; 0 if an initial state is already. */
  readonly step: number
  /** Of an assertion, what it says. */
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
  const others = claims.properties.flatMap(({ name, kind, condition }): readonly Fall[] => {
    const step = firstFalse(scene, { name, kind, ...(condition === undefined ? {} : { condition }) })
    return step === undefined ? [] : [{ property: name, kind, step }]
  })
  return [...asserted, ...others].toSorted((a, b) => a.step - b.step)
}

function firstFalse({ machine, run, states }: Scene, { kind, condition }: Property): number | undefined {
  const at = (index: number): number | undefined => (index < 0 ? undefined : index)
  return (
    match(kind)
      .with('invariant', () => condition && at(states.findIndex(({ state }) => !stateHolds(machine, state, condition))))
      .with('transition', () => {
        if (condition === undefined) return undefined
        const n = run.steps.findIndex(({ state }, before) => {
          const from = states[before]?.state
          return state !== undefined && from !== undefined && !transitionHolds(machine, from, state, condition)
        })
        return n < 0 ? undefined : n + 1
      })
      // where the run itself goes on to another state, nothing is to be asked
      .with('deadlock', () =>
        at(
          states.findIndex(
            ({ state, ends }, n) =>
              (n === states.length - 1 || states[n + 1]?.state.equals(state) === true) &&
              isDeadlocked(machine, state, transitions(machine, state, ends)),
          ),
        ),
      )
      .with('lock-deadlock', () =>
        at(states.findIndex(({ state, ends }) => stuckThreads(machine, state, ends).length > 0)),
      )
      .with(P.union('assertion', 'sometimes', 'recoverable', 'collected', 'pair'), () => undefined)
      .exhaustive()
  )
}

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
