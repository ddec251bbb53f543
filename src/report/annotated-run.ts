/**
 * A run annotated for reports: its states as plain data, the executions from each, what each step executed, which
 * thread held and waited for which lock.
 */
import { lockFields } from '../analysis/locks.ts'
import { remembered, rememberedByKey } from '../language/remembered.ts'
import { plainState, executions } from '../semantics/machine.ts'
import type { Machine, PlainState, Run, State, Transition } from '../semantics/machine.ts'
import type { End, Executed } from '../semantics/execute.ts'
import { sharedChanges } from './changes.ts'
import type { CellChange } from './changes.ts'
import { blockersOf, fieldOfCell, footprintOf } from './footprint.ts'
import type { CellName, Footprint } from './footprint.ts'
import { lockUses } from './locks.ts'
import type { LockUse } from './locks.ts'

/** `states` has one more than there are steps; as many, if the last one fails. */
export interface AnnotatedRun {
  readonly machine: Machine
  readonly run: Run
  readonly states: readonly {
    readonly state: State
    readonly plain: PlainState
    readonly ends: readonly (readonly End[])[]
    readonly locks: readonly LockUse[]
  }[]
  /** For each step, what it executed, what that read and wrote, and which shared cells it changed. */
  readonly steps: readonly {
    readonly thread: number
    readonly executed: readonly Executed[]
    readonly footprints: readonly Footprint[]
    readonly changes: readonly CellChange[]
  }[]
  readonly lockFields: ReadonlySet<string>
}

export function annotate(machine: Machine, run: Run): AnnotatedRun {
  const { fields, stateOf, stepOf } = annotations(machine)
  const states = [run.initial.state, ...run.steps.flatMap(({ state }) => (state === undefined ? [] : [state]))].map(
    stateOf,
  )
  const steps = run.steps.map(({ transition }, n) => stepOf(transition, states[n], states[n + 1]))
  return { machine, run, states, steps, lockFields: fields }
}

type AnnotatedState = AnnotatedRun['states'][number]
type AnnotatedStep = AnnotatedRun['steps'][number]

/**
 * What is said of states and steps, remembered as long as they live: a run that grows by a step has only that step to be
 * annotated.
 */
const annotations = remembered((machine: Machine) => {
  const fields = lockFields(machine.model)
  const steps = rememberedByKey<State, AnnotatedStep>()
  return {
    fields,
    stateOf: remembered((state: State): AnnotatedState => annotatedState(machine, fields, state)),
    stepOf({ thread, ordinal }: Transition, before?: AnnotatedState, after?: AnnotatedState): AnnotatedStep {
      const annotated = (): AnnotatedStep => annotatedStep(machine, { thread, ordinal }, before, after)
      return before === undefined ? annotated() : steps(before.state, `${thread} ${ordinal}`, annotated)
    },
  }
})

function annotatedState(machine: Machine, fields: ReadonlySet<string>, state: State): AnnotatedState {
  const plain = plainState(machine, state)
  const ends = executions(machine, state, true)
  const owned = lockUses(machine.model, fields, plain)
  return {
    state,
    plain,
    ends,
    locks: [...owned, ...ends.flatMap((own, thread) => lockWaits(machine, fields, own, thread, owned))],
  }
}

function annotatedStep(
  { model }: Machine,
  { thread, ordinal }: Pick<Transition, 'thread' | 'ordinal'>,
  before: AnnotatedState | undefined,
  after: AnnotatedState | undefined,
): AnnotatedStep {
  const taken = before?.ends[thread]?.filter(({ kind }) => kind !== 'waits')[ordinal]
  const executed = taken?.execution.trail?.toArray() ?? []
  return {
    thread,
    executed,
    footprints: executed.map((one) => footprintOf({ model, thread }, one)),
    changes: before === undefined || after === undefined ? [] : sharedChanges(model, before.plain, after.plain),
  }
}

/** The locks that a blocked thread waits for, without those in whose queue it stands. */
function lockWaits(
  { model }: Machine,
  fields: ReadonlySet<string>,
  ends: readonly End[],
  thread: number,
  owned: readonly LockUse[],
): readonly LockUse[] {
  if (!ends.every(({ kind }) => kind === 'waits' || kind === 'breaks')) return []
  const locks = ends.flatMap((end) => {
    const last = end.execution.trail?.last()
    if (end.kind !== 'waits' || last === undefined) return []
    const holders = end.blockers === undefined || end.blockers.isEmpty() ? [thread] : end.blockers.toArray()
    return holders
      .flatMap((holder) => blockersOf({ model, thread }, last, holder))
      .filter((cell) => fields.has(fieldOfCell(cell)))
      .map(lockOf)
  })
  return [...new Set(locks)]
    .filter((lock) => !owned.some((use) => use.thread === thread && use.waits && use.lock === lock))
    .map((lock) => ({ lock, role: '', thread, waits: true }))
}

/** `driver[0].update` of `driver[0].update.owner`. */
const lockOf = (cell: CellName): string => cell.replace(/\.[\w$]+$/, '')
