/**
 * Projected replay: can a corrected variant still do what a lock does?
 *
 * A model is recorded once, and its variants differ in constants that are folded; so a statement has the same path in all of them, and two variants can be
 * compared statement by statement. Searched are all runs of the corrected variant in which the statements that both have occur in the lock's order, by the
 * same threads, with the same choices; what only the corrected variant has goes between them freely, what it lacks is left out. Statements on a thread's own
 * locals are free, too: how they are joined to transitions depends on what stands around them.
 */
import { Set as States } from 'immutable'
import type { ConfiguredModel } from '../language/ast.ts'
import { configure } from '../language/configure.ts'
import type { Protocol } from '../language/protocol.ts'
import { settingOf } from '../language/setting.ts'
import { expressionsOf } from '../language/walk.ts'
import { isLocal } from '../semantics/control.ts'
import type { End } from '../semantics/execute.ts'
import { possibilities, threadOf, transitions } from '../semantics/machine.ts'
import type { Choice, Initial, Machine, Run, State, Transition } from '../semantics/machine.ts'
import { canonicalJson } from './digest.ts'
import { firstShown } from './judge.ts'
import { machineFor } from './machines.ts'
import type { Schedule, ScheduleStep } from './schedule.ts'
import { findInitial } from './steps.ts'

/** What a corrected variant makes of a lock. */
export interface Projected {
  /** `forbidden`: no such run comes to the violation. `reached`: `run` does. `incomplete`: neither is known within the limit. */
  readonly kind: 'forbidden' | 'reached' | 'incomplete'
  /** Of the corrected variant. */
  readonly machine: Machine
  /** Steps of the schedule that can be followed at most, with those left out among them. */
  readonly followed: number
  /** Steps of the schedule whose statements the corrected variant does not have, from 1. */
  readonly omitted: readonly number[]
  /** Those whose statements it has, and which mean something else there: what is inside of a step may be corrected, too. */
  readonly changed: readonly number[]
  /** A shortest run that follows so far. */
  readonly run: Run
  /** The steps of `run` that the corrected variant alone has, from 1. */
  readonly inserted: readonly number[]
  /** What forbids step `followed + 1` in every run that comes so far: at least one each. None if all can be followed. */
  readonly obstacles: readonly Obstacle[]
  /** States looked at. */
  readonly states: number
}

/** Why a step can't be taken in a state. */
export interface Obstacle {
  /** That comes so far. */
  readonly run: Run
  /** The instance whose step it is; undefined if there is no such thread, or no such start. */
  readonly thread?: number
  /**
   * `guard`: it is about to take it, and a guard is false. `nothing`: there, and there is nothing to choose. `waits`: it stands before another statement, whose guard is false. `elsewhere`: another statement is enabled there.
   * `branch`: a test goes the other way. `choice`: it can only choose otherwise. `fails`: it fails for another reason. `ended`: the thread has. `start`: no initial state.
   */
  readonly kind: 'guard' | 'nothing' | 'waits' | 'elsewhere' | 'branch' | 'choice' | 'fails' | 'ended' | 'start'
  /** The guards that are false. */
  readonly guards: readonly Guard[]
  /** What the thread can do instead, and may not in this order. */
  readonly instead: readonly Transition[]
  /** The last step of the thread in `run`, from 1, if it is none of the lock's. */
  readonly after?: number
}

export type Guard = Extract<End, { readonly kind: 'waits' }>

/** States to look at before giving up. */
export const PROJECTION_LIMIT = 20_000

/** A statement and the arm taken, as a transition's path has them. */
const statementOf = ({ text }: Machine['runners'][number], path: string): string => text.sites.has(path) ? path : path.slice(0, path.lastIndexOf('.'))

type Runners = ReadonlyMap<string, Machine['runners'][number]>
const byName = ({ runners }: Machine): Runners => new Map(runners.map((runner) => [runner.instance.name, runner]))

/** `common` to both texts; in one of them `alone`; or `local`: it touches nothing but its thread's own, in one of them at least. */
type Standing = 'common' | 'alone' | 'local'

function standingIn(one: Runners, other: Runners): (thread: string, path: string) => Standing {
  return (thread, path) => {
    const sites = [one, other].map((runners) => runners.get(thread)).map((runner) => runner?.text.sites.get(statementOf(runner, path)))
    if (sites.some((site) => site?.inside === undefined && site !== undefined && isLocal(site.statement))) return 'local'
    return sites.includes(undefined) ? 'alone' : 'common'
  }
}

/** Whether the variants mean the same by a statement; of one that is no step, without what is inside. */
function isSameIn(one: Runners, other: Runners, { thread, path }: ScheduleStep): boolean {
  const [mine, theirs] = [one, other].map((runners) => runners.get(thread)).map((runner) => {
    const statement = runner?.text.sites.get(statementOf(runner, path))?.statement
    if (statement === undefined) return ''
    return canonicalJson(statement.kind === 'step' || statement.kind === 'call' ? statement : expressionsOf(statement), (_, key) => key === 'at' || key === 'source')
  })
  return mine === theirs
}

/** A state that was come to, and how. */
interface Node {
  readonly state: State
  readonly initial: Initial
  /** How many of the common steps were taken. */
  readonly position: number
  readonly before?: { readonly node: Node; readonly transition: Transition; readonly standing: Standing }
}

/**
 * Follows a schedule on another variant of its protocol.
 *
 * @param variant the one that has the correction
 * @throws UsageError if the protocol has no such variant or scenario, or can't have these sizes
 */
export function project(protocol: Protocol, schedule: Schedule, variant: string, options: { readonly limit?: number } = {}): Projected {
  const { scenario, sizes } = schedule.configuration
  const modelOf = (name: string): ConfiguredModel => configure(protocol.model, settingOf(protocol, { variant: name, scenario, sizes }).configuration)
  return projectOn(modelOf(schedule.variant), modelOf(variant), schedule, options)
}

/** Follows a schedule of one configured model on another that is recorded from the same text. */
export function projectOn(buggy: ConfiguredModel, corrected: ConfiguredModel, schedule: Schedule, { limit = PROJECTION_LIMIT }: { readonly limit?: number } = {}): Projected {
  const machine = machineFor(corrected, schedule.property)
  const [before, after] = [byName(machineFor(buggy, schedule.property)), byName(machine)]
  const standing = standingIn(before, after)
  const stepsThat = (are: (step: ScheduleStep) => boolean): readonly number[] => schedule.steps.flatMap((step, n) => are(step) ? [n + 1] : [])
  const wanted = schedule.steps.flatMap((step, n) => standing(step.thread, step.path) === 'common' ? [{ step, n }] : [])
  const omitted = stepsThat(({ thread, path }) => standing(thread, path) === 'alone')
  const changed = stepsThat((step) => standing(step.thread, step.path) === 'common' && !isSameIn(before, after, step))
  const known = wanted.map(() => States<State>().asMutable()).concat(States<State>().asMutable())
  const nodes: Node[] = []
  const add = (node: Node): void => {
    const at = known[node.position]
    if (at === undefined || at.has(node.state)) return
    at.add(node.state)
    nodes.push(node)
  }
  const nameOf = (thread: number): string => machine.model.instances[thread]?.name ?? ''
  const result = (kind: Projected['kind'], run: Run, followed: number, standings: readonly Standing[], obstacles: readonly Obstacle[]): Projected => ({
    kind, machine, followed, omitted, changed, run, inserted: standings.flatMap((one, n) => one === 'alone' ? [n + 1] : []), obstacles, states: nodes.length,
  })

  for (const initial of startsOf(machine, schedule.initial)) add({ state: initial.state, initial, position: 0 })
  /** Nodes that nothing free leads on from, at the furthest position. */
  let [furthest, ends]: [number, Node[]] = [0, []]
  let complete = true
  for (const node of nodes) {
    if (nodes.length > limit) { complete = false; break }
    const { position, state, initial } = node
    const next = wanted[position]
    const done = runOf(node)
    if (next === undefined && firstShown(machine, done.run, schedule.property) !== undefined) return result('reached', done.run, schedule.steps.length, done.standings, [])
    let goes = false
    for (const transition of transitions(machine, state)) {
      const own = standing(nameOf(transition.thread), transition.path)
      const free = own !== 'common'
      if (!free && (next === undefined || !isCalled(machine, transition, next.step))) continue
      if (transition.outcome.kind === 'fails') {
        if (transition.outcome.property !== schedule.property.name) continue
        return result('reached', { initial, steps: [...done.run.steps, { transition }] }, next?.n ?? schedule.steps.length, [...done.standings, own], [])
      }
      goes = true
      add({ state: transition.outcome.state, initial, position: free ? position : position + 1, before: { node, transition, standing: own } })
    }
    if (position > furthest) [furthest, ends] = [position, []]
    if (position === furthest && !goes) ends.push(node)
  }
  const last = wanted[furthest]
  const far = nodes.filter(({ position }) => position === furthest)
  // Where free steps go round for ever, every state is as good as an end.
  const stuck = ends.length > 0 ? ends : far
  const first = stuck[0] ?? far[0]
  const followed = last?.n ?? schedule.steps.length
  if (first === undefined) {
    const run: Run = { initial: machine.initial[0] ?? none(machine), steps: [] }
    return result('forbidden', run, 0, [], [{ run, kind: 'start', guards: [], instead: [] }])
  }
  const { run, standings } = runOf(first)
  const obstacles = last === undefined || !complete ? [] : stuck.map((node) => obstacleOf(machine, node, last.step))
  return result(complete ? 'forbidden' : 'incomplete', run, followed, standings, obstacles)
}

function none({ model }: Machine): never { throw new RangeError(`${model.name} has no initial state`) }

/** The initial state of that name; if the variants start otherwise, those that agree with it as far as both choose. */
function startsOf(machine: Machine, start: Schedule['initial']): readonly Initial[] {
  const exact = findInitial(machine, start)
  return exact === undefined ? machine.initial.filter(({ choices }) => agree(choices, start.choices)) : [exact]
}

/** Whether the same was chosen wherever both choose something of that name. */
function agree(one: readonly Choice[], other: readonly Choice[]): boolean {
  const chosen = (all: readonly Choice[], wanted: string): readonly unknown[] => all.filter(({ name }) => name === wanted).map(({ value }) => value)
  return one.every(({ name }) => !other.some((choice) => choice.name === name) || canonicalJson(chosen(one, name)) === canonicalJson(chosen(other, name)))
}

/** Labels are not asked for: a constant in a test may be folded away. */
function isCalled({ model }: Machine, { thread, path, choices }: Transition, step: ScheduleStep): boolean {
  return path === step.path && model.instances[thread]?.name === step.thread && agree(choices, step.choices)
}

function runOf(node: Node): { readonly run: Run; readonly standings: readonly Standing[] } {
  const way: NonNullable<Node['before']>[] = []
  const states: State[] = []
  for (let at = node; at.before !== undefined; at = at.before.node) {
    way.unshift(at.before)
    states.unshift(at.state)
  }
  const steps = way.flatMap(({ transition }, n): Run['steps'] => {
    const state = states[n]
    return state === undefined ? [] : [{ transition, state }]
  })
  return { run: { initial: node.initial, steps }, standings: way.map(({ standing }) => standing) }
}

/** Why the step can't be taken where the search has come to. */
function obstacleOf(machine: Machine, node: Node, step: ScheduleStep): Obstacle {
  const { state } = node
  const { run, standings } = runOf(node)
  const thread = machine.runners.findIndex(({ instance }) => instance.name === step.thread)
  const runner = machine.runners[thread]
  if (runner === undefined) return { run, kind: 'start', guards: [], instead: [] }
  const own = run.steps.findLastIndex(({ transition }) => transition.thread === thread)
  const found = { run, thread, ...(own >= 0 && standings[own] !== 'common' ? { after: own + 1 } : {}) }
  if (threadOf(state, thread).point === 'end') return { ...found, kind: 'ended', guards: [], instead: [] }

  const { point } = threadOf(state, thread)
  const statement = statementOf(runner, step.path)
  const isThere = (path: string): boolean => path === statement || path.startsWith(`${statement}/`)
  const entrance = entranceTo(runner, point, statement)
  const guards = (possibilities(machine, state)[thread] ?? []).filter((end) => end.kind === 'waits')
  const able = transitions(machine, state).filter((one) => one.thread === thread)
  const here = able.filter(({ path }) => statementOf(runner, path) === statement)
  const same = here.filter(({ path }) => path === step.path)
  const fails = same.filter(({ choices }) => agree(choices, step.choices))
  const before = guards.filter(({ path }) => isThere(path) || (entrance !== undefined && entrance !== point && path.startsWith(`${entrance}/`)))
  if (fails.length > 0) return { ...found, kind: 'fails', guards: [], instead: fails }
  if (before.length > 0) return { ...found, kind: 'guard', guards: before, instead: able }
  if (same.length > 0) return { ...found, kind: 'choice', guards: [], instead: same }
  if (here.length > 0) return { ...found, kind: 'branch', guards: [], instead: here }
  if (entrance !== undefined) return { ...found, kind: 'nothing', guards: [], instead: able }
  return able.length === 0 ? { ...found, kind: 'waits', guards, instead: [] } : { ...found, kind: 'elsewhere', guards, instead: able }
}

/** The point itself, or the branch of its `either`, if a thread that rests there and goes that way comes to the statement first. */
function entranceTo({ text }: Machine['runners'][number], point: string, statement: string): string | undefined {
  if (point === statement) return point
  const site = text.sites.get(point)?.statement
  if (site?.kind !== 'either') return undefined
  const at = site.branches.findIndex(([first]) => {
    for (let path = first?.path; path !== undefined;) {
      if (path === statement) return true
      const hop = text.hops.get(path)
      path = hop === undefined || hop === 'end' ? undefined : hop.path
    }
    return false
  })
  return at < 0 ? undefined : `${point}.or-${at}`
}
