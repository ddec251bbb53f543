/** What a check of a model takes and what it answers. */
import type { PropertyKind } from '../language/ast.ts'
import type { Run } from '../semantics/machine.ts'

export interface CheckOptions {
  /** Names of the properties to judge; all of the model's if absent. `domain` and lock misuse are always on. */
  readonly properties?: readonly string[]
  readonly workers?: number
  readonly maxStates?: number
  /** Limit on the process's resident set, bytes. */
  readonly maxMemory?: number
  /** Seconds. */
  readonly timeout?: number
  readonly stopAtFirst?: boolean
  readonly keepDeadLocals?: boolean
  /** Gives every variable all the bits of its type, not only those that what it can hold needs. Tests of the layout ask for it. */
  readonly wholeTypes?: boolean
  /** Bytes of table a partition of the visited set may take. Tests make it tiny. */
  readonly partitionBytes?: number
  /** How many bits of the hash count. Tests of collisions make them few. */
  readonly hashBits?: number
  readonly signal?: AbortSignal
  /** Called about twice a second. */
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** States found but not yet expanded. */
  readonly queue: number
  /** Resident set of the process, bytes. */
  readonly memory: number
  readonly seconds: number
}

export type Verdict = 'holds' | 'violated' | 'incomplete'

export interface PropertyResult {
  readonly name: string
  /** `domain` and `misuse` are the implicit ones; they appear only if violated. */
  readonly kind: PropertyKind | 'domain' | 'misuse'
  readonly verdict: Verdict
  /** Transitions of the shortest schedule: the counterexample, or the witness of a `sometimes`. */
  readonly steps?: number
  /** That schedule, as replayed by the reference interpreter. */
  readonly run?: Run
  /** Of a `collected` property: the pairs of a shortest cycle, with a schedule each. `steps` is the longest of theirs. */
  readonly cycle?: readonly PropertyResult[]
}

export interface CheckResult {
  /** violated if any property is; else incomplete if the run is; else holds. */
  readonly verdict: Verdict
  /** Why the run is incomplete: `max-states`, `max-memory`, `timeout`, `interrupted`, `stopped at the first violation`. */
  readonly incomplete?: string
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** From the start to the verdict. */
  readonly seconds: number
  /** Of these, the search itself, with the making of its code: without passes, initial states and replays. */
  readonly searchSeconds: number
  /** (Peak resident set - resident set before) / states. */
  readonly bytesPerState: number
  readonly stateBits: number
  readonly workers: number
  readonly deadLocalReset: boolean
  /** Ghosts and variables that no selected property or statement reads, left out of the state. */
  readonly droppedGhosts: readonly string[]
  /** `thread path label` of every transition that was never taken; only of complete runs. */
  readonly neverTaken: readonly NeverTaken[]
  readonly properties: readonly PropertyResult[]
}

export interface NeverTaken { readonly thread: string; readonly path: string; readonly label: string }
