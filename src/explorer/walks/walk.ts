/**
 * Random walks by the compiled successor function: a strategy chooses among the enabled transitions, and the engine
 * judges every state of the walk.
 */
import { pointFact } from '../../engine/walks/memory.ts'
import type { WalkStart, StrategyName } from '../../engine/walks/strategy.ts'
import { startWalker, type StepView, type Stretches, type WalkSetup } from '../../engine/walks/walker.ts'
import type { PackedSchedule } from '../fewest-switches.ts'

/** A strategy's view of a state: its enabled transitions, the thread of each, and where the threads are. */
export interface WalkState {
  /** The number of enabled transitions that do not fail: at least 1. */
  readonly count: number
  /** The thread instance that a transition belongs to. They stand in the order of their threads. */
  threadOf(ordinal: number): number
  /** The thread is where it may stay for ever: between two operations, or at its end. */
  isIdle(thread: number): boolean
  /** The thread is inside a bracket, as `bracketsOf` says. */
  isInside(thread: number): boolean
}

/** Chooses the transition to take, by its number. */
export type Chooser = (view: WalkState) => number

/**
 * A state of a walk that shows a watched property violated or witnessed, or that has a transition, taken or not, that
 * does. `last` is that transition; it has no meaning where the state shows it.
 */
export type WalkFinding = Required<PackedSchedule>

export interface Walked {
  readonly steps: number
  readonly findings: readonly WalkFinding[]
}

/** What walks came by, in a form in which several threads' can be put together. */
export interface Met {
  /** Distinct states, with the transitions that were taken from each. */
  readonly records: Uint8Array
  /** Was there no room for another state? */
  readonly full: boolean
  /** 1 for each kind of transition that was taken. */
  readonly taken: Uint8Array
}

export interface Coverage {
  /** Distinct ones. */
  readonly states: number
  readonly transitions: number
  /** Whether both are lower bounds, because there was not enough room to count. */
  readonly atLeast: boolean
  /** 1 for each kind of transition that was taken. */
  readonly taken: Uint8Array
}

export interface Walks {
  /** Starts at an initial state, and ends after `maxSteps` steps or where every enabled transition fails. */
  walk(choose: Chooser, initial: number, maxSteps: number): Walked
  /** The same, by a strategy that is a part of the module: many times as fast. */
  walkFast(strategy: StrategyName, beginning: WalkStart, initial: number, maxSteps: number): Walked
  /** Of all walks here, and of those that were added. */
  coverage(): Coverage
  /** Distinct states so far. */
  states(): number
  met(): Met
  /** Adds what another thread's walks came by. */
  add(met: Met): void
  /** Each property is found once; after this, once more. */
  forget(): void
}

/** Ready to walk. */
export function walks(setup: WalkSetup): Walks {
  const walker = startWalker(setup)
  const { coverage } = walker
  const taken: Uint8Array[] = []
  let full = false
  let view: StepView
  const state = {
    count: 0,
    threadOf: (ordinal: number): number => view.instanceOf(ordinal),
    isIdle: (thread: number): boolean => (view.factsOf(thread) & pointFact.idle) !== 0,
    isInside: (thread: number): boolean => (view.factsOf(thread) & pointFact.inside) !== 0,
  }
  const asWalked = ({ steps, findings }: Stretches, initial: number): Walked => ({
    steps,
    findings: findings.map(({ watch, ordinals, successors, fails }) => ({
      watch,
      initial,
      ordinals,
      last: { successors, fails },
    })),
  })
  const isFull = (): boolean => full || coverage.full()
  const allTaken = (): Uint8Array => {
    const all = walker.taken()
    for (const some of taken)
      some.forEach((isTaken, edge) => {
        if (isTaken !== 0) all[edge] = 1
      })
    return all
  }
  return {
    walk: (choose, initial, maxSteps) =>
      asWalked(
        walker.walkBy(
          (here) => {
            view = here
            state.count = here.count
            return choose(state)
          },
          initial,
          maxSteps,
        ),
        initial,
      ),
    walkFast: (strategy, beginning, initial, maxSteps) =>
      asWalked(walker.walk(strategy, beginning, initial, maxSteps), initial),
    coverage() {
      const { counts, limit, initial } = setup
      const atLeast = isFull()
      const met = { atLeast, taken: allTaken() }
      if (!counts || !atLeast) return { states: coverage.states(), transitions: coverage.transitions(), ...met }
      // By a transition of its own, a walk came to each that is not an initial one. This does not depend on which
      // of the states found room.
      return { states: limit, transitions: Math.max(0, limit - initial.length), ...met }
    },
    states: coverage.states,
    met: () => ({ records: isFull() ? new Uint8Array() : coverage.records(), full: isFull(), taken: allTaken() }),
    add(met) {
      full ||= met.full
      if (!isFull()) coverage.absorb(met.records)
      taken.push(met.taken)
    },
    forget() {
      walker.forget()
    },
  }
}
