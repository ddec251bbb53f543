/**
 * Smaller runs made of the steps of one: threads, stretches and single steps are left out, one thread does what
 * another did, and what a thread does is put together.
 *
 * The reference interpreter plays the rest in its order. A step that is not possible where it would come gives way to
 * another of its thread that leads to where the thread came later (a lock that is not contended any more is taken
 * without waiting), or is left out, too. So each is a run of the model. It has fewer transitions, or as many and fewer
 * context switches.
 */
import { threadOf, transitionsOf } from '../semantics/machine.ts'
import type { Machine, Run, State, Transition } from '../semantics/machine.ts'
import { switchesOf } from '../semantics/size.ts'
import { sameChoices } from '../semantics/choices.ts'

type Step = Run['steps'][number]

/** Steps of a run by their places, in the order in which they will be played. */
type Plan = readonly number[]

/** In what order plans are tried: those that leave out most come first. */
const phases: readonly ((machine: Machine, run: Run) => Iterable<Run>)[] = [
  played(withoutThread),
  byAnother,
  played(withoutStretch),
  played(withoutOperation),
  played(withoutOwnStretch),
  played(together),
]

function played(plans: (run: Run) => Iterable<Plan>): (machine: Machine, run: Run) => Iterable<Run> {
  return function* (machine, run) {
    for (const plan of plans(run)) yield play(machine, run, plan)
  }
}

/** A run that was made, whether it is smaller, and the phase that made it: the next search may begin there. */
export interface Try {
  readonly run: Run
  readonly isSmaller: boolean
  readonly phase: number
}

/**
 * Every run that is tried, including those that are not smaller.
 *
 * @param first the phase to begin with; the others come after it
 */
export function* tries(machine: Machine, run: Run, first = 0): Generator<Try> {
  for (const n of phases.keys()) {
    const phase = (first + n) % phases.length
    for (const made of phases[phase]?.(machine, run) ?? []) yield { run: made, isSmaller: isSmaller(made, run), phase }
  }
}

/** The tries that are smaller. */
export function* smaller(machine: Machine, run: Run, first = 0): Generator<Try> {
  for (const one of tries(machine, run, first)) if (one.isSmaller) yield one
}

const isSmaller = (one: Run, other: Run): boolean =>
  one.steps.length < other.steps.length ||
  (one.steps.length === other.steps.length && switchesOf(one) < switchesOf(other))

/**
 * Number of places that a thread looks ahead for, among those where it came, and number of its steps to look through.
 */
const [AHEAD, STEPS_AHEAD] = [4, 16]

function play(machine: Machine, run: Run, plan: Plan, actor: (thread: number) => number = (thread) => thread): Run {
  const { initial, steps } = run
  const moved = plan.findIndex(
    (at, n) => at !== n || actor(steps[at]?.transition.thread ?? -1) !== steps[at]?.transition.thread,
  )
  const kept = moved < 0 ? plan.length : moved
  const made: Step[] = steps.slice(0, kept)
  let state: State = made.at(-1)?.state ?? initial.state
  for (const [n, at] of plan.entries()) {
    const wanted = n < kept ? undefined : steps[at]?.transition
    if (wanted === undefined) continue
    const thread = actor(wanted.thread)
    const possible = transitionsOf(machine, state, thread)
    const transition =
      possible.find(({ path, choices }) => path === wanted.path && sameChoices(choices, wanted.choices)) ??
      detour(possible, run, at, threadOf(state, thread).point)
    if (transition === undefined) continue
    if (transition.outcome.kind !== 'next') return { initial, steps: [...made, { transition }] }
    state = transition.outcome.state
    made.push({ transition, state })
  }
  return { initial, steps: made }
}

/**
 * In place of a step that is not possible: one that leads to where its thread came soon, if it stands where it stood.
 */
function detour(possible: readonly Transition[], run: Run, at: number, point: string): Transition | undefined {
  const thread = run.steps[at]?.transition.thread ?? -1
  if (pointBefore(run, at, thread) !== point) return undefined
  const soon = new Set<string>()
  const [places = [], from = 0] = [own(run).get(thread), nth(run)[at]]
  for (const n of places.slice(from, from + STEPS_AHEAD)) {
    const state = run.steps[n]?.state
    if (state !== undefined && soon.size < AHEAD) soon.add(threadOf(state, thread).point)
  }
  return possible.find(
    ({ thread: mine, outcome }) => outcome.kind === 'next' && soon.has(threadOf(outcome.state, mine).point),
  )
}

const pointBefore = ({ initial, steps }: Run, at: number, thread: number): string =>
  threadOf(steps[at - 1]?.state ?? initial.state, thread).point

const indices = ({ steps }: Run): Plan => steps.map((_, n) => n)

/** By thread that acts: the places of its steps. */
const own = remembered((run): ReadonlyMap<number, Plan> => {
  const places = new Map<number, number[]>()
  for (const [
    n,
    {
      transition: { thread },
    },
  ] of run.steps.entries()) {
    const mine = places.get(thread)
    if (mine === undefined) places.set(thread, [n])
    else mine.push(n)
  }
  return places
})

/** Number of steps of the same thread that come before each step. */
const nth = remembered((run): Plan => {
  const counts: number[] = []
  for (const places of own(run).values()) for (const [n, at] of places.entries()) counts[at] = n
  return counts
})

/** Remembers a value made from a run: there are very many plans for one run. */
function remembered<T>(make: (run: Run) => T): (run: Run) => T {
  const known = new WeakMap<Run, T>()
  return (run) => {
    const made = known.get(run) ?? make(run)
    known.set(run, made)
    return made
  }
}

function without(run: Run, left: Iterable<number>): Plan {
  const out = new Set(left)
  return indices(run).filter((n) => !out.has(n))
}

function* withoutThread(run: Run): Generator<Plan> {
  for (const places of own(run).values()) yield without(run, places)
}

/** One instance of a thread does what another did. */
function* byAnother(machine: Machine, run: Run): Generator<Run> {
  const { instances } = machine.model
  const acting = [...own(run).keys()]
  for (const one of acting) {
    for (const other of acting) {
      if (one !== other && instances[one]?.thread === instances[other]?.thread)
        yield play(machine, run, indices(run), (thread) => (thread === one ? other : thread))
    }
  }
}

/** Halves, quarters, and so on down to single ones, from the end to the beginning. */
function* stretches(places: Plan): Generator<Plan> {
  for (let size = Math.ceil(places.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = places.length; end > 0; end -= size) yield places.slice(Math.max(0, end - size), end)
  }
}

function* withoutStretch(run: Run): Generator<Plan> {
  for (const stretch of stretches(indices(run))) yield without(run, stretch)
}

/**
 * Leaves out the steps of a thread between two moments at which it stands at one control point: the longest stretch
 * from each, then the shortest.
 */
function* withoutOperation(run: Run): Generator<Plan> {
  for (const [thread, places] of own(run)) {
    const points = places.map((at) => pointBefore(run, at, thread))
    const lastOf = new Map(points.map((point, n) => [point, n]))
    const nextOf: number[] = []
    const met = new Map<string, number>()
    for (const [n, point] of [...points.entries()].reverse()) {
      nextOf[n] = met.get(point) ?? -1
      met.set(point, n)
    }
    for (const [from, point] of points.entries()) {
      const [last, next] = [lastOf.get(point) ?? -1, nextOf[from] ?? -1]
      if (last > from) yield without(run, places.slice(from, last))
      if (next > from && next < last) yield without(run, places.slice(from, next))
    }
  }
}

/** If one thread acts alone, its stretches are those of the run. */
function* withoutOwnStretch(run: Run): Generator<Plan> {
  if (own(run).size > 1)
    for (const places of own(run).values()) for (const stretch of stretches(places)) yield without(run, stretch)
}

/** Moves the steps that a thread takes without a switch to those that it takes next, or those to them. */
function* together(run: Run): Generator<Plan> {
  const blocks: number[][] = []
  for (const n of indices(run)) {
    if (n > 0 && run.steps[n]?.transition.thread === run.steps[n - 1]?.transition.thread) blocks.at(-1)?.push(n)
    else blocks.push([n])
  }
  const threadAt = (block: number): number | undefined => run.steps[blocks[block]?.[0] ?? -1]?.transition.thread
  const toOf: number[] = []
  const met = new Map<number | undefined, number>()
  for (const n of [...blocks.keys()].reverse()) {
    toOf[n] = met.get(threadAt(n)) ?? -1
    met.set(threadAt(n), n)
  }
  for (const from of blocks.keys()) {
    const to = toOf[from] ?? -1
    if (to < 0) continue
    const between = blocks.slice(from + 1, to)
    const [one = [], other = []] = [blocks[from], blocks[to]]
    const around = (middle: readonly number[][]): Plan =>
      [...blocks.slice(0, from), ...middle, ...blocks.slice(to + 1)].flat()
    yield around([one, other, ...between])
    yield around([...between, one, other])
  }
}
