/** The shape of the document of `check --json`. docs/check.schema.json is made from it. */
import { z } from 'zod'
import { warningCodes } from '../analysis/warnings.ts'
import { scheduleSchema } from '../schedules/schema.ts'
import { kindNames } from '../semantics/kinds/index.ts'
import type { CheckDocument, PropertyDocument } from './json.ts'

const count = z.int().nonnegative()
const verdict = z.enum(['holds', 'violated', 'incomplete'])
const ofProperty = z
  .enum(['holds', 'violated', 'incomplete', 'undecided'])
  .describe(
    'undecided: nothing breaks it as far as the model was followed, and what comes behind a domain error or lock misuse was not',
  )

const property: z.ZodType<PropertyDocument> = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    kind: z.enum(kindNames),
    verdict: ofProperty,
    steps: count.nullable().describe('Transitions of the schedule; null if there is none'),
    switches: count.nullable().describe('Two successive transitions of different threads'),
    preemptions: count.nullable().describe('Switches away from a thread that has an enabled transition'),
    threads: count.nullable().describe('Threads that take part'),
    minimal: z
      .enum(['proven', 'reduced'])
      .nullable()
      .describe(
        'Whether no schedule is smaller by what was minimized; null for a witness that was not to be, of which the steps alone are the fewest',
      ),
    why: z.string().nullable().describe('Why recoverable was not judged'),
    schedule: scheduleSchema.nullable().describe('The shortest counterexample, or the witness of a sometimes property'),
    cycle: z
      .array(property)
      .exactOptional()
      .describe('Of a collected property: the pairs of a cycle, each with its schedule'),
  }),
)

const run = z.strictObject({
  model: z.string(),
  variant: z.string(),
  scenario: z.string(),
  config: z.record(z.string(), count).describe('The sizes, by parameter'),
  verdict,
  expected: z
    .enum(['holds', 'violated'])
    .nullable()
    .describe('What the catalogue expects of this run; null if nothing'),
  notChecked: z.array(z.string()).describe('Scenarios of the model in which the command did not check the variant'),
  states: count.describe('Distinct reachable states'),
  transitions: count,
  depth: count.describe('Breadth-first levels; the initial states are level 1'),
  seconds: z.number().nonnegative(),
  bytesPerState: z.number(),
  stateBits: count,
  workers: z.int().positive(),
  deadLocalReset: z.boolean(),
  minimize: z.enum(['steps', 'switches', 'preemptions', 'threads']).describe('By what schedules were made minimal'),
  droppedGhosts: z
    .array(z.string())
    .describe('Variables left out of the state because nothing that is checked reads them'),
  neverTaken: z
    .array(z.strictObject({ thread: z.string(), path: z.string(), label: z.string() }))
    .describe('Transitions that were never taken; only of complete runs'),
  memory: z
    .enum(['sequentially consistent'])
    .nullable()
    .describe('What a holds takes memory for; null if the model marks nothing as read without a lock'),
  warnings: z
    .array(
      z.strictObject({
        code: z.enum(warningCodes),
        what: z.string(),
        at: z.string().describe('FILE:LINE from the working directory; the name of the model if it stands nowhere'),
        remedy: z.string(),
      }),
    )
    .describe('What makes the verdict say less than it seems to'),
  atomicity: z
    .array(
      z.strictObject({
        thread: z.string(),
        label: z.string(),
        at: z.string().describe('FILE:LINE from the working directory'),
        reads: z.array(z.string()),
        writes: z.array(z.string()),
        calls: z.array(z.string()).describe('Atomic procedures of hmmcheck/kernel inside it'),
        reason: z.string().nullable().describe('Why it is meant, as atomically() says; null if it does not'),
        open: z.boolean().describe('Whether it touches several cells at once, and no reason is given'),
      }),
    )
    .describe('Of a model of the user: the transitions that touch shared state; no lock is considered'),
  profile: z
    .strictObject({
      states: count.describe('Looked at: the first that a breadth-first search finds'),
      complete: z.boolean().describe('Whether these are all'),
      fields: z
        .array(
          z.strictObject({
            kind: z.enum(['variable', 'local', 'point']).describe('point: where the instances of a thread stand'),
            thread: z.string().nullable().describe('Of a local, or a control point'),
            name: z.string().describe('The cells of an array are one: driver[].pte'),
            values: count.describe('Different ones; of an array, and of all instances of a thread, together'),
            without: count.describe('States that are left if it is left out'),
          }),
        )
        .describe('Those that have more than one value; first what saves most'),
    })
    .nullable()
    .describe(
      'Of what the number of states is made; null if it was not asked for, and no limit of states or memory was met',
    ),
  properties: z.array(property),
})

export const checkSchema: z.ZodType<CheckDocument> = z
  .strictObject({
    schema: z.literal(1),
    version: z.string().describe('Of hmmcheck'),
    command: z.string().describe('The command that repeats all of it'),
    runs: z.array(run),
  })
  .describe('What hmmcheck check --json prints')
