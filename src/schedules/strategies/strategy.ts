/** Strategies for random schedules: at each state of a walk a strategy draws the transition that is taken. */
import type { WalkStart, StrategyName } from '../../engine/walks/strategy.ts'
import type { Chooser } from '../../explorer/walks/walk.ts'

/** A source of chance: a whole number from 0 on, below the bound, each as likely. */
export type Draw = (below: number) => number

/** The threads of a model, and how far a walk goes. */
export interface Extent {
  readonly threads: number
  readonly maxSteps: number
}

/** The guarantee of a strategy for one walk. */
export interface Guarantee {
  /** The bugs that it finds. */
  readonly of: string
  /**
   * The least probability.
   *
   * @real
   */
  readonly probability: number
  /** The same in the terms of the strategy: `1/(n k^(d-1))`. */
  readonly formula: string
  /** The values of the terms here. */
  readonly where: string
}

/** The form of a strategy in the engine: it draws the same numbers, and chooses the same transitions. */
export interface CompiledStrategy {
  readonly name: StrategyName
  /** Of `pct`. */
  readonly depth?: number
  /** Draws all that is drawn before the first step. */
  begin(draw: Draw, extent: Extent): Omit<WalkStart, 'chance'>
}

export interface Strategy {
  /** As the command line knows it. */
  readonly name: string
  /** Draws all that is drawn before the first step. */
  start(draw: Draw, extent: Extent): Chooser
  /** Absent if it is your own: `fuzz` then calls `start`, walks in one thread, and is slower. */
  readonly compiled?: CompiledStrategy
  /** Absent where nothing is guaranteed. */
  readonly guarantee?: (extent: Extent) => Guarantee
}
