/** The shapes of a schedule's file and of a lock's. The JSON Schemas in docs/ are made from them. */
import * as z from 'zod'
import { kindNames, kinds } from '../semantics/kinds/index.ts'
import type { Choice } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import type { Lock, LockNote } from './lock.ts'
import { SCHEMA, type Schedule } from './schedule.ts'

/**
 * Names and texts of a model are shorter than this. A longer one is a mangled file, which is not searched for similar
 * names.
 */
const name = z.string().min(1).max(4_000)
const text = z.string().max(64_000)

/** Steps that a file may have. */
export const MOST_STEPS = 100_000

const plain: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.boolean(), z.int(), text, z.null(), z.array(plain), z.record(name, plain)]),
)
const choice: z.ZodType<Choice> = z.strictObject({
  name: name.describe('The local that is chosen, or the variable whose initial value is'),
  value: plain.describe('The value as JSON: an id as a number, null for none'),
})
const choices = z.array(choice)
const branch = z
  .int()
  .nonnegative()
  .exactOptional()
  .describe('Only where the rest names several: which of them, from 0')

const configuration = z.strictObject({
  scenario: name,
  sizes: z.record(name, z.int().nonnegative()).describe('By parameter'),
  constants: z.record(name, z.union([z.boolean(), z.int(), text])).describe('What variant and scenario set'),
  threads: z.array(name).nullable().describe('The threads that take part, null if all do'),
})

const property = z
  .strictObject({
    name: name.describe("A sentence, if it is a lock's misuse"),
    kind: z.enum(kindNames),
    outcome: z.enum(['violated', 'witnessed']),
  })
  .refine(({ kind, outcome }) => outcome === kinds[kind].outcome, {
    path: ['outcome'],
    error: 'what must be possible is witnessed, everything else is violated',
  })

const step = z.strictObject({
  thread: name.describe('The thread instance: cpu[0]'),
  path: text.min(1).describe("The statement in the thread's text"),
  label: text.describe('What it does, in the words of the kernel'),
  choices,
  branch,
})

const fields = {
  schema: z.literal(SCHEMA),
  model: name,
  variant: name,
  configuration,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hexadecimal digits'),
  property,
  initial: z.strictObject({ choices, branch }).describe('The choices that lead to the initial state'),
  steps: z.array(step).max(MOST_STEPS),
}

/** Schema of schedules: `writeSchedule` writes them and `readSchedule` takes them. */
export const scheduleSchema: z.ZodType<Schedule> = z
  .strictObject(fields)
  .describe('A schedule: a counterexample or a witness')

const note: z.ZodType<LockNote> = z.strictObject({
  shows: text.min(1).describe('One sentence'),
  corrected: name.describe(
    "The variant with the correction, or MODEL@VARIANT, on which it can't be followed to the violation",
  ),
  bugs: z.array(name).exactOptional().describe('Ids under which the bug is known'),
  versions: text.min(1).exactOptional().describe('Kernels that have it'),
  commit: text.min(1).exactOptional().describe('That corrected it, or of which it is known'),
  command: text.min(1).describe('That found it'),
})

/** Schema of locks: `hmmcheck lock` writes them and `readLock` takes them. */
export const lockSchema: z.ZodType<Lock> = z
  .strictObject({ ...fields, lock: note })
  .describe('A lock: a counterexample that must stay one, and must stay impossible on the corrected variant')
