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
import type { ConfiguredModel } from '../language/ast.ts'
import { readsBehind, conditionReads } from './dependence.ts'
import type { RunPoint, Read } from './dependence.ts'
import { isViolationOf } from './first-violations.ts'
import type { FirstViolation } from './first-violations.ts'
import { fieldOfCell, cellsOverlap } from './footprint.ts'
import type { CellName } from './footprint.ts'
import { namesThreads, slotOf, isStillViolated } from './had-read.ts'
import { isOrIsIn } from './locks.ts'
import type { AnnotatedRun } from './annotated-run.ts'

/** Numbers of steps, from 1. */
export interface Race {
  readonly cell: CellName
  readonly read: number
  readonly write: number
  /** The step that relied on the old value. */
  readonly relies: number
}

/** @param violation of the property that the run is about */
export function raceOf(annotated: AnnotatedRun, violation: FirstViolation, claims: ConfiguredModel): Race | undefined {
  const start = conditionReads(annotated, violation, claims)
  if (start === undefined) return undefined
  const { model } = annotated.machine
  const pairs = readsBehind(annotated, start).flatMap((read) => {
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
  until: RunPoint,
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
