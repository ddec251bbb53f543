/**
 * Projected replay: can a corrected variant still do what a lock does?
 *
 * A model is recorded once, and its variants differ in constants that are folded; so a statement has the same path in
 * all of them, and two variants can be compared statement by statement. Searched are all runs of the corrected
 * variant in which the statements that both have occur in the lock's order, by the same threads, with the same
 * choices; what only the corrected variant has goes between them freely, what it lacks is left out. Statements on a
 * thread's own locals are free, too: how they are joined to transitions depends on what stands around them.
 */
import { Set as States } from 'immutable'
import type { ConfiguredModel } from '../language/ast.ts'
import { isSameClaim } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { settingOf } from '../catalogue/setting.ts'
import { machineOf } from '../semantics/counterexample.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { failuresOf, transitions } from '../semantics/machine.ts'
import type { Initial, Machine, Run, State, Transition } from '../semantics/machine.ts'
import type { Corrected } from './corrected.ts'
import { firstShown } from './judge.ts'
import { obstacleOf } from './obstacle.ts'
import type { Followed, Obstacle } from './obstacle.ts'
import type { Schedule, ScheduleStep } from './schedule.ts'
import { byName, isSameIn, correspondenceIn } from './correspondence.ts'
import type { Correspondence } from './correspondence.ts'
import { agree, startsOf } from './steps.ts'

/** The projection of a lock on a corrected variant. */
export interface Projected {
  /**
   * `forbidden`: none of these runs breaks the property. `reached`: `run` does. `incomplete`: neither is known within
   * the limit.
   */
  readonly kind: 'forbidden' | 'reached' | 'incomplete'
  /** The machine of the corrected variant. */
  readonly machine: Machine
  /** Steps of the schedule that can be followed at most, with those left out among them. */
  readonly followed: number
  /** Steps of the schedule whose statements the corrected variant does not have, from 1. */
  readonly omitted: readonly number[]
  /**
   * Those whose statements it has, and which mean something else there: what is inside of a step may be corrected,
   * too.
   */
  readonly changed: readonly number[]
  /** A shortest run that follows so far. */
  readonly run: Run
  /** The steps of `run` that the corrected variant alone has, from 1. */
  readonly inserted: readonly number[]
  /**
   * The obstacles to step `followed + 1` in every run that comes so far: at least one for each. Empty if all steps can
   * be followed.
   */
  readonly obstacles: readonly Obstacle[]
  /** States looked at. */
  readonly states: number
}

/** States to look at before giving up. */
export const PROJECTION_LIMIT = 20_000

/** A state that was reached, and how. */
interface Node {
  readonly state: State
  readonly initial: Initial
  /** Number of common steps taken. */
  readonly position: number
  readonly before?: { readonly node: Node; readonly transition: Transition; readonly correspondence: Correspondence }
}

/**
 * Follows a schedule on another variant of its protocol, or on a protocol with the same threads. A statement is known
 * by its place, so the other one has to come from the same text: a copy, or a protocol that shares the model.
 *
 *     project(my_driver, readLock(text, file), 'fixed').kind // 'forbidden': it cannot be done any more
 *
 * @param variant the one that has the correction; with its protocol, if that is another one
 * @throws UsageError if the protocol has no such variant or scenario, or can't have these sizes
 */
export function project(
  protocol: Protocol,
  schedule: Schedule,
  variant: string | Pick<Corrected, 'protocol' | 'variant'>,
  options: { readonly limit?: number } = {},
): Projected {
  const { scenario, sizes } = schedule.configuration
  const modelOf = (of: Protocol, name: string): ConfiguredModel =>
    configure(of.model, settingOf(of, { variant: name, scenario, sizes }).configuration)
  const corrected = typeof variant === 'string' ? { protocol, variant } : variant
  const models = [modelOf(protocol, schedule.variant), modelOf(corrected.protocol, corrected.variant)] as const
  return projectOn(...models, schedule, options)
}

/** Follows a schedule of one configured model on another that is recorded from the same text. */
export function projectOn(
  buggy: ConfiguredModel,
  corrected: ConfiguredModel,
  schedule: Schedule,
  { limit = PROJECTION_LIMIT }: { readonly limit?: number } = {},
): Projected {
  const machine = machineOf(corrected, schedule.property)
  const [mine, theirs] = [byName(machineOf(buggy, schedule.property)), byName(machine)]
  const correspondence = correspondenceIn(mine, theirs)
  const stepsThat = (are: (step: ScheduleStep) => boolean): readonly number[] =>
    schedule.steps.flatMap((step, n) => (are(step) ? [n + 1] : []))
  const wanted = schedule.steps.flatMap((step, n) =>
    correspondence(step.thread, step.path) === 'common' ? [{ step, n }] : [],
  )
  const omitted = stepsThat(({ thread, path }) => correspondence(thread, path) === 'alone')
  const changed = stepsThat(
    (step) => correspondence(step.thread, step.path) === 'common' && !isSameIn(mine, theirs, step),
  )
  const known = wanted.map(() => States<State>().asMutable()).concat(States<State>().asMutable())
  const nodes: Node[] = []
  const add = (node: Node): void => {
    const at = known[node.position]
    if (at === undefined || at.has(node.state)) return
    at.add(node.state)
    nodes.push(node)
  }
  const nameOf = (thread: number): string => machine.model.instances[thread]?.name ?? ''
  const result = (
    kind: Projected['kind'],
    run: Run,
    followed: number,
    correspondences: readonly Correspondence[],
    obstacles: readonly Obstacle[],
  ): Projected => ({
    kind,
    machine,
    followed,
    omitted,
    changed,
    run,
    inserted: correspondences.flatMap((one, n) => (one === 'alone' ? [n + 1] : [])),
    obstacles,
    states: nodes.length,
  })

  for (const initial of startsOf(machine, schedule.initial)) add({ state: initial.state, initial, position: 0 })
  /** Nodes that nothing free leads on from, at the furthest position. */
  let [furthest, ends]: [number, Node[]] = [0, []]
  let complete = true
  for (const node of nodes) {
    if (nodes.length > limit) {
      complete = false
      break
    }
    const { position, state, initial } = node
    const next = wanted[position]
    if (breaks(machine, node, schedule, next === undefined)) {
      const { run, correspondences } = runOf(node)
      return result('reached', run, next?.n ?? schedule.steps.length, correspondences, [])
    }
    let goes = false
    for (const transition of transitions(machine, state)) {
      const own = correspondence(nameOf(transition.thread), transition.path)
      const free = own !== 'common'
      if (!free && (next === undefined || !isCalled(machine, transition, next.step))) continue
      if (failuresOf(transition).some(({ claim }) => isSameClaim(claim, schedule.property))) {
        const { run, correspondences } = runOf(node)
        const last = { transition, ...(transition.outcome.kind === 'next' ? { state: transition.outcome.state } : {}) }
        return result(
          'reached',
          { initial, steps: [...run.steps, last] },
          next?.n ?? schedule.steps.length,
          [...correspondences, own],
          [],
        )
      }
      if (transition.outcome.kind !== 'next') continue
      goes = true
      const after: Node = {
        state: transition.outcome.state,
        initial,
        position: free ? position : position + 1,
        before: { node, transition, correspondence: own },
      }
      if (kinds[schedule.property.kind].judgedOn === 'step' && breaks(machine, after, schedule, false)) {
        const { run, correspondences } = runOf(after)
        return result('reached', run, next?.n ?? schedule.steps.length, correspondences, [])
      }
      add(after)
    }
    if (position > furthest) [furthest, ends] = [position, []]
    if (position === furthest && !goes) ends.push(node)
  }
  const last = wanted[furthest]
  const far = nodes.filter(({ position }) => position === furthest)
  // if free steps form a cycle, every state of it counts as an end
  const stuck = ends.length > 0 ? ends : far
  const first = stuck[0] ?? far[0]
  const followed = last?.n ?? schedule.steps.length
  if (first === undefined) {
    const run: Run = { initial: machine.initial[0] ?? none(machine), steps: [] }
    return result('forbidden', run, 0, [], [{ run, kind: 'start', guards: [], instead: [] }])
  }
  const { run, correspondences } = runOf(first)
  const obstacles =
    last === undefined || !complete ? [] : stuck.map((node) => obstacleOf(machine, runOf(node), last.step))
  return result(complete ? 'forbidden' : 'incomplete', run, followed, correspondences, obstacles)
}

/**
 * Whether the property is broken in the state of a node, or in the step to it. A property that needs a search of the
 * states behind is judged only at the end.
 */
function breaks(machine: Machine, node: Node, { property }: Schedule, isEnd: boolean): boolean {
  if (['end', 'run'].includes(kinds[property.kind].judgedOn))
    return isEnd && firstShown(machine, runOf(node).run, property) !== undefined
  const { state, initial, before } = node
  const last: Run =
    before === undefined
      ? { initial, steps: [] }
      : { initial: { state: before.node.state, choices: [] }, steps: [{ transition: before.transition, state }] }
  return firstShown(machine, last, property) !== undefined
}

function none({ model }: Machine): never {
  throw new RangeError(`${model.name} has no initial state`)
}

/** Labels are not asked for: a constant in a test may be folded away. */
function isCalled({ model }: Machine, { thread, path, choices }: Transition, step: ScheduleStep): boolean {
  return path === step.path && model.instances[thread]?.name === step.thread && agree(choices, step.choices)
}

function runOf(node: Node): Followed {
  const path: NonNullable<Node['before']>[] = []
  const states: State[] = []
  for (let at = node; at.before !== undefined; at = at.before.node) {
    path.push(at.before)
    states.push(at.state)
  }
  path.reverse()
  states.reverse()
  const steps = path.flatMap(({ transition }, n): Run['steps'] => {
    const state = states[n]
    return state === undefined ? [] : [{ transition, state }]
  })
  return { run: { initial: node.initial, steps }, correspondences: path.map(({ correspondence }) => correspondence) }
}
