/** Messages between the pool and its workers. */
import type { WarningFacts } from '../../compiler/compile.ts'
import type { VariableRanges } from '../../compiler/value-ranges/initial.ts'
import type { Scalarset } from '../../compiler/symmetry/scalarset.ts'
import type { EngineModel } from '../../engine/engine-model.ts'
import type { Batch } from '../../engine/expander.ts'
import type { Fingerprint } from '../../engine/fingerprint.ts'
import type { StateId } from '../../engine/log.ts'
import type { PartEntry } from '../checkpoint/file.ts'
import type { FoundAt } from '../search.ts'
import type { Totals } from '../shard.ts'

export interface WorkerSetup {
  readonly initialRanges: VariableRanges
  readonly besides: WarningFacts
  /** What may be permuted. */
  readonly scalarsets: readonly Scalarset[]
  /** What its partitions are started from: the code for one partition, and what is read beside it. */
  readonly engine: EngineModel
  readonly code: WebAssembly.Module
  readonly worker: number
  readonly workers: number
  readonly partitionBytes: number
  readonly startBytes: number
  readonly hashBits?: number
  readonly fingerprint?: Fingerprint
  /** The checkpoint that it goes on from. */
  readonly resumed?: { readonly file: string; readonly parts: readonly PartEntry[] }
}

export type ToWorker =
  /** `ownerMask`: see `Shard.seed`. */
  | { readonly kind: 'seed'; readonly states: readonly (readonly bigint[])[]; readonly ownerMask: Uint8Array }
  /** Expand the next level. */
  | { readonly kind: 'level'; readonly settled: readonly number[] }
  /** Expand the rest of a level that was begun before the search was resumed. */
  | { readonly kind: 'rest'; readonly depth: number }
  /** Expand nothing until `proceed`: what was sent is to arrive. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'proceed' }
  /** Append all that it has to a checkpoint. */
  | { readonly kind: 'save'; readonly file: string }
  /** States found while expanding `level`; it may come before the word to expand that level. */
  | { readonly kind: 'batch'; readonly batch: Batch; readonly level: number }
  | { readonly kind: 'origin'; readonly id: StateId }
  | { readonly kind: 'taken' }
  /** Expand no more. */
  | { readonly kind: 'stop' }

export type FromWorker =
  /** Once about every tenth of a second, and when there is nothing to do. `done`: its part of the level is expanded. */
  | {
      readonly kind: 'report'
      readonly totals: Totals
      readonly next: number
      readonly sent: number
      readonly received: number
      readonly done: boolean
      readonly paused: boolean
      readonly found: readonly FoundAt[]
    }
  | { readonly kind: 'origin'; readonly parent: StateId; readonly ordinal: number }
  | { readonly kind: 'taken'; readonly taken: Uint8Array }
  /** `problem`: why they could not be written. */
  | { readonly kind: 'saved'; readonly parts: readonly PartEntry[]; readonly problem?: string }
  | { readonly kind: 'failed'; readonly message: string; readonly outOfMemory: boolean }
