/** The options and the result of a check of a model. */
import type { Family } from '../analysis/family.ts'
import type { Memory } from '../analysis/memory.ts'
import type { Warning } from '../analysis/warning.ts'
import type { ModelSymmetry } from '../compiler/symmetry/symmetry.ts'
import type { PackedField } from '../compiler/fields.ts'
import type { Claim } from '../language/claims.ts'
import type { Counterexample, Example } from '../semantics/counterexample.ts'

/**
 * Options of a check. An option that is left out is off; a limit that is left out does not exist.
 *
 *     await check(protocol, { variant: 'as-posted', workers: 2, maxStates: 1_000_000, timeout: 60 })
 */
export interface CheckOptions {
  /** Names of the properties to judge; default: all of the model. `domain` and lock misuse are judged always. */
  readonly properties?: readonly string[]
  /** Number of threads that explore, from 1 to 64; default 1. More than there are processors do not make it faster. */
  readonly workers?: number
  /** Stops at this number of distinct states: the result is then `incomplete`. */
  readonly maxStates?: number
  /** Stops when the process's resident set takes this number of bytes: the result is then `incomplete`. */
  readonly maxMemory?: number
  /** Stops after this number of seconds: the result is then `incomplete`. */
  readonly timeout?: number
  /** Stops after the level of the first violation: a property that is not decided by then is `incomplete`. */
  readonly stopAtFirst?: boolean
  /** Keeps the values of locals that are not read again: there are more states, and the verdicts are the same. */
  readonly keepDeadLocals?: boolean
  /** The size by which schedules are made minimal; default `steps`. */
  readonly minimize?: Measure
  /** Makes the schedules of witnesses minimal, too. Schedules of violations are minimal without it. */
  readonly witnesses?: boolean
  /**
   * Other models made from the same text. A field that one of them changes, and this one does not, is not worth a
   * warning. Default: none.
   */
  readonly family?: Family
  /**
   * Stores one state for all that a permutation of ids and threads leads to each other; default true. Verdicts, lengths
   * and counts are the same without it.
   */
  readonly symmetry?: boolean
  /**
   * Stores 64 bits of each state in place of the state. Two states may have the same; one of them is then omitted, with
   * a small probability that the result says. Nothing holds then: what is not violated is `not-found`.
   */
  readonly fingerprint?: boolean
  /** Chooses the function that makes fingerprints: another seed omits other states. Default 0. */
  readonly fingerprintSeed?: number
  /** Stops when it is aborted: the result is then `incomplete`. */
  readonly signal?: AbortSignal
  /** Keeps what was explored in a file, now and then and when a limit or `signal` ends the search. */
  readonly checkpoint?: CheckpointOptions
  /**
   * Goes on from this file, which `checkpoint` of the same check has written. The result is that of a check that was
   * never stopped. Default for `workers`: as many as the file has.
   */
  readonly resume?: string
  /**
   * Reports what the number of states is made of: `always`, or if a limit of states or memory is met; default: never.
   */
  readonly profile?: 'always' | 'at a limit'
  /** Is called about twice per second while the check runs. */
  readonly onProgress?: (progress: Progress) => void
}

/** The file that keeps what a check has explored. It is there as a whole or not at all, whatever ends the process. */
export interface CheckpointOptions {
  /** The path of the file. */
  readonly file: string
  /** Seconds from one to the next; default 600. */
  readonly every?: number
}

/** Options of a check, with those that only this package and its tests set. */
export interface CheckSettings extends CheckOptions {
  /** The names of the setting that is checked, for the refusal of a checkpoint of another one. */
  readonly names?: { readonly variant: string; readonly scenario: string }
  /** Searches the model as it is written: with what nothing reads, and with dead locals. */
  readonly asWritten?: boolean
  /**
   * Gives every variable all the bits of its type, not only those that what it can hold needs. Tests of the layout
   * ask for it.
   */
  readonly wholeTypes?: boolean
  /** Writes all code that several paths reach only once, however short it is. For tests. */
  readonly noCopies?: boolean
  /** Bytes of table a partition of the visited set may take. Tests make it tiny. */
  readonly partitionBytes?: number
  /** Bits of a fingerprint. Tests make them few, so that states are omitted. */
  readonly fingerprintBits?: number
  /** Number of bits of the hash that count. Tests of collisions make them few. */
  readonly hashBits?: number
}

/**
 * The measure of a schedule that is minimised first. `steps`: then switches. `switches`, `preemptions`: then steps.
 * `threads`, those that take part: then steps.
 *
 * A switch is two successive transitions of different threads; a preemption is a switch away from a thread that has
 * an enabled transition.
 */
export type Measure = (typeof measures)[number]
export const measures = ['steps', 'switches', 'preemptions', 'threads'] as const

/** Progress of a check so far. */
export interface Progress {
  /** Distinct states so far. */
  readonly states: number
  /** Transitions taken so far. */
  readonly transitions: number
  /** The level that is being expanded. */
  readonly depth: number
  /** States found but not yet expanded. */
  readonly queue: number
  /** Resident set of the process, bytes. */
  readonly memory: number
  /** The time since the start. */
  readonly seconds: number
  /**
   * Whether the states have been counted, and are visited again to find schedules: an engine that keeps no parents does
   * that. Absent: no.
   */
  readonly again?: boolean
}

/**
 * Why a search ended before every state was visited: `maxStates`, `maxMemory` or `timeout` was met, `signal` was
 * aborted, or `stopAtFirst` was asked for and a violation was found. The table of memory that is full counts as
 * `max-memory`.
 */
export type Incomplete = 'max-states' | 'max-memory' | 'timeout' | 'interrupted' | 'first-violation'

/**
 * `incomplete`: a limit was met first. `undecided`: every state was visited, but what comes behind a domain error or
 * lock misuse is unknown, and the property may be broken there. `not-found`: no state that was found decides it, and a
 * state may have been omitted, because fingerprints were stored.
 */
export type Verdict = 'holds' | 'violated' | 'incomplete' | 'undecided' | 'not-found'

/** Result for a property, or for a claim judged of every model: `domain` and `misuse` appear only if violated. */
export interface PropertyResult extends Claim, Example {
  /** The verdict on it. */
  readonly verdict: Verdict
  /** Transitions of the schedule: of the counterexample, or of the witness of a `sometimes`. */
  readonly steps?: number
  /** Its switches: successive transitions of different threads. */
  readonly switches?: number
  /** Its preemptions: switches away from a thread that could go on. */
  readonly preemptions?: number
  /** Threads that take part in it. */
  readonly threads?: number
  /**
   * Absent for a witness that was not to be made small: no other has fewer steps. `proven`: no schedule that shows
   * the property is smaller by the measure asked for; by `steps` it is, of the smallest, the first in (thread,
   * statement, choice) order. `reduced`: a limit was met before that was known.
   */
  readonly minimal?: 'proven' | 'reduced'
  /** The reason why it was not judged, where the run as a whole does not say it. */
  readonly why?: string
  /**
   * For a `collected` property: the pairs of a shortest cycle, each with a schedule. `steps` is the longest of theirs.
   */
  readonly cycle?: readonly PropertyResult[]
}

/** Result of a check: the verdict, the size of the graph, and the result for each property. */
export interface CheckResult {
  /**
   * violated if any property is; else incomplete if the run is; else not-found if fingerprints were stored; else holds.
   */
  readonly verdict: Exclude<Verdict, 'undecided'>
  /** Why not every state was visited; absent if every state was. */
  readonly incomplete?: Incomplete
  /** Distinct reachable states. */
  readonly states: number
  /** Of them, those that were stored: one for all that a permutation of ids and threads leads to each other. */
  readonly stored: number
  /** The sorts and threads that were permuted; those that were not, with the reason. */
  readonly symmetry: ModelSymmetry
  /** Over every state, what is possible there and does not fail. */
  readonly transitions: number
  /** Breadth-first levels; the initial states are the first. */
  readonly depth: number
  /**
   * States that were stored in each level, from the first; in a check that went on from a file, from the first level
   * that it began.
   */
  readonly levelSizes: readonly number[]
  /** From the start to the verdict. */
  readonly seconds: number
  /** Seconds of the search itself, with the making of its code: without passes, initial states and replays. */
  readonly searchSeconds: number
  /** (Peak resident set - resident set before) / states. */
  readonly bytesPerState: number
  /** Bits that one state takes. */
  readonly stateBits: number
  /** The program that searched, where it was not this package's own engine: its processes are the workers. */
  readonly engine?: string
  /** Threads that explored. */
  readonly workers: number
  /** Whether locals that are not read again were reset. */
  readonly deadLocalReset: boolean
  /** The measure by which schedules were made minimal. */
  readonly minimize: Measure
  /** Ghosts and variables that no selected property or statement reads, left out of the state. */
  readonly droppedGhosts: readonly string[]
  /** `thread path label` of every transition that was never taken; only of complete runs. */
  readonly neverTaken: readonly NeverTaken[]
  /** The memory model that a `holds` assumes, where that matters: something is read without a lock. */
  readonly memory?: Memory
  /** Reasons why the verdict says less than it seems to. */
  readonly warnings: readonly Warning[]
  /** The counterexample of the first property that is violated and has one: what `draw` and `record` take. */
  readonly counterexample?: Counterexample
  /** One for each property that was selected, and `domain` and `misuse` where they are violated. */
  readonly properties: readonly PropertyResult[]
  /** The profile of the number of states, if it was asked for. */
  readonly profile?: Profile
  /** What was stored in place of states, if that was asked for. */
  readonly fingerprint?: FingerprintOutcome
  /** The file that keeps what was explored, if `checkpoint` asked for it. */
  readonly checkpoint?: CheckpointOutcome
}

/** Fingerprints of states, and what they leave unsure. */
export interface FingerprintOutcome {
  /** The number of bits of a fingerprint. */
  readonly bits: number
  /** The seed of the function that makes them. */
  readonly seed: number
  /** The probability that a state was omitted is at most this. */
  readonly omission: number
}

/** The file of a check's checkpoints. */
export interface CheckpointOutcome {
  /** The path, as `checkpoint` named it. */
  readonly file: string
  /** How many were written. */
  readonly written: number
  /** The reason why the last one could not be written; the file is then the one before, if there is one. */
  readonly problem?: string
}

/** A transition of the text that no reachable state takes. */
export interface NeverTaken {
  /** The thread, without the number of its instance. */
  readonly thread: string
  /** The calls that lead to the statement. */
  readonly path: string
  /** The label that a schedule would show. */
  readonly label: string
}

/** A variable, a field of one, a local or a control point, and what it makes of the number of states. */
export interface ProfiledField extends Pick<PackedField, 'kind' | 'thread' | 'name'> {
  /**
   * Different values of it among the states: of an array, or of a thread of which there are several, of all together.
   */
  readonly values: number
  /** States that are left without it. */
  readonly without: number
}

/** Profile of the number of states: how many states each field accounts for. */
export interface Profile {
  /** States that were looked at: the first that a breadth-first search finds. */
  readonly states: number
  /** Whether these are all. */
  readonly complete: boolean
  /** The fields that have more than one value; the one that saves most comes first. */
  readonly fields: readonly ProfiledField[]
}
