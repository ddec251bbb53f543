/** The shape of the document of `show --format json`. docs/trace.schema.json is made from it. */
import { z } from 'zod'
import { scheduleSchema } from '../../schedules/schema.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { kindNames } from '../../semantics/kinds/index.ts'
import type { Trace } from '../trace.ts'

export interface TraceDocument {
  readonly schema: 1
  /** Of hmmcheck. */
  readonly version: string
  readonly schedule: Schedule
  /** What came of playing it. */
  readonly outcome: 'confirmed' | 'unconfirmed' | 'refused'
  /** As far as it could be played; null if there is no such start. */
  readonly trace: Trace | null
}

const count = z.int().nonnegative()
const texts = z.array(z.string())
const kind = z.enum(kindNames)
const locks = { holds: texts, waits: texts }
const rail = z.enum(['ended', 'runs', 'holds', 'waits'])

const step = z.strictObject({
  thread: z.string(),
  path: z.string().describe("The statement in the thread's text"),
  label: z.string(),
  returns: z
    .string()
    .exactOptional()
    .describe('What the call of an atomic procedure is worth, where it returns something that was not chosen in it'),
  choices: texts,
  place: z
    .strictObject({ file: z.string(), line: z.int().positive() })
    .exactOptional()
    .describe('The line of the model'),
  source: z.string().exactOptional().describe('The kernel function it stands for'),
  locals: texts.describe("The thread's own locals that changed"),
  changes: texts.describe('The shared cells that changed, but those of locks'),
  locks: z.strictObject(locks).describe('Of the thread that acts, after the step'),
  lockChanges: z
    .array(z.strictObject({ thread: z.string(), ...locks }))
    .describe('The threads whose locks are others after the step'),
  turnsFalse: texts.describe('Properties'),
  rails: z.array(rail).describe('What each thread is about before the step'),
})

const trace: z.ZodType<Trace> = z.strictObject({
  threads: texts.describe('Those that act'),
  initial: texts.describe('The cells that do not start at their zero'),
  steps: z.array(step),
  end: z
    .strictObject({
      property: z.string(),
      kind,
      outcome: z.enum(['violated', 'witnessed']),
      text: z.string(),
      standing: texts.describe('Of a deadlock: where the threads stand'),
    })
    .exactOptional(),
  falls: z
    .array(z.strictObject({ property: z.string(), kind, step: count, message: z.string().exactOptional() }))
    .describe('The claimed properties that turn false, and after which step'),
  race: z
    .strictObject({ cell: z.string(), read: count, write: count, relies: count, text: z.string() })
    .exactOptional()
    .describe('The read that was stale when it was relied on, and the write that made it so, as numbers of steps'),
  next: z
    .array(z.strictObject({ thread: z.string(), text: z.string() }))
    .describe('What the threads would have done next'),
})

export const traceSchema: z.ZodType<TraceDocument> = z
  .strictObject({
    schema: z.literal(1),
    version: z.string().describe('Of hmmcheck'),
    schedule: scheduleSchema,
    outcome: z.enum(['confirmed', 'unconfirmed', 'refused']),
    trace: trace.nullable(),
  })
  .describe('What hmmcheck show --format json prints')
