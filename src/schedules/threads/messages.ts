/** What a thread is told that walks a part of the runs, and what it says when they are all walked. */
import type { StrategyName } from '../../engine/walks/strategy.ts'
import type { WalkSetup } from '../../engine/walks/walker.ts'
import type { Met } from '../../explorer/walks/walk.ts'
import type { Runs, Sighting } from '../walk-hands.ts'

export interface WalkOrder extends Runs {
  readonly setup: WalkSetup
  /** The number of the thread, from 0. */
  readonly number: number
  readonly dealing: ArrayBufferLike
  readonly strategy: { readonly name: StrategyName; readonly depth?: number }
  readonly stopAt: readonly number[]
}

export interface WalkReport {
  readonly seen: readonly Sighting[]
  readonly met: Met
}
