/**
 * The dependence of a violation on what the run did before: the cells that the failing condition reads, and, going back
 * from each value to the cells it was made of, the steps that made it.
 */
import { match } from 'ts-pattern'
import { Map } from 'immutable'
import type { ConfiguredModel, Expression, Statement } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'
import { holdsInDomain } from '../semantics/evaluate.ts'
import type { Scope } from '../semantics/evaluate.ts'
import { isViolationOf } from './first-violations.ts'
import type { FirstViolation } from './first-violations.ts'
import { isShared, cellsOverlap, cellsReadBy } from './footprint.ts'
import type { CellName } from './footprint.ts'
import { withoutArm } from './had-read.ts'
import type { AnnotatedRun } from './annotated-run.ts'

/** A point inside a run: a step, from 0, and the number of its statements that have been executed. */
export interface RunPoint {
  readonly step: number
  readonly statement: number
}

/** A read of a shared cell. `until`: if the cell was only tested, the moment of the write that the test allowed. */
export interface Read {
  readonly cell: CellName
  readonly step: number
  readonly until?: RunPoint
}

/** A value that a violation depends on. */
export interface Made {
  readonly cell: CellName
  /** The step that made it, from 0; undefined if it is that of the initial state. */
  readonly step: number | undefined
}

/** Shared cells, and a moment of the run at which they were read. */
export interface PointReads {
  readonly cells: readonly CellName[]
  readonly moment: RunPoint
}

/** The cells that the condition that turned false, or was reached, reads, and the moment. */
export function conditionReads(
  annotated: AnnotatedRun,
  violation: FirstViolation,
  claims: ConfiguredModel,
): PointReads | undefined {
  return match(violation.kind)
    .with('assertion', 'misuse', () => startOfAssert(annotated, violation, claims))
    .with('domain', () => startOfError(annotated, violation))
    .with('invariant', 'transition', 'sometimes', () => startOfCondition(annotated, violation, claims))
    .with('pair', 'collected', 'deadlock', 'lock-deadlock', 'recoverable', 'run', () => undefined)
    .exhaustive()
}

/** The assertion that failed, when it was executed. */
function startOfAssert(
  { machine, steps }: AnnotatedRun,
  { property, kind, step }: FirstViolation,
  claims: ConfiguredModel,
): PointReads | undefined {
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
function startOfError({ steps }: AnnotatedRun, { step }: FirstViolation): PointReads | undefined {
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
): PointReads | undefined {
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

/** Every read of a shared cell that those values depend on, and that the tests around what made them depend on. */
export function readsBehind({ steps }: AnnotatedRun, { cells, moment: from }: PointReads): readonly Read[] {
  interface Needed {
    readonly cell: CellName
    readonly moment: RunPoint
    readonly until?: RunPoint
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

/** Every value of a shared cell that those values were made of: without the tests that stand around. */
export function valuesBehind({ steps }: AnnotatedRun, { cells, moment: from }: PointReads): readonly Made[] {
  const found: Made[] = []
  const seen = new Set<string>()
  const todo: { readonly cell: CellName; readonly moment: RunPoint }[] = []
  const need = (cell: CellName, moment: RunPoint): void => {
    const key = `${cell} ${moment.step} ${moment.statement}`
    if (seen.has(key)) return
    seen.add(key)
    todo.push({ cell, moment })
  }
  for (const cell of cells) need(cell, from)
  for (const { cell, moment } of todo) {
    const made = lastEffect(steps, cell, moment)
    if (isShared(cell)) found.push({ cell, step: made?.moment.step })
    for (const read of made?.reads ?? []) need(read, made?.moment ?? moment)
  }
  return found
}

/** The last statement before a moment that put something into a cell, and what it made it of. */
function lastEffect(
  steps: AnnotatedRun['steps'],
  cell: CellName,
  { step, statement }: RunPoint,
): { readonly moment: RunPoint; readonly reads: readonly CellName[] } | undefined {
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
  { step, statement }: RunPoint,
): readonly { readonly cells: readonly CellName[]; readonly moment: RunPoint }[] {
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
