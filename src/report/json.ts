/**
 * The document of `check --json`. docs/json.md says what each field is; docs/check.schema.json is made from these
 * types.
 */
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
  /**
   * undecided: nothing breaks it as far as the model was followed; the steps behind a domain error or lock misuse were
   * not followed. not-found: no state that was found decides it, and a state may have been omitted, because
   * fingerprints were stored.
   */
  readonly verdict: Verdict
  /** Transitions of the schedule; null if there is none. */
  readonly steps: number | null
  /** Two successive transitions of different threads. */
  readonly switches: number | null
  /** Switches away from a thread that has an enabled transition. */
  readonly preemptions: number | null
  /** Threads that take part. */
  readonly threads: number | null
  /**
   * Whether it is proven that no schedule is smaller by the measure; null for a witness that was not minimized, which
   * has the fewest steps.
   */
  readonly minimal: 'proven' | 'reduced' | null
  /** The reason why `recoverable` was not judged. */
  readonly why: string | null
  /** The smallest counterexample, or the witness of a `sometimes` property. */
  readonly schedule: Schedule | null
  /** Only of a `collected` property that is violated: the pairs of a cycle, each with its schedule. */
  readonly cycle?: readonly PropertyDocument[]
}

/** A transition, and what it touches of shared state. */
export interface TouchingDocument extends Pick<Touching, 'thread' | 'label' | 'at' | 'reads' | 'writes' | 'calls'> {
  /** The reason that atomically() gives; null if it is not called. */
  readonly reason: string | null
  /** Whether it touches several cells at once without a reason. */
  readonly open: boolean
}

export interface RunDocument {
  readonly model: string
  readonly variant: string
  readonly scenario: string
  /** The sizes, by parameter. */
  readonly config: Readonly<Record<string, number>>
  readonly verdict: CheckResult['verdict']
  /** The verdict that the catalogue expects of this run; null if it expects none. */
  readonly expected: 'holds' | 'violated' | null
  /** Scenarios of the model in which the command did not check the variant. */
  readonly notChecked: readonly string[]
  /** Of a run that holds: the default variant, if it is another one with the same model here; else null. */
  readonly sameAs: string | null
  /** Distinct reachable states. */
  readonly states: number
  /** Those that were stored: one for all that a permutation leads to each other. */
  readonly stored: number
  readonly symmetry: SymmetryDocument
  readonly transitions: number
  /** Breadth-first levels; the initial states are level 1. */
  readonly depth: number
  /** @real */
  readonly seconds: number
  /** @real */
  readonly bytesPerState: number
  readonly stateBits: number
  /** The program that searched, if it was not hmmcheck's own engine: `ltsmin`, `ltsmin-mc`. */
  readonly engine?: string
  readonly workers: number
  readonly deadLocalReset: boolean
  /** The measure that schedules were minimized by. */
  readonly minimize: Measure
  /** Variables left out of the state, because nothing that is checked reads them. */
  readonly droppedGhosts: readonly string[]
  /** Transitions that were never taken; empty if the run is incomplete. */
  readonly neverTaken: readonly NeverTaken[]
  /** The memory model that a `holds` assumes; null if the model marks nothing as read without a lock. */
  readonly memory: Memory | null
  /** The reasons why the verdict says less than it seems to. */
  readonly warnings: readonly Pick<Warning, 'code' | 'what' | 'at' | 'remedy'>[]
  /** For a user's model: the transitions that touch shared state; locks are not considered. */
  readonly atomicity: readonly TouchingDocument[]
  /** Null if it was not asked for, and no limit of states or memory was reached. */
  readonly profile: ProfileDocument | null
  /** Null if the states themselves were stored. */
  readonly fingerprint: FingerprintDocument | null
  /** Null if no checkpoint was asked for. */
  readonly checkpoint: CheckpointDocument | null
  readonly properties: readonly PropertyDocument[]
}

/** Fingerprints in place of states. */
interface FingerprintDocument {
  /** Bits of a fingerprint. */
  readonly bits: number
  readonly seed: number
  /**
   * The probability that a state was omitted is at most this.
   *
   * @real
   */
  readonly omission: number
}

/** The file that keeps what the run has explored. */
interface CheckpointDocument {
  readonly file: string
  /** How many were written. */
  readonly written: number
  /** The reason why the last one could not be written; null if it was. */
  readonly problem: string | null
  /** The command that goes on from the file; null if there is nothing more to explore, or no file. */
  readonly resume: string | null
}

/** The sorts and threads whose elements are alike. Both lists are empty if symmetry was not asked for. */
interface SymmetryDocument {
  /** Those that were permuted, and how many elements each has. */
  readonly permuted: readonly { readonly name: string; readonly size: number }[]
  /** Those that were not, and the reason. */
  readonly refused: readonly { readonly name: string; readonly why: string }[]
}

/** The things that make up the number of states. */
export interface ProfileDocument {
  /** States that were looked at: the first that a breadth-first search finds. */
  readonly states: number
  /** Whether these are all states. */
  readonly complete: boolean
  /** The things with more than one value; first the one that saves most. */
  readonly fields: readonly ProfiledDocument[]
}

export interface ProfiledDocument extends Omit<ProfiledField, 'thread'> {
  /** The thread of a local or a control point. */
  readonly thread: string | null
}

export interface CheckDocument {
  readonly schema: 3
  /** The version of hmmcheck. */
  readonly version: string
  /** Repeats all of it. */
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
  { setting, result, expectation, notChecked, sameAs, atomicity = [], resume }: Checked,
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
    sameAs: sameAs ?? null,
    states: result.states,
    stored: result.stored,
    symmetry: {
      permuted: result.symmetry.scalarsets.map(({ name, size }) => ({ name, size })),
      refused: result.symmetry.refused,
    },
    transitions: result.transitions,
    depth: result.depth,
    seconds: rounded(result.seconds, 3),
    bytesPerState: rounded(result.bytesPerState, 1),
    stateBits: result.stateBits,
    ...definedFields({ engine: result.engine }),
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
    fingerprint: result.fingerprint ?? null,
    checkpoint: checkpointDocument(result.checkpoint, resume),
    properties: result.properties.map((property) => propertyDocument(property, schedules)),
  }
}

const checkpointDocument = (
  checkpoint: CheckResult['checkpoint'],
  resume: string | undefined,
): CheckpointDocument | null =>
  checkpoint === undefined
    ? null
    : {
        file: checkpoint.file,
        written: checkpoint.written,
        problem: checkpoint.problem ?? null,
        resume: resume ?? null,
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
