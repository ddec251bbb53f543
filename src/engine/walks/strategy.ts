/**
 * The strategies that are written into a module of walks. `src/schedules/strategies` has them once more in TypeScript,
 * for walks of the interpreter: both draw the same numbers and choose the same transitions.
 */

export type StrategyName = 'uniform' | 'pct' | 'brackets'
export const strategyNames: readonly StrategyName[] = ['uniform', 'pct', 'brackets']

/** Of `of` steps, the number in which `brackets` lets another thread act. */
export const bracketSwitches = { of: 16, inside: 5, outside: 1 } as const

/** The state of a generator of chance: 32 bits each. */
export type ChanceState = readonly [number, number, number, number]

/** All that was drawn before the first step of a walk, and the chance for the rest. */
export interface WalkStart {
  readonly chance: ChanceState
  /** Of `pct`: the priorities of the threads, from 0 on, all different. */
  readonly priorities?: readonly number[]
  /** Of `pct`: the steps, from 0 on, before which the thread that is about to act falls behind all others. */
  readonly demotions?: readonly number[]
}
