/**
 * The story of a run: what a short drawing needs of it. The end of a run depends on few of its steps and on few cells of
 * the state; the others are true, and in the way of a reader.
 *
 * 1. A cell belongs to the story if the condition that turned false reads it, if its value was made of such a cell's,
 *    or if the race is on it. For a hang, it is a cell that the guards of the waiting threads read.
 * 2. A lock belongs to it if a thread that hangs waits for it, if a cell of the story is part of it, or, for the pair of
 *    a relation, if the last step's thread holds it.
 * 3. A change is told if it made a value that the end depends on, or if it is on the race's cell between its read and
 *    the step that relies on it. Of a lock it is told where a hold or a wait began that lasts to the end.
 * 4. A step is decisive if it has something to tell, if it reads, writes or relies on the race's cell, if a property
 *    turns false in it, or if it is the last.
 */
import { isSameClaim } from '../language/claims.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import type { AnnotatedRun } from './annotated-run.ts'
import { sharedChanges, showChange } from './changes.ts'
import { conditionReads, valuesBehind, type Made, type PointReads } from './dependence.ts'
import type { FirstViolation } from './first-violations.ts'
import { cellsOverlap, fieldOfCell, footprintOf, isShared, type CellName } from './footprint.ts'
import { isOrIsIn, nameUses, showLocks, type LockUse } from './locks.ts'
import type { Race } from './race.ts'
import { instanceName, showValue } from './values.ts'
import { zeroState } from './zero-state.ts'

/** The part of a run that its end depends on. */
export interface RunStory {
  /** Cells that do not start at their zero: `mm.pte = page 0`. */
  readonly initial: readonly string[]
  /** One for each step of the run. */
  readonly steps: readonly StoryStep[]
}

/** What is told of a step. */
export interface StoryStep {
  /** Whether the end depends on it; else a short drawing may join it with its neighbours. */
  readonly decisive: boolean
  /** The changes that the end depends on: `mm.pte[0]: none → page 0`, `holds mm.mmap_sem (readers)`. */
  readonly changes: readonly string[]
}

/** What is known of the end of a run. */
export interface StoryEnd {
  /** The property that the run shows, if it shows one. */
  readonly property: ScheduleProperty | undefined
  readonly claims: ConfiguredModel
  /** The properties that turn false. */
  readonly falls: readonly FirstViolation[]
  readonly race: Race | undefined
  /** The threads that do not go on. */
  readonly hanging: readonly number[]
}

/** Finds the story of a run. */
export function runStoryOf(annotated: AnnotatedRun, end: StoryEnd): RunStory {
  const { run } = annotated
  const made = [...valuesOf(annotated, end), ...racedValues(annotated, end.race)]
  const begun = locksBegun(annotated, locksOf(annotated, end, made))
  const { falls, race } = end
  const known = new Set([
    run.steps.length,
    ...falls.map(({ step }) => step),
    ...(race === undefined ? [] : [race.read, race.write, race.relies]),
  ])
  return {
    initial: initialOf(annotated, made),
    steps: run.steps.map((_, n) => {
      const changes = [...changesAt(annotated, made, n), ...locksAt(annotated, begun, n)]
      return { decisive: changes.length > 0 || known.has(n + 1), changes }
    }),
  }
}

/** The values that the end depends on. */
function valuesOf(annotated: AnnotatedRun, { property, claims, falls, hanging }: StoryEnd): readonly Made[] {
  const { run } = annotated
  if (property === undefined) return []
  const guards = guardsOf(annotated, hanging)
  if (guards !== undefined) return valuesBehind(annotated, guards).filter(({ cell }) => guards.cells.includes(cell))
  const fallen = falls.find((one) => isSameClaim({ name: one.property, kind: one.kind }, property))
  const shown = fallen ?? { property: property.name, kind: property.kind, step: run.steps.length }
  const start = conditionReads(annotated, shown, claims)
  return start === undefined ? [] : valuesBehind(annotated, start)
}

/** The cells that the guards of waiting threads read; undefined if no thread hangs. */
function guardsOf({ machine, run, states }: AnnotatedRun, hanging: readonly number[]): PointReads | undefined {
  const last = states.at(-1)
  if (hanging.length === 0 || last === undefined) return undefined
  const cells = hanging.flatMap((thread) =>
    (last.ends[thread] ?? []).flatMap((end) => {
      const guard = end.kind === 'waits' ? end.execution.trail?.last() : undefined
      return guard === undefined ? [] : footprintOf({ model: machine.model, thread }, guard).tests.filter(isShared)
    }),
  )
  return { cells: [...new Set(cells)], moment: { step: run.steps.length, statement: 0 } }
}

/** Every value that the race's cell has from the step that reads it to the one that relies on what it read. */
function racedValues({ steps }: AnnotatedRun, race: Race | undefined): readonly Made[] {
  if (race === undefined) return []
  const { cell, read, relies } = race
  return steps.flatMap(({ changes }, n) =>
    n >= read && n < relies && changes.some(({ place }) => cellsOverlap(place, cell)) ? [{ cell, step: n }] : [],
  )
}

/** The names of the locks that the story is about. */
function locksOf(
  { states, steps, lockFields }: AnnotatedRun,
  { property, hanging }: StoryEnd,
  made: readonly Made[],
): ReadonlySet<string> {
  const uses = states.at(-1)?.locks ?? []
  const cells = made.flatMap(({ cell }) => (isOrIsIn(fieldOfCell(cell), lockFields) ? [cell] : []))
  const last = property?.kind === 'pair' ? steps.at(-1)?.thread : undefined
  return new Set(
    uses
      .filter(
        ({ lock, role, thread, waits }) =>
          (waits && hanging.includes(thread)) ||
          thread === last ||
          cells.some((cell) => cellsOverlap(cell, role === '' ? lock : `${lock}.${role}`)),
      )
      .map(({ lock }) => lock),
  )
}

/** A hold of a lock or a wait for one that lasts to the end, and the step in which it began, from 0. */
interface Begun {
  readonly use: LockUse
  readonly step: number
}

function locksBegun({ states }: AnnotatedRun, locks: ReadonlySet<string>): readonly Begun[] {
  return (states.at(-1)?.locks ?? []).flatMap((use) => {
    if (!locks.has(use.lock)) return []
    const without = states.findLastIndex((state) => !state.locks.some((one) => isSameUse(one, use)))
    return without < 0 ? [] : [{ use, step: without }]
  })
}

const isSameUse = (a: LockUse, b: LockUse): boolean =>
  a.lock === b.lock && a.role === b.role && a.thread === b.thread && a.waits === b.waits

function locksAt({ machine, steps }: AnnotatedRun, begun: readonly Begun[], n: number): readonly string[] {
  const here = begun.filter(({ step }) => step === n).map(({ use }) => use)
  return [...new Set(here.map(({ thread }) => thread))].map((thread) => {
    const text = showLocks(nameUses(here.filter((use) => use.thread === thread)))
    return thread === steps[n]?.thread ? text : `${instanceName(machine.model, thread)} ${text}`
  })
}

function changesAt({ machine, steps, lockFields }: AnnotatedRun, made: readonly Made[], n: number): readonly string[] {
  const cells = made.flatMap(({ cell, step }) => (step === n ? [cell] : []))
  return (steps[n]?.changes ?? [])
    .filter(({ place, field }) => !isOrIsIn(field, lockFields) && overlaps(cells, place))
    .map((change) => showChange(machine.model, change))
}

function initialOf({ machine: { model }, states: [first] }: AnnotatedRun, made: readonly Made[]): readonly string[] {
  const cells = made.flatMap(({ cell, step }) => (step === undefined ? [cell] : []))
  if (first === undefined) return []
  return sharedChanges(model, zeroState(model), first.plain)
    .filter(({ place }) => overlaps(cells, place))
    .map(({ place, type, after }) => `${place} = ${showValue(model, type, after)}`)
}

const overlaps = (cells: readonly CellName[], place: string): boolean => cells.some((cell) => cellsOverlap(cell, place))
