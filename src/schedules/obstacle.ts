/** The reason why a thread can't take a step in the state that a projected replay has reached. */
import type { End } from '../semantics/execute.ts'
import { isEnabled, executions, threadOf, transitionsOf } from '../semantics/machine.ts'
import type { Machine, Run, Transition } from '../semantics/machine.ts'
import type { ScheduleStep } from './schedule.ts'
import { statementOf } from './correspondence.ts'
import type { Correspondence } from './correspondence.ts'
import { agree } from './steps.ts'

/** The reason why a step can't be taken in a state. */
export interface Obstacle {
  /** That comes so far. */
  readonly run: Run
  /** The instance that the step belongs to; undefined if that thread does not exist, or that start does not. */
  readonly thread?: number
  /**
   * `guard`: it is about to take it, and a guard is false. `nothing`: there, and there is nothing to choose. `waits`:
   * it stands before another statement, whose guard is false. `elsewhere`: another statement is enabled there.
   * `branch`: a test takes the other branch. `choice`: it can only choose otherwise. `fails`: it fails for another
   * reason. `ended`: the thread has. `start`: no initial state.
   */
  readonly kind: 'guard' | 'nothing' | 'waits' | 'elsewhere' | 'branch' | 'choice' | 'fails' | 'ended' | 'start'
  /** The guards that are false. */
  readonly guards: readonly Guard[]
  /** The transitions that the thread can take instead, and may not in this order. */
  readonly instead: readonly Transition[]
  /** The last step of the thread in `run`, from 1, if the lock does not have it. */
  readonly after?: number
}

export type Guard = Extract<End, { readonly kind: 'waits' }>

/** A run, and what each of its steps is to the two variants. */
export interface Followed {
  readonly run: Run
  readonly correspondences: readonly Correspondence[]
}

/** The reason why the step can't be taken in the state that the search has reached. */
export function obstacleOf(machine: Machine, { run, correspondences }: Followed, step: ScheduleStep): Obstacle {
  const state = run.steps.at(-1)?.state ?? run.initial.state
  const thread = machine.runners.findIndex(({ instance }) => instance.name === step.thread)
  const runner = machine.runners[thread]
  if (runner === undefined) return { run, kind: 'start', guards: [], instead: [] }
  const own = run.steps.findLastIndex(({ transition }) => transition.thread === thread)
  const found = { run, thread, ...(own >= 0 && correspondences[own] !== 'common' ? { after: own + 1 } : {}) }
  const { point } = threadOf(state, thread)
  if (point === 'end') return { ...found, kind: 'ended', guards: [], instead: [] }
  const statement = statementOf(runner, step.path)
  const isThere = (path: string): boolean => path === statement || path.startsWith(`${statement}/`)
  const entrance = entranceTo(runner, point, statement)
  const guards = (executions(machine, state)[thread] ?? []).filter((end) => end.kind === 'waits')
  const able = transitionsOf(machine, state, thread).filter(isEnabled)
  const here = able.filter(({ path }) => statementOf(runner, path) === statement)
  const same = here.filter(({ path }) => path === step.path)
  const fails = same.filter(({ choices }) => agree(choices, step.choices))
  const before = guards.filter(
    ({ path }) => isThere(path) || (entrance !== undefined && entrance !== point && path.startsWith(`${entrance}/`)),
  )
  if (fails.length > 0) return { ...found, kind: 'fails', guards: [], instead: fails }
  if (before.length > 0) return { ...found, kind: 'guard', guards: before, instead: able }
  if (same.length > 0) return { ...found, kind: 'choice', guards: [], instead: same }
  if (here.length > 0) return { ...found, kind: 'branch', guards: [], instead: here }
  if (entrance !== undefined) return { ...found, kind: 'nothing', guards: [], instead: able }
  return able.length === 0
    ? { ...found, kind: 'waits', guards, instead: [] }
    : { ...found, kind: 'elsewhere', guards, instead: able }
}

/**
 * The point itself, or the branch of its `either`, if a thread that rests there and takes that branch meets the
 * statement first.
 */
function entranceTo({ text }: Machine['runners'][number], point: string, statement: string): string | undefined {
  if (point === statement) return point
  const site = text.sites.get(point)?.statement
  if (site?.kind !== 'either') return undefined
  const at = site.branches.findIndex(([first]) => {
    for (let path = first?.path; path !== undefined; ) {
      if (path === statement) return true
      const hop = text.hops.get(path)
      path = hop === undefined || hop === 'end' ? undefined : hop.path
    }
    return false
  })
  return at < 0 ? undefined : `${point}.or-${at}`
}
