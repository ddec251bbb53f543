/** The functions of a module of walks, with their types. */
import type { StrategyName } from './strategy.ts'

/** Steps are those of a stretch, from 0. */
export interface WalkExports extends Record<StrategyName, (steps: number) => number> {
  /** Finds and judges the successors of the state at a step; returns their number. */
  look(step: number): number
  /** Takes one of the transitions that were looked at. */
  take(step: number, transition: number): void
  /** What is known of the control point of a thread in the state at a step: `pointFact`. */
  factsOf(thread: number, step: number): number
  /** Draws a whole number from 0 on, below that. */
  draw(below: number): number
  /** Counts the states of a stretch of so many steps, and what was taken from them. */
  cover(steps: number): void
  /** Adds so many records of the batch to the table. */
  absorb(records: number): void
}

/** In the order in which a module exports them. */
export const walkExportNames: readonly (keyof WalkExports)[] = [
  'uniform',
  'pct',
  'brackets',
  'look',
  'take',
  'factsOf',
  'draw',
  'cover',
  'absorb',
]
