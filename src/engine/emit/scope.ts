/** The values that the emitters share. */
import type { Compiled } from '../../compiler/compile.ts'
import type { Func } from '../../wasm/function.ts'
import { const32, type I32 } from '../../wasm/typed.ts'
import type { Division } from '../division.ts'
import type { Fingerprint } from '../fingerprint.ts'
import { control, type MemoryPlan } from '../memory.ts'

/** The purpose that a module is emitted for. */
export interface EmitOptions {
  /** The partitions that the states are divided among; one if absent. */
  readonly division?: Division
  /** For tests of collisions: bits of the hash that count, from the top. */
  readonly hashBits?: number
  /** Writes down which edge each successor comes from: for walks, which choose among them. */
  readonly labelled?: boolean
  /** Stores fingerprints in place of states. */
  readonly fingerprint?: Fingerprint
}

/** Functions that write findings down: (address of the entry of a watch, address of a successor). */
export interface Recorders {
  /** Of a watch that is not settled: its parent, and the numbers of successors and failures before it. */
  readonly record: number
  /** The transition fails: a finding, if it is the first of its watch. */
  readonly fail: number
}

export interface EngineScope {
  readonly compiled: Compiled
  readonly plan: MemoryPlan
  readonly options: EmitOptions
  readonly recorders: Recorders
  /** (address of a state) The function that makes it the form of its orbit, if there is anything to permute. */
  readonly canonical?: number
}

/** Are there other partitions? */
export const isPartitioned = ({ plan: { outboxes } }: EngineScope): boolean => outboxes > 0

/** Does the visited set hold fingerprints in place of states? */
export const hasFingerprints = ({ options: { fingerprint } }: EngineScope): boolean => fingerprint !== undefined

/** The number of items in a number of bytes of the successors. */
export function statesIn({ words, stateBytes }: MemoryPlan, bytes: I32): I32 {
  if ((words & (words - 1)) === 0) return bytes.shr(Math.log2(stateBytes))
  const factor = Math.ceil(2 ** 32 / stateBytes)
  return bytes.extend().mul(BigInt(factor)).shr(32n).wrap()
}

/** Sets the parent that the next findings are about. */
export function beginParent(f: Func, index: I32, firstSuccessor: I32): void {
  control.parent.store(f, index)
  control.firstSuccessor.store(f, firstSuccessor)
  control.fails.store(f, const32(0))
}
