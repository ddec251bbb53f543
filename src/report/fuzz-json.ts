/**
 * The document of `fuzz --json`, and its shape: docs/fuzz.schema.json is made from it. docs/json.md says what each
 * field is.
 */
import { z } from 'zod'
import type { NeverTaken } from '../explorer/result.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import type { Setting } from '../catalogue/setting.ts'
import type { FuzzedProperty, FuzzResult } from '../schedules/fuzz.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { scheduleSchema } from '../schedules/schema.ts'
import type { Guarantee } from '../schedules/strategies/strategy.ts'
import { exampleOf } from '../semantics/counterexample.ts'
import { kindNames } from '../semantics/kinds/index.ts'
import type { Drawing } from './fuzz.ts'

export interface FuzzedPropertyDocument {
  readonly name: string
  readonly kind: FuzzedProperty['kind']
  readonly seen: FuzzedProperty['seen']
  readonly firstRun: number | null
  readonly firstSteps: number | null
  readonly steps: number | null
  readonly schedule: Schedule | null
}

export interface FuzzDocument {
  readonly schema: 1
  readonly version: string
  readonly command: string
  readonly model: string
  readonly variant: string
  readonly scenario: string
  readonly config: Readonly<Record<string, number>>
  readonly strategy: string
  readonly seed: number
  readonly maxSteps: number
  readonly guarantee: Guarantee | null
  readonly verdict: FuzzResult['verdict']
  readonly runs: number
  readonly steps: number
  readonly states: number
  readonly transitions: number
  readonly atLeast: boolean
  readonly seconds: number
  readonly neverTaken: readonly NeverTaken[]
  readonly properties: readonly FuzzedPropertyDocument[]
}

const count = z.int().nonnegative()

const property: z.ZodType<FuzzedPropertyDocument> = z.strictObject({
  name: z.string(),
  kind: z.enum(kindNames),
  seen: z.enum(['violated', 'witnessed', 'unseen', 'beyond']).describe('beyond: no run by itself shows it violated'),
  firstRun: z.int().positive().nullable().describe('The first run that saw it'),
  firstSteps: count.nullable().describe('Transitions of that run up to there'),
  steps: count.nullable().describe('Transitions of the schedule that is left of it'),
  schedule: scheduleSchema.nullable().describe('Small, not proven minimal'),
})

export const fuzzSchema: z.ZodType<FuzzDocument> = z
  .strictObject({
    schema: z.literal(1),
    version: z.string().describe('Of hmmcheck'),
    command: z.string().describe('The command that repeats it'),
    model: z.string(),
    variant: z.string(),
    scenario: z.string(),
    config: z.record(z.string(), count).describe('The sizes, by parameter'),
    strategy: z.string(),
    seed: count,
    maxSteps: z.int().positive().describe('Transitions of a run at most'),
    guarantee: z
      .strictObject({ of: z.string(), probability: z.number(), formula: z.string(), where: z.string() })
      .nullable()
      .describe('The least probability with which one run finds such a bug; null if the strategy guarantees nothing'),
    verdict: z.enum(['violated', 'incomplete']),
    runs: count.describe('Walked'),
    steps: count.describe('Transitions walked'),
    states: count.describe('Distinct states walked'),
    transitions: count.describe('Distinct transitions walked'),
    atLeast: z.boolean().describe('There was no room to count more distinct ones'),
    seconds: z.number().nonnegative().describe('Of walking'),
    neverTaken: z
      .array(z.strictObject({ thread: z.string(), path: z.string(), label: z.string() }))
      .describe('Transitions that no run took'),
    properties: z.array(property),
  })
  .describe('What hmmcheck fuzz --json prints')

/** @param schedules by the key of the property */
export function fuzzDocument(
  { protocol, variant, scenario, sizes }: Setting,
  drawing: Drawing,
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
    strategy: drawing.strategy,
    seed: drawing.seed,
    maxSteps: drawing.maxSteps,
    guarantee: drawing.guarantee ?? null,
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
