/**
 * The race behind a violation: a step of one thread that reads a shared cell, and a later step of another thread that
 * changes it before the violation. Three conditions hold:
 *
 * 1. The violation depends on the read. From the cells that the failing condition reads, going back from each value to
 *    the cells it was made of, and to the cells tested around the statement that made it, leads to the read.
 * 2. The read was stale. The reader has not written the cell itself in between, and has not read it again before the
 *    action that its test allowed.
 * 3. The violation depends on the value. Had the step found in that one cell the value that the other thread's step
 *    leaves there, the same steps of the same threads would not have led to the violation. The reference interpreter
 *    takes them again to check this (had-read.ts).
 *
 * Cells that name the holders of or waiters for something, such as a lock, do not count, because other threads are
 * meant to change them. Ghosts do not count, because the kernel does not have them. If several pairs qualify, the one
 * with the latest read is chosen. If there is none, or the search would take too long, no race is reported.
 */
import { match } from 'ts-pattern'
import type { ConfiguredModel, Expression, Statement } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'
import { holdsInDomain } from '../semantics/evaluate.ts'
import type { Scope } from '../semantics/evaluate.ts'
import { isViolationOf } from './first-violations.ts'
import type { FirstViolation } from './first-violations.ts'
import { fieldOfCell, isShared, cellsOverlap, cellsReadBy } from './footprint.ts'
import type { CellName } from './footprint.ts'
import { namesThreads, slotOf, isStillViolated, withoutArm } from './had-read.ts'
import { isOrIsIn } from './locks.ts'
import type { AnnotatedRun } from './annotated-run.ts'
import { Map } from 'immutable'

/** Numbers of steps, from 1. */
export interface Race {
  readonly cell: CellName
  readonly read: number
  readonly write: number
  /** The step that relied on the old value. */
  readonly relies: number
}

/** A point inside a run: a step, and the number of its statements that have been executed. */
interface Moment {
  readonly step: number
  readonly statement: number
}

/** `until`: if the cell was only tested, the moment of the write that the test allowed. */
interface Read {
  readonly cell: CellName
  readonly step: number
  readonly until?: Moment
}

/** @param violation of the property that the run is about */
export function raceOf(annotated: AnnotatedRun, violation: FirstViolation, claims: ConfiguredModel): Race | undefined {
  const start = startOf(annotated, violation, claims)
  if (start === undefined) return undefined
  const { model } = annotated.machine
  const pairs = slice(annotated, start.cells, start.moment).flatMap((read) => {
    const write = overwritten(annotated, read, violation.step),
      slot = slotOf(model, read.cell)
    return write === undefined || slot === undefined || slot.ghost || namesThreads(slot.type)
      ? []
      : [{ ...read, write, slot }]
  })
  const property = claims.properties.find((one) => isViolationOf(violation, one))
  const budget = { left: MOST }
  const best = pairs
    .toSorted(
      (a, b) => b.step - a.step || Number(a.until !== undefined) - Number(b.until !== undefined) || a.write - b.write,
    )
    .find(
      ({ slot, step: read, write }) =>
        isStillViolated(annotated, violation, slot, { read, write }, property, budget) === false,
    )
  return best && { cell: best.cell, read: best.step + 1, write: best.write + 1, relies: violation.step }
}

/** Steps that are taken again at most, for one drawing. */
const MOST = 5000

/** Shared cells, and a moment of the run at which they were read. */
interface Start {
  readonly cells: readonly CellName[]
  readonly moment: Moment
}

/** The cells that the condition that turned false reads, and the moment. */
function startOf(annotated: AnnotatedRun, violation: FirstViolation, claims: ConfiguredModel): Start | undefined {
  return match(violation.kind)
    .with('assertion', 'misuse', () => startOfAssert(annotated, violation, claims))
    .with('domain', () => startOfError(annotated, violation))
    .with('invariant', 'transition', () => startOfCondition(annotated, violation, claims))
    .with('sometimes', 'pair', 'collected', 'deadlock', 'lock-deadlock', 'recoverable', 'run', () => undefined)
    .exhaustive()
}

/** The assertion that failed, when it was executed. */
function startOfAssert(
  { machine, steps }: AnnotatedRun,
  { property, kind, step }: FirstViolation,
  claims: ConfiguredModel,
): Start | undefined {
  const last = steps[step - 1]
  if (last === undefined) return undefined
  const conditionOf = ({ path }: Statement): Expression | undefined =>
    conditionAt(claims, machine.model, last.thread, path)
  const statement = last.executed.findIndex(({ statement: one, scope }) => {
    if (one.kind !== 'assert' || one.always !== (kind === 'misuse') || one.property !== property) return false
    const condition = conditionOf(one)
    return condition !== undefined && !holdsInDomain(scope, condition)
  })
  const failed = last.executed[statement]
  const condition = failed && conditionOf(failed.statement)
  if (failed === undefined || condition === undefined) return undefined
  const reader = { model: machine.model, thread: last.thread }
  return { cells: cellsReadBy(reader, failed.scope, condition), moment: { step: step - 1, statement } }
}

/** The statement in which a value left its domain. */
function startOfError({ steps }: AnnotatedRun, { step }: FirstViolation): Start | undefined {
  const footprints = steps[step - 1]?.footprints ?? []
  const footprint = footprints.at(-1)
  return (
    footprint && {
      cells: [...footprint.tests, ...footprint.effects.flatMap(({ reads }) => reads)],
      moment: { step: step - 1, statement: footprints.length - 1 },
    }
  )
}

/** A condition of the state after the step, or of the step. */
function startOfCondition(
  { machine, states, steps }: AnnotatedRun,
  violation: FirstViolation,
  claims: ConfiguredModel,
): Start | undefined {
  const [last, state, before] = [
    steps[violation.step - 1],
    states[violation.step]?.state,
    states[violation.step - 1]?.state,
  ]
  const condition = claims.properties.find((one) => isViolationOf(violation, one))?.condition
  if (last === undefined || state === undefined || condition === undefined) return undefined
  const scope: Scope = {
    sizes: machine.model.sizes,
    values: machine.values,
    shared: state.shared,
    locals: Map(),
    bound: Map(),
  }
  return {
    cells: cellsReadBy(
      { model: machine.model, thread: last.thread },
      { ...scope, ...(before === undefined ? {} : { before: { ...scope, shared: before.shared } }) },
      condition,
    ),
    moment: { step: violation.step - 1, statement: last.footprints.length },
  }
}

function conditionAt(
  claims: ConfiguredModel,
  { instances }: ConfiguredModel,
  thread: number,
  path: string,
): Expression | undefined {
  let condition: Expression | undefined
  visitStatements(claims.threads[instances[thread]?.thread ?? -1]?.body ?? [], (statement) => {
    if (statement.kind === 'assert' && statement.path === path) condition = statement.condition
  })
  return condition
}

/** Every read of a shared cell that those values depend on. */
function slice({ steps }: AnnotatedRun, cells: readonly CellName[], from: Moment): readonly Read[] {
  interface Needed {
    readonly cell: CellName
    readonly moment: Moment
    readonly until?: Moment
  }
  const reads: Read[] = []
  const seen = new Set<string>()
  const todo: Needed[] = cells.map((cell) => ({ cell, moment: from }))
  const need = (needed: Needed): void => {
    const { cell, moment, until } = needed
    const key = `${cell} ${moment.step} ${moment.statement} ${until === undefined}`
    if (seen.has(key)) return
    seen.add(key)
    if (isShared(cell)) reads.push({ cell, step: moment.step, ...(until === undefined ? {} : { until }) })
    todo.push(needed)
  }
  for (const { cell, moment, until } of todo) {
    const made = lastEffect(steps, cell, moment)
    if (made === undefined) continue
    for (const read of made.reads) need({ cell: read, moment: made.moment, ...(until === undefined ? {} : { until }) })
    for (const around of testsAround(steps, made.moment))
      for (const test of around.cells) need({ cell: test, moment: around.moment, until: until ?? made.moment })
  }
  return reads
}

/** The last statement before a moment that put something into a cell, and what it made it of. */
function lastEffect(
  steps: AnnotatedRun['steps'],
  cell: CellName,
  { step, statement }: Moment,
): { readonly moment: Moment; readonly reads: readonly CellName[] } | undefined {
  for (let at = step; at >= 0; at -= 1) {
    const footprints = steps[at]?.footprints ?? []
    for (let n = at === step ? statement - 1 : footprints.length - 1; n >= 0; n -= 1) {
      const effect = footprints[n]?.effects.findLast((one) => cellsOverlap(one.cell, cell))
      if (effect !== undefined) return { moment: { step: at, statement: n }, reads: effect.reads }
    }
  }
  return undefined
}

/** The tests of the `if`s and `match`es that a statement stands in, each when it was executed last. */
function testsAround(
  steps: AnnotatedRun['steps'],
  { step, statement }: Moment,
): readonly { readonly cells: readonly CellName[]; readonly moment: Moment }[] {
  const thread = steps[step]?.thread
  const parts = (steps[step]?.footprints[statement]?.statement.path ?? '').split('/')
  return parts.flatMap((part, n) => {
    const tested = withoutArm(part)
    if (tested === part) return []
    const path = [...parts.slice(0, n), tested].join('/')
    for (let at = step; at >= 0; at -= 1) {
      const one = steps[at]
      const found =
        one?.thread === thread
          ? (one?.footprints.findLastIndex(
              (footprint, index) => footprint.statement.path === path && (at < step || index < statement),
            ) ?? -1)
          : -1
      if (found >= 0) return [{ cells: one?.footprints[found]?.tests ?? [], moment: { step: at, statement: found } }]
    }
    return []
  })
}

/**
 * The first step after a read in which another thread changed the cell, if that was before the violation and the
 * reader had not written it since. A thread that only tested the cell, and re-reads it between the change and the
 * action that the test allows, is not misled.
 */
function overwritten(
  { steps, lockFields }: AnnotatedRun,
  { cell, step, until }: Read,
  end: number,
): number | undefined {
  if (isOrIsIn(fieldOfCell(cell), lockFields)) return undefined
  const reader = steps[step]?.thread
  for (let at = step; at < end; at += 1) {
    const one = steps[at]
    if (one?.thread === reader) {
      if (one?.footprints.some(({ effects }) => effects.some((effect) => cellsOverlap(effect.cell, cell))) === true)
        return undefined
    } else if (one?.changes.some(({ place }) => cellsOverlap(place, cell)) === true) {
      return until !== undefined && looksAgain(steps, cell, reader, at, until) ? undefined : at
    }
  }
  return undefined
}

function looksAgain(
  steps: AnnotatedRun['steps'],
  cell: CellName,
  reader: number | undefined,
  after: number,
  until: Moment,
): boolean {
  return steps
    .slice(after + 1, until.step + 1)
    .some(
      ({ thread, footprints }, n) =>
        thread === reader &&
        (after + 1 + n === until.step ? footprints.slice(0, until.statement) : footprints).some(({ tests, effects }) =>
          [...tests, ...effects.flatMap(({ reads }) => reads)].some((read) => cellsOverlap(read, cell)),
        ),
    )
}
