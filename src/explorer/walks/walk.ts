/**
 * Random walks by the compiled successor function: a strategy chooses among the enabled transitions, and the engine
 * judges every state of the walk.
 */
import type { Compiled } from '../../compiler/compile.ts'
import { bracketsOf } from '../../compiler/brackets.ts'
import type { ControlPoint } from '../../compiler/program.ts'
import type { PackedSchedule } from '../fewest-switches.ts'
import { packed } from '../../engine/states.ts'
import { walker } from '../../engine/walker.ts'
import type { Prepared } from '../prepare.ts'
import { covered } from './covered.ts'

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
  coverage(): Coverage
  /** Each property is found once; after this, once more. */
  forget(): void
}

/**
 * The place of the control point of a thread instance in a packed state, in 32-bit words, and a table of facts about
 * each point.
 */
interface PointFacts {
  readonly word: number
  readonly shift: number
  readonly mask: number
  readonly idle: Uint8Array
  readonly inside: Uint8Array
}

function pointsOf({ layout }: Compiled): readonly PointFacts[] {
  return layout.instances.map(({ thread, point: slot }) => {
    const brackets = bracketsOf(thread)
    const table = (test: (point: ControlPoint, n: number) => boolean): Uint8Array =>
      Uint8Array.from(thread.points, (point, n) => (test(point, n) ? 1 : 0))
    return {
      word: 2 * slot.word + (slot.shift >> 5),
      shift: slot.shift & 31,
      mask: 2 ** slot.packing.bits - 1,
      idle: table(({ idle }) => thread.source.daemon || idle),
      inside: table((_, n) => brackets.has(n)),
    }
  })
}

/**
 * Ready to walk.
 *
 * @param counts whether distinct states and transitions are counted, which takes memory and half of the time
 */
export function walks(
  { compiled, initial: starts }: Prepared,
  { counts = true }: { readonly counts?: boolean } = {},
): Walks {
  const here = walker(compiled)
  const { words, first, stateBytes, watches } = here
  const initialStates = starts.map(packed)
  const points = pointsOf(compiled)
  const taken = new Uint8Array(compiled.edges.length)
  const seen = counts ? covered(stateBytes / 4) : undefined

  const isAt = (thread: number, what: 'idle' | 'inside'): boolean => {
    const facts = points[thread]
    if (facts === undefined) return false
    const low = (words[first + facts.word] ?? 0) >>> facts.shift
    const point = facts.shift === 0 ? low : low | ((words[first + facts.word + 1] ?? 0) << (32 - facts.shift))
    return facts[what][point & facts.mask] === 1
  }
  const view = {
    count: 0,
    threadOf: (ordinal: number): number => here.instanceOf(ordinal),
    isIdle: (thread: number): boolean => isAt(thread, 'idle'),
    isInside: (thread: number): boolean => isAt(thread, 'inside'),
  }
  const findings = (initial: number, ordinals: readonly number[]): readonly WalkFinding[] =>
    watches.take({ log: 0, index: 0 }).map(({ watch, successors, fails }) => ({
      watch,
      initial,
      ordinals: [...ordinals],
      last: { successors, fails },
    }))

  return {
    walk(choose, initial, maxSteps) {
      const start = initialStates[initial]
      if (start === undefined) throw new RangeError(`there is no initial state ${initial}`)
      const ordinals: number[] = []
      const found: WalkFinding[] = []
      here.start(start)
      let state = seen?.state(words, first) ?? -1
      for (;;) {
        view.count = here.expand()
        if (here.hasFound()) found.push(...findings(initial, ordinals))
        if (view.count === 0 || ordinals.length === maxSteps) return { steps: ordinals.length, findings: found }
        const choice = choose(view)
        taken[here.edgeOf(choice)] = 1
        seen?.transition(state, choice)
        ordinals.push(choice)
        here.take(choice)
        state = seen?.state(words, first) ?? -1
      }
    },
    coverage: () => ({
      states: seen?.states() ?? 0,
      transitions: seen?.transitions() ?? 0,
      atLeast: seen?.full() ?? true,
      taken: taken.slice(),
    }),
    forget() {
      watches.lookForAll()
    },
  }
}
