/** The properties of a page: at which moments of the run each of them does not hold. */
import type { ConfiguredModel } from '../language/ast.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { AnnotatedRun } from '../report/annotated-run.ts'
import { isViolationOf, type FirstViolation } from '../report/first-violations.ts'
import { kinds } from '../semantics/kinds/index.ts'
import type { PageProperty } from './document.ts'

/**
 * The claims that one run can show to be false, and the claims of others that it has broken: lock misuse, an error of a
 * domain. An assertion is false at the step in which it fails.
 */
export function propertiesOf(
  annotated: AnnotatedRun,
  claims: ConfiguredModel,
  falls: readonly FirstViolation[],
): readonly PageProperty[] {
  const declared = claims.properties.filter(
    ({ kind }) =>
      kinds[kind].outcome === 'violated' && ['state', 'step', 'failing step'].includes(kinds[kind].judgedOn),
  )
  const undeclared = falls.filter((fall) => !declared.some((one) => isViolationOf(fall, one)))
  return [
    ...declared.map((property): PageProperty => {
      const first = falls.find((one) => isViolationOf(one, property))
      const falseAt = momentsOf(annotated, property)
      return {
        name: property.name,
        meaning: kinds[property.kind].meaning,
        falseAt: first === undefined ? [] : [...new Set([first.step, ...falseAt])].toSorted((a, b) => a - b),
        ...definedFields({ claim: property.claim, message: first?.message }),
      }
    }),
    ...undeclared.map(
      ({ property, kind, step, message }): PageProperty => ({
        name: property,
        meaning: kinds[kind].meaning,
        falseAt: [step],
        ...definedFields({ message }),
      }),
    ),
  ]
}

/** The states that show it, and the ends of the steps that do. */
function momentsOf(
  { machine, run, states }: AnnotatedRun,
  property: ConfiguredModel['properties'][number],
): readonly number[] {
  const { shownInState, shownInStep } = kinds[property.kind]
  return states.flatMap(({ state, ends }, after) => {
    const inState =
      shownInState?.(property, {
        machine,
        state,
        next: states[after + 1]?.state,
        ends: () => ends,
        unrecoverable: () => undefined,
      }) === true
    const [before, step] = [states[after - 1], run.steps[after - 1]]
    const inStep =
      before !== undefined &&
      step !== undefined &&
      shownInStep?.(property, { machine, before: before.state, transition: step.transition, after: state }) === true
    return inState || inStep ? [after] : []
  })
}
