/** The document of `check --json`. docs/json.md says what each field is. */
import type { Profile, ProfiledField } from '../explorer/result.ts'
import type { Touching } from '../analysis/atomicity.ts'
import type { Memory } from '../analysis/memory.ts'
import type { Warning } from '../analysis/warning.ts'
import type { CheckResult, Measure, NeverTaken, PropertyResult, Verdict } from '../explorer/result.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Checked } from './checked.ts'

export interface PropertyDocument {
  readonly name: string
  readonly kind: PropertyResult['kind']
  readonly verdict: Verdict
  /** Of the schedule; null if there is none. */
  readonly steps: number | null
  readonly switches: number | null
  readonly preemptions: number | null
  readonly threads: number | null
  readonly minimal: 'proven' | 'reduced' | null
  /** Of `recoverable`, why it was not judged. */
  readonly why: string | null
  /** The counterexample, or the witness of a `sometimes`. */
  readonly schedule: Schedule | null
  /** Of a `collected` property that has one: the pairs of a cycle, each with its schedule. */
  readonly cycle?: readonly PropertyDocument[]
}

/** A transition, and what it touches of shared state. */
export interface TouchingDocument extends Pick<Touching, 'thread' | 'label' | 'at' | 'reads' | 'writes' | 'calls'> {
  readonly reason: string | null
  readonly open: boolean
}

export interface RunDocument {
  readonly model: string
  readonly variant: string
  readonly scenario: string
  /** The sizes, by parameter. */
  readonly config: Readonly<Record<string, number>>
  readonly verdict: CheckResult['verdict']
  /** What the catalogue expects of this run; null if nothing. */
  readonly expected: 'holds' | 'violated' | null
  /** Scenarios of the model in which the command did not check the variant. */
  readonly notChecked: readonly string[]
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly seconds: number
  readonly bytesPerState: number
  readonly stateBits: number
  readonly workers: number
  readonly deadLocalReset: boolean
  readonly minimize: Measure
  readonly droppedGhosts: readonly string[]
  readonly neverTaken: readonly NeverTaken[]
  /** What a `holds` takes memory for; null if everything is read under locks. */
  readonly memory: Memory | null
  readonly warnings: readonly Pick<Warning, 'code' | 'what' | 'at' | 'remedy'>[]
  /** Of a user's model. */
  readonly atomicity: readonly TouchingDocument[]
  readonly profile: ProfileDocument | null
  readonly properties: readonly PropertyDocument[]
}

/** Of what the number of states is made. */
export interface ProfileDocument {
  /** That were looked at. */
  readonly states: number
  readonly complete: boolean
  readonly fields: readonly ProfiledDocument[]
}

export interface ProfiledDocument extends Omit<ProfiledField, 'thread'> {
  readonly thread: string | null
}

export interface CheckDocument {
  readonly schema: 1
  /** Of hmmcheck. */
  readonly version: string
  /** That repeats all of it. */
  readonly command: string
  readonly runs: readonly RunDocument[]
}

const rounded = (number: number, digits: number): number =>
  Number.isFinite(number) ? Number(number.toFixed(digits)) : 0

/**
 * One run as the document has it.
 *
 * @param schedules by the key of the property
 */
export function runDocument(
  { setting, result, expectation, notChecked, atomicity = [] }: Checked,
  schedules: ReadonlyMap<ClaimKey, Schedule>,
): RunDocument {
  return {
    model: setting.protocol.name,
    variant: setting.variant.name,
    scenario: setting.scenario.name,
    config: setting.sizes,
    verdict: result.verdict,
    expected: expectation?.verdict ?? null,
    notChecked,
    states: result.states,
    transitions: result.transitions,
    depth: result.depth,
    seconds: rounded(result.seconds, 3),
    bytesPerState: rounded(result.bytesPerState, 1),
    stateBits: result.stateBits,
    workers: result.workers,
    deadLocalReset: result.deadLocalReset,
    minimize: result.minimize,
    droppedGhosts: result.droppedGhosts,
    neverTaken: result.neverTaken.map(({ thread, path, label }) => ({ thread, path, label })),
    memory: result.memory ?? null,
    warnings: result.warnings.map(({ code, what, at, remedy }) => ({ code, what, at, remedy })),
    atomicity: atomicity.map(({ thread, label, at, reads, writes, calls, reason, isOpen }) => ({
      thread,
      label,
      at,
      reads,
      writes,
      calls,
      reason: reason ?? null,
      open: isOpen,
    })),
    profile: profileDocument(result.profile),
    properties: result.properties.map((property) => propertyDocument(property, schedules)),
  }
}

function profileDocument(profile: Profile | undefined): ProfileDocument | null {
  if (profile === undefined) return null
  const { states, complete, fields } = profile
  return {
    states,
    complete,
    fields: fields.map(({ kind, thread, name, values, without }) => ({
      kind,
      thread: thread ?? null,
      name,
      values,
      without,
    })),
  }
}

function propertyDocument(
  { name, kind, verdict, steps, switches, preemptions, threads, minimal, why, cycle }: PropertyResult,
  schedules: ReadonlyMap<ClaimKey, Schedule>,
): PropertyDocument {
  return {
    name,
    kind,
    verdict,
    steps: steps ?? null,
    switches: switches ?? null,
    preemptions: preemptions ?? null,
    threads: threads ?? null,
    minimal: minimal ?? null,
    why: why ?? null,
    schedule: schedules.get(claimKey({ kind, name })) ?? null,
    ...definedFields({ cycle: cycle?.map((pair) => propertyDocument(pair, schedules)) }),
  }
}
