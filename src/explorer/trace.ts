/**
 * From a finding to a schedule: the log says which transitions led there, the reference interpreter plays them, and
 * both must agree on every state.
 */
import type { Compiled } from '../compiler/compile.ts'
import { isSameClaim, propertyOfClaim, type Claim } from '../language/claims.ts'
import { kinds } from '../semantics/kinds/index.ts'
import type { RunStep } from '../semantics/kinds/kind.ts'
import { RECOVERY_LIMIT } from '../semantics/kinds/shown-by.ts'
import {
  failuresOf,
  isEnabled,
  isSameTransition,
  executions,
  transitions,
  transitionsOf,
  type Initial,
  type Machine,
  type Run,
  type State,
  type Transition,
} from '../semantics/machine.ts'
import { unrecoverableThreads } from '../semantics/properties.ts'
import { agreedAfter, agreedStart, type Agreed } from './agreed.ts'
import { isOfState } from './ask.ts'
import { Disagreement } from './disagreement.ts'
import type { PackedSchedule } from './fewest-switches.ts'
import type { Oracle } from '../engine/oracle.ts'
import type { FoundAt, Search } from './search.ts'

/** The schedule of a finding, as the log has it. */
export async function packedScheduleOf(
  compiled: Compiled,
  search: Search,
  { watch, state, successors, fails }: FoundAt,
): Promise<PackedSchedule> {
  const ordinals: number[] = []
  let at = state
  for (;;) {
    const { parent, ordinal } = await search.origin(at)
    if (parent.log < 0)
      return {
        watch,
        initial: ordinal,
        ordinals: ordinals.reverse(),
        ...(isOfState(compiled, watch) ? {} : { last: { successors, fails } }),
      }
    ordinals.push(ordinal)
    at = parent
  }
}

/** A place on a schedule, in both semantics, with the steps that were played from there. */
interface Place extends Agreed {
  readonly next: Map<number, Played>
}
interface Played extends Place {
  readonly transition: Transition
}

/** Plays schedules: those of one model often begin alike, so what was played is remembered. */
export interface Player {
  readonly compiled: Compiled
  readonly machine: Machine
  /** The initial state of this number. */
  start(initial: number): Place & { readonly initial: Initial }
  /** An enabled transition that does not fail. `taken`: how many steps of the schedule come before it. */
  step(from: Place, ordinal: number, taken: number): Played
}
export function player(compiled: Compiled, engine: Oracle, m: Machine): Player {
  const starts = new Map<number, Place & { readonly initial: Initial }>()
  return {
    compiled,
    machine: m,
    start(number) {
      const known = starts.get(number)
      if (known !== undefined) return known
      const initial = m.initial[number]
      if (initial === undefined) throw new Disagreement(`no initial state ${number}`)
      const start = { ...agreedStart(compiled, m, initial.state), initial, next: new Map<number, Played>() }
      starts.set(number, start)
      return start
    },
    step(from, ordinal, taken) {
      const known = from.next.get(ordinal)
      if (known !== undefined) return known
      const { thread, nth, bytes } = scheduled(engine, from.bytes, ordinal, taken)
      const transition = transitionsOf(m, from.state, thread).filter((t) => t.outcome.kind === 'next')[nth]
      if (transition?.outcome.kind !== 'next')
        throw new Disagreement(`after ${taken} steps thread ${thread} has no transition ${nth}`)
      const where = `after ${taken} steps and transition ${ordinal} (${transition.label})`
      const { state } = transition.outcome
      const played: Played = {
        ...agreedAfter(compiled, m, from, { state, bytes }, where),
        transition,
        next: new Map(),
      }
      from.next.set(ordinal, played)
      return played
    },
  }
}

/** The thread of a transition, its number among those of its thread, and the state that it leads to. */
function scheduled(
  engine: Oracle,
  state: Uint8Array,
  ordinal: number,
  taken: number,
): { readonly thread: number; readonly nth: number; readonly bytes: Uint8Array } {
  let nth = ordinal
  for (let thread = 0; thread < engine.threads; thread++) {
    const { count, states } = engine.successorsOfThread(state, thread)
    if (nth < count) {
      const size = states.length / count
      return { thread, nth, bytes: states.slice(nth * size, (nth + 1) * size) }
    }
    nth -= count
  }
  throw new Disagreement(`after ${taken} steps there are only ${ordinal - nth} transitions`)
}

/** Plays a schedule, and makes sure that it shows what the engine says. */
export function replayPacked(
  { compiled, machine: m, start, step: play }: Player,
  { watch, initial: number, ordinals, last }: PackedSchedule,
): Run {
  const { claim, property, by } = compiled.watched[watch] ?? unknownWatch(watch)
  const { judgedOn, shownInState, shownInStep } = kinds[claim.kind]
  const judged = property ?? propertyOfClaim(m.model, claim)
  const first = start(number)
  const { initial } = first
  let place: Place = first
  const steps: Run['steps'][number][] = []
  const step = (ordinal: number): RunStep => {
    const { state: before } = place
    const played = play(place, ordinal, steps.length)
    const { transition, state: after } = (place = played)
    steps.push({ transition, state: after })
    return { machine: m, before, transition, after }
  }
  for (const o of ordinals) step(o)
  const { state } = place
  const { successors, ...failing } = last ?? { successors: 0, fails: 0 }
  const isShown = (): boolean => {
    if (judged === undefined) return false
    if (by === 'covers' || judgedOn === 'step') return shownInStep?.(judged, step(successors)) === true
    if (judgedOn === 'failing step') {
      const wrong = wrongFrom(transitions(m, state), { successors, ...failing }, claim)
      if (wrong === undefined) return false
      if (wrong.outcome.kind === 'next') step(successorsBefore(m, state, wrong))
      else steps.push({ transition: wrong })
      return true
    }
    const moment = {
      machine: m,
      state,
      ends: () => executions(m, state),
      unrecoverable: () => unrecoverableThreads(m, state, RECOVERY_LIMIT),
    }
    // if there is too much for the interpreter to follow, the engine's answer counts
    return shownInState?.(judged, moment) ?? judgedOn === 'end'
  }
  if (!isShown()) throw new Disagreement(`the schedule found for ${claim.name} does not show it`)
  return { initial, steps }
}

/** Nothing was looked for by this number among the watched. */
export function unknownWatch(watch: number): never {
  throw new Disagreement(`nothing was looked for by the number ${watch}`)
}

/**
 * The first transition that shows it, among those behind the given numbers of transitions that exist whatever is
 * claimed. An assertion is seen to fail before it is known which of the executions behind it are possible.
 */
function wrongFrom(
  all: readonly Transition[],
  { successors, fails, thread }: NonNullable<PackedSchedule['last']>,
  claim: Claim,
): Transition | undefined {
  let seen = 0
  return all.find((one) => {
    const isBehind = seen >= successors + fails && one.thread === (thread ?? one.thread)
    if (isEnabled(one)) seen++
    return isBehind && failuresOf(one).some((failure) => isSameClaim(failure.claim, claim))
  })
}

/** The number of a transition among those that lead on. */
const successorsBefore = (m: Machine, state: State, transition: Transition): number =>
  transitions(m, state)
    .filter((one) => one.outcome.kind === 'next')
    .findIndex((one) => isSameTransition(one, transition))
