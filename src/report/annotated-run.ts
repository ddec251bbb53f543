/**
 * A run annotated for reports: its states as plain data, the executions from each, what each step executed, which
 * thread held and waited for which lock.
 */
import { lockFields } from '../analysis/locks.ts'
import { plainState, executions } from '../semantics/machine.ts'
import type { Machine, PlainState, Run, State } from '../semantics/machine.ts'
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
  const { model } = machine
  const fields = lockFields(model)
  const states = [run.initial.state, ...run.steps.flatMap(({ state }) => (state === undefined ? [] : [state]))].map(
    (state) => {
      const plain = plainState(machine, state)
      const ends = executions(machine, state, true)
      const owned = lockUses(model, fields, plain)
      return {
        state,
        plain,
        ends,
        locks: [...owned, ...ends.flatMap((ends, thread) => lockWaits(machine, fields, ends, thread, owned))],
      }
    },
  )
  const steps = run.steps.map(({ transition: { thread, ordinal } }, n) => {
    const taken = states[n]?.ends[thread]?.filter(({ kind }) => kind !== 'waits')[ordinal]
    const executed = taken?.execution.trail?.toArray() ?? []
    const [before, after] = [states[n]?.plain, states[n + 1]?.plain]
    return {
      thread,
      executed,
      footprints: executed.map((one) => footprintOf({ model, thread }, one)),
      changes: before === undefined || after === undefined ? [] : sharedChanges(model, before, after),
    }
  })
  return { machine, run, states, steps, lockFields: fields }
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
