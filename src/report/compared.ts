/** Two models that were compared: what the text has differently, and the verdicts of both. */
import type { ModelDifference } from '../analysis/difference/difference.ts'
import type { PropertyResult, Verdict } from '../explorer/result.ts'
import { kinds } from '../semantics/kinds/index.ts'

/** A property on both sides. */
export interface ComparedProperty extends Pick<PropertyResult, 'name' | 'kind'> {
  readonly one: ComparedVerdict
  readonly other: ComparedVerdict
}

/** `not judged`: the side does not have the property, or does not claim it. */
export type ComparedVerdict = Verdict | 'not judged'

/** The verdicts of both sides in one scenario. */
export interface ComparedScenario {
  readonly name: string
  readonly properties: readonly ComparedProperty[]
}

/** Two models in a variant each. */
export interface ComparedModels {
  /** `kvm@as-6.12` */
  readonly one: string
  readonly other: string
  /** The scenario whose constants the texts have. */
  readonly scenario: string
  readonly difference: ModelDifference
  /** None, if the text alone was compared. */
  readonly scenarios: readonly ComparedScenario[]
}

/** Pairs the results of two checks by the names of their properties. */
export function comparedProperties(
  one: readonly PropertyResult[],
  other: readonly PropertyResult[],
): readonly ComparedProperty[] {
  const verdictIn = (results: readonly PropertyResult[], name: string): ComparedVerdict =>
    results.find((result) => result.name === name)?.verdict ?? 'not judged'
  const seen = new Set<string>()
  return [...one, ...other]
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .map(({ name, kind }) => ({ name, kind, one: verdictIn(one, name), other: verdictIn(other, name) }))
}

/** Whether both sides have the verdict, and not the same one. */
export const isDifferent = ({ one, other }: ComparedProperty): boolean =>
  one !== other && [one, other].every((verdict) => verdict === 'holds' || verdict === 'violated')

/** Whether a side has no verdict, because a limit was met. */
export const isOpen = ({ one, other }: ComparedProperty): boolean =>
  [one, other].some((verdict) => verdict !== 'holds' && verdict !== 'violated' && verdict !== 'not judged')

/** A verdict as `check` prints it: something that must be possible is `possible`. */
export const verdictText = (kind: PropertyResult['kind'], verdict: ComparedVerdict): string =>
  verdict === 'holds' && kinds[kind].outcome === 'witnessed' ? 'possible' : verdict
