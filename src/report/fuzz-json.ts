/**
 * The document of `fuzz --json`, and its shape: docs/fuzz.schema.json is made from it. docs/json.md says what each
 * field is.
 */
import type { NeverTaken } from '../explorer/result.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import type { Setting } from '../catalogue/setting.ts'
import type { FuzzedProperty, FuzzResult } from '../schedules/fuzz.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Guarantee } from '../schedules/strategies/strategy.ts'
import { exampleOf } from '../semantics/counterexample.ts'
import type { Sampling } from './fuzz.ts'

export interface FuzzedPropertyDocument {
  readonly name: string
  readonly kind: FuzzedProperty['kind']
  /** beyond: no single run can violate it. */
  readonly seen: FuzzedProperty['seen']
  /** The first run that saw it, from 1. */
  readonly firstRun: number | null
  /** Transitions of that run up to there. */
  readonly firstSteps: number | null
  /** Transitions of the reduced schedule. */
  readonly steps: number | null
  /** Small, not proven minimal. */
  readonly schedule: Schedule | null
}

export interface FuzzDocument {
  readonly schema: 1
  /** The version of hmmcheck. */
  readonly version: string
  /** Repeats it. */
  readonly command: string
  readonly model: string
  readonly variant: string
  readonly scenario: string
  /** The sizes, by parameter. */
  readonly config: Readonly<Record<string, number>>
  readonly strategy: string
  readonly seed: number
  /** The most transitions of a run. */
  readonly maxSteps: number
  /** The least probability that one run finds a bug of the guaranteed kind; null if the strategy guarantees nothing. */
  readonly guarantee: Guarantee | null
  readonly verdict: FuzzResult['verdict']
  /** Runs that were made. */
  readonly runs: number
  /** Transitions of all runs. */
  readonly steps: number
  /** Distinct states of all runs. */
  readonly states: number
  /** Distinct transitions of all runs. */
  readonly transitions: number
  /** Whether the numbers of distinct ones are lower bounds, because there was not enough room to count. */
  readonly atLeast: boolean
  /**
   * Seconds of the runs alone.
   *
   * @real
   */
  readonly seconds: number
  /** Transitions that no run took. */
  readonly neverTaken: readonly NeverTaken[]
  readonly properties: readonly FuzzedPropertyDocument[]
}

/** @param schedules by the key of the property */
export function fuzzDocument(
  { protocol, variant, scenario, sizes }: Setting,
  sampling: Sampling,
  result: FuzzResult,
  schedules: ReadonlyMap<ClaimKey, Schedule>,
  { version, command }: Pick<FuzzDocument, 'version' | 'command'>,
): FuzzDocument {
  const { verdict, runs, steps, states, transitions, atLeast, seconds, neverTaken, properties } = result
  return {
    schema: 1,
    version,
    command,
    model: protocol.name,
    variant: variant.name,
    scenario: scenario.name,
    config: sizes,
    strategy: sampling.strategy,
    seed: sampling.seed,
    maxSteps: sampling.maxSteps,
    guarantee: sampling.guarantee ?? null,
    verdict,
    runs,
    steps,
    states,
    transitions,
    atLeast,
    seconds: Number(seconds.toFixed(3)),
    neverTaken,
    properties: properties.map((property) => ({
      name: property.name,
      kind: property.kind,
      seen: property.seen,
      firstRun: property.first?.run ?? null,
      firstSteps: property.first?.steps ?? null,
      steps: exampleOf(property)?.run.steps.length ?? null,
      schedule: schedules.get(claimKey(property)) ?? null,
    })),
  }
}
