/** The shape of a schedule's file. The JSON Schema in docs/ is made from it. */
import { z } from 'zod'
import type { Choice, Plain } from '../semantics/machine.ts'
import type { Schedule } from './schedule.ts'

const plain: z.ZodType<Plain> = z.lazy(() => z.union([z.boolean(), z.int(), z.string(), z.null(), z.array(plain), z.record(z.string(), plain)]))
const choice: z.ZodType<Choice> = z.strictObject({
  name: z.string().min(1).describe('The local that is chosen, or the variable whose initial value is'),
  value: plain.describe('The value as JSON: an id as a number, null for none'),
})
const choices = z.array(choice)
const branch = z.int().nonnegative().exactOptional().describe('Only where the rest names several: which of them, from 0')

const configuration = z.strictObject({
  scenario: z.string().min(1),
  sizes: z.record(z.string(), z.int().nonnegative()).describe('By parameter'),
  constants: z.record(z.string(), z.union([z.boolean(), z.int(), z.string()])).describe('What variant and scenario set'),
  threads: z.array(z.string().min(1)).nullable().describe('The threads that take part, null if all do'),
})

const property = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(['invariant', 'transition', 'assertion', 'sometimes', 'deadlock', 'lock-deadlock', 'recoverable', 'collected', 'pair', 'domain', 'misuse']),
  outcome: z.enum(['violated', 'witnessed']),
})

const step = z.strictObject({
  thread: z.string().min(1).describe('The thread instance: cpu[0]'),
  path: z.string().min(1).describe('The statement in the thread\'s text'),
  label: z.string().describe('What it does, in the words of the kernel'),
  choices,
  branch,
})

/** What `writeSchedule` writes and `readSchedule` takes. */
export const scheduleSchema: z.ZodType<Schedule> = z.strictObject({
  schema: z.literal(1),
  model: z.string().min(1),
  variant: z.string().min(1),
  configuration,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hexadecimal digits'),
  property,
  initial: z.strictObject({ choices, branch }).describe('The choices that lead to the initial state'),
  steps: z.array(step),
}).describe('A schedule: a counterexample or a witness')
