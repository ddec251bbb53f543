/**
 * Smaller runs made of the steps of one: threads, stretches and single steps are left out, one thread does what another did, and what a thread does is put
 * together.
 *
 * What is left is played by the reference interpreter in its order. A step that is not possible where it would come gives way to another of its thread that
 * leads to where the thread came later (a lock that is not contended any more is taken without waiting), or is left out, too. So each is a run of the model.
 * It has fewer transitions, or as many and fewer context switches.
 */
import { threadOf, transitionsOf } from '../semantics/machine.ts'
import type { Machine, Run, State, Transition } from '../semantics/machine.ts'
import { switchesOf } from '../semantics/size.ts'
import { sameChoices } from './steps.ts'

type Step = Run['steps'][number]

/** Steps of a run by their places, in the order in which they are to be played. */
type Plan = readonly number[]

/** In what order plans are tried: those that leave out most come first. */
const phases: readonly ((machine: Machine, run: Run) => Iterable<Run>)[] = [
  played(withoutThread), byAnother, played(withoutStretch), played(withoutOperation), played(withoutOwnStretch), played(together),
]

function played(plans: (run: Run) => Iterable<Plan>): (machine: Machine, run: Run) => Iterable<Run> {
  return function* (machine, run) {
    for (const plan of plans(run)) yield play(machine, run, plan)
  }
}

/** A smaller run, and the phase that made it: the next search may begin there. */
export interface Smaller { readonly run: Run; readonly phase: number }

/** @param first the phase to begin with; the others come after it */
export function* smaller(machine: Machine, run: Run, first = 0): Generator<Smaller> {
  for (const n of phases.keys()) {
    const phase = (first + n) % phases.length
    for (const made of phases[phase]?.(machine, run) ?? []) if (isSmaller(made, run)) yield { run: made, phase }
  }
}

const isSmaller = (one: Run, other: Run): boolean =>
  one.steps.length < other.steps.length || (one.steps.length === other.steps.length && switchesOf(one) < switchesOf(other))

/** How many of its own steps a thread looks ahead for where it came. */
const AHEAD = 4

function play(machine: Machine, run: Run, plan: Plan, actor: (thread: number) => number = (thread) => thread): Run {
  const { initial, steps } = run
  const moved = plan.findIndex((at, n) => at !== n || actor(steps[at]?.transition.thread ?? -1) !== steps[at]?.transition.thread)
  const kept = moved < 0 ? plan.length : moved
  const made: Step[] = steps.slice(0, kept)
  let state: State = made.at(-1)?.state ?? initial.state
  for (const [n, at] of plan.entries()) {
    const wanted = n < kept ? undefined : steps[at]?.transition
    if (wanted === undefined) continue
    const thread = actor(wanted.thread)
    const possible = transitionsOf(machine, state, thread)
    const transition = possible.find(({ path, choices }) => path === wanted.path && sameChoices(choices, wanted.choices)) ?? detour(possible, run, at, threadOf(state, thread).point)
    if (transition === undefined) continue
    if (transition.outcome.kind !== 'next') return { initial, steps: [...made, { transition }] }
    state = transition.outcome.state
    made.push({ transition, state })
  }
  return { initial, steps: made }
}

/** In place of a step that is not possible: one that leads to where its thread came soon, if it stands where it stood. */
function detour(possible: readonly Transition[], run: Run, at: number, point: string): Transition | undefined {
  const thread = run.steps[at]?.transition.thread ?? -1
  if (pointBefore(run, at, thread) !== point) return undefined
  const soon = new Set<string>()
  for (let n = at; n < run.steps.length && soon.size < AHEAD; n++) {
    const { transition, state } = run.steps[n] ?? {}
    if (transition?.thread === thread && state !== undefined) soon.add(threadOf(state, thread).point)
  }
  return possible.find(({ thread: mine, outcome }) => outcome.kind === 'next' && soon.has(threadOf(outcome.state, mine).point))
}

const pointBefore = ({ initial, steps }: Run, at: number, thread: number): string => threadOf(steps[at - 1]?.state ?? initial.state, thread).point

const indices = ({ steps }: Run): Plan => steps.map((_, n) => n)

/** By thread that acts: the places of its steps. */
function own(run: Run): ReadonlyMap<number, Plan> {
  const places = new Map<number, number[]>()
  for (const [n, { transition: { thread } }] of run.steps.entries()) places.set(thread, [...places.get(thread) ?? [], n])
  return places
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
      if (one !== other && instances[one]?.thread === instances[other]?.thread) yield play(machine, run, indices(run), (thread) => thread === one ? other : thread)
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

/** What a thread does between two moments at which it stands at one control point: the longest from each, then the shortest. */
function* withoutOperation(run: Run): Generator<Plan> {
  for (const [thread, places] of own(run)) {
    const points = places.map((at) => pointBefore(run, at, thread))
    for (const [from, point] of points.entries()) {
      const [last, next] = [points.lastIndexOf(point), points.indexOf(point, from + 1)]
      if (last > from) yield without(run, places.slice(from, last))
      if (next > from && next < last) yield without(run, places.slice(from, next))
    }
  }
}

function* withoutOwnStretch(run: Run): Generator<Plan> {
  for (const places of own(run).values()) for (const stretch of stretches(places)) yield without(run, stretch)
}

/** What a thread does without a switch is moved to what it does next, or that to it. */
function* together(run: Run): Generator<Plan> {
  const blocks: number[][] = []
  for (const n of indices(run)) {
    if (n > 0 && run.steps[n]?.transition.thread === run.steps[n - 1]?.transition.thread) blocks.at(-1)?.push(n)
    else blocks.push([n])
  }
  const threadAt = (block: number): number | undefined => run.steps[blocks[block]?.[0] ?? -1]?.transition.thread
  for (const from of blocks.keys()) {
    const to = blocks.findIndex((_block, n) => n > from && threadAt(n) === threadAt(from))
    if (to < 0) continue
    const between = blocks.slice(from + 1, to)
    const [one = [], other = []] = [blocks[from], blocks[to]]
    const around = (middle: readonly number[][]): Plan => [...blocks.slice(0, from), ...middle, ...blocks.slice(to + 1)].flat()
    yield around([one, other, ...between])
    yield around([...between, one, other])
  }
}
