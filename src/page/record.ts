/** Makes the document of a page from a run that the reference interpreter has played. */
import { Map as Immutable } from 'immutable'
import type { ConfiguredModel, Type } from '../language/ast.ts'
import { definedFields } from '../language/defined-fields.ts'
import { annotate, type AnnotatedRun } from '../report/annotated-run.ts'
import { drawTrace } from '../report/drawing.ts'
import { drawnLabel } from '../report/drawn.ts'
import { mermaid } from '../report/formats/mermaid.ts'
import { nextAfter } from '../report/next.ts'
import { plainPaint } from '../report/paint.ts'
import type { Locate } from '../report/sites.ts'
import { asInModel } from '../report/sites.ts'
import { traceOfAnnotated, valuedLabel, type Trace } from '../report/trace.ts'
import { instanceName, showId } from '../report/values.ts'
import type { Schedule, ScheduleProperty } from '../schedules/schedule.ts'
import { holds } from '../semantics/evaluate.ts'
import { failuresOf, type Machine, type Run, type State } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { pageValue, stateCells } from './cells.ts'
import {
  PAGE_SCHEMA,
  type PageCell,
  type PageDocument,
  type PageLock,
  type PageStep,
  type PageValue,
  type PageVerdict,
} from './document.ts'
import { memoryPlan, type PageView } from './memory-plan.ts'
import { propertiesOf } from './properties.ts'
import { sourcesOf, type ReadSource } from './sources.ts'
import { spansOf } from './spans.ts'

/** A run, and what is known of it besides its steps. */
export interface RecordedRun {
  readonly machine: Machine
  readonly run: Run
  /** The same configured model, with all the properties that are claimed. */
  readonly claims: ConfiguredModel
  /** The property that the last step shows; undefined if it shows none. */
  readonly property?: ScheduleProperty | undefined
  readonly schedule: Schedule
  /** `cpus=2,devices=1` */
  readonly sizes: string
  readonly version: string
  /** The command that repeats it. */
  readonly command: string
  /** Why the run does not show what its schedule was recorded for. */
  readonly refusal?: { readonly kind: 'refused' | 'open'; readonly text: string } | undefined
  /** Places are as the model knows them, if absent. */
  readonly locate?: Locate | undefined
  /** What the catalogue says of the picture of memory. */
  readonly view?: PageView | undefined
  /** Reads the source of a model; without it the page has no source. */
  readonly readSource?: ReadSource | undefined
}

/** Columns of the drawing that can be saved from the page. */
const TEXT_WIDTH = 100

/** The document of a run. */
export function recordPage(recorded: RecordedRun): PageDocument {
  const { machine, run, claims, property, schedule, locate = asInModel, view, readSource } = recorded
  const { model } = machine
  const annotated = annotate(machine, run)
  const trace = traceOfAnnotated(annotated, { property, claims, locate })
  const table = valueTable(model)
  const own = stateCells(model)
  const alive = aliveCells(model)
  const cells = [...own, ...alive.map(({ cell }) => cell)]
  const moments: Moments = {
    cells: annotated.states.map(({ plain, state }) => [
      ...own.map(({ type, read }) => table.numberOf(type, read(plain))),
      ...alive.map(({ holdsIn }) => table.numberOfText(holdsIn(machine, state) ? 'yes' : 'no')),
    ]),
    next: annotated.states.map((_, after) => nextAfter(annotated, after)),
  }
  const acting = new Set(run.steps.map(({ transition }) => transition.thread))
  const plan = memoryPlan(
    model,
    own,
    (sort, id) => {
      const found = alive.findIndex((one) => one.sort === sort && one.id === id)
      return found < 0 ? undefined : own.length + found
    },
    view,
  )
  const tables = new Set(plan.tables.flatMap(({ entries }) => entries.flatMap(cellsOfEntry)))
  const boxes = new Set(
    plan.targets.flatMap(({ boxes: all }) => all.flatMap(({ fields }) => fields.map(({ cell }) => cell))),
  )
  const steps = run.steps.map((_, n) => stepOf(annotated, trace, moments, n))
  return {
    schema: PAGE_SCHEMA,
    version: recorded.version,
    model: schedule.model,
    variant: schedule.variant,
    scenario: schedule.configuration.scenario,
    sizes: recorded.sizes,
    verdict: verdictOf(recorded, trace),
    command: recorded.command,
    threads: model.instances.map(({ thread }, instance) => ({
      name: instanceName(model, instance),
      kind: model.threads[thread]?.name ?? '',
      acts: acting.has(instance),
    })),
    values: table.values,
    cells: cells.map((cell, number) => pageCell(cell, tables.has(number), boxes.has(number), view?.locks ?? [])),
    initial: moments.cells[0] ?? [],
    initialLocks: locksAt(annotated, 0),
    initialNext: changedTexts([], moments.next[0] ?? []),
    steps,
    spans: spansOf(annotated, own),
    properties: propertiesOf(annotated, claims, trace.falls),
    ...definedFields({ race: trace.race }),
    memory: plan,
    sources: readSource === undefined ? [] : sourcesOf(steps, readSource),
    exports: {
      text: `${drawTrace(trace, { width: TEXT_WIDTH, paint: plainPaint }).join('\n')}\n`,
      mermaid: mermaid(trace),
      schedule: `${JSON.stringify(schedule, undefined, 2)}\n`,
    },
  }
}

function verdictOf({ schedule, refusal }: RecordedRun, { end }: Trace): PageVerdict {
  const { property } = schedule
  if (refusal !== undefined) return { outcome: refusal.kind, property: property.name, text: refusal.text, standing: [] }
  return {
    outcome: end?.outcome ?? 'open',
    property: property.name,
    text: end?.text ?? `${property.name} is not shown`,
    standing: end?.standing ?? [],
  }
}

const pageCell = (
  { path, parts, group, ghost, derived }: PageCell,
  isEntry: boolean,
  isOfPage: boolean,
  locks: readonly string[],
): PageCell => ({
  path,
  parts,
  group: locks.includes(parts[0] ?? '')
    ? 'locks'
    : group !== 'other'
      ? group
      : isEntry
        ? 'page tables'
        : isOfPage
          ? 'pages'
          : group,
  ...definedFields({ ghost, derived }),
})

const cellsOfEntry = ({
  cell,
  rights,
  mapped,
}: PageDocument['memory']['tables'][number]['entries'][number]): readonly number[] => [
  cell,
  ...rights.map((one) => one.cell),
  ...(mapped === undefined ? [] : [mapped]),
]

/** Values, each once. */
interface ValueTable {
  readonly values: readonly PageValue[]
  /** The number of a value of a type. */
  readonly numberOf: (type: Type, value: Plain) => number
  readonly numberOfText: (text: string) => number
}

function valueTable(model: ConfiguredModel): ValueTable {
  const values: PageValue[] = []
  const known = new Map<string, number>()
  const byType = new WeakMap<Type, Map<string, number>>()
  const add = (value: PageValue): number => {
    const key = JSON.stringify(value)
    const number = known.get(key) ?? values.push(value) - 1
    known.set(key, number)
    return number
  }
  return {
    values,
    numberOf(type, value) {
      const ofType = byType.get(type) ?? new Map<string, number>()
      byType.set(type, ofType)
      const key = JSON.stringify(value)
      const number = ofType.get(key) ?? add(pageValue(model, type, value))
      ofType.set(key, number)
      return number
    },
    numberOfText: (text) => add({ text }),
  }
}

/** The cells that say of each element whose sort has a lifetime whether it is allocated. */
function aliveCells(model: ConfiguredModel): readonly AliveCell[] {
  return (model.lifetimes ?? []).flatMap(({ sort, bound, allocated }) =>
    Array.from({ length: model.sizes[sort] ?? 0 }, (_, id): AliveCell => {
      const path = `${showId(model, sort, id)} is allocated`
      return {
        sort,
        id,
        cell: { path, parts: [path], group: 'pages', derived: true },
        holdsIn: ({ values }, { shared }) =>
          holds(
            { sizes: model.sizes, values, shared, locals: Immutable(), bound: Immutable([[bound, id]]) },
            allocated,
          ),
      }
    }),
  )
}

interface AliveCell {
  readonly sort: string
  readonly id: number
  readonly cell: PageCell
  readonly holdsIn: (machine: Machine, state: State) => boolean
}

const locksAt = ({ states }: AnnotatedRun, after: number): readonly PageLock[] =>
  (states[after]?.locks ?? []).map(({ thread, lock, role, waits }) => ({
    thread,
    lock,
    role: role === 'owner' ? '' : role,
    waits,
  }))

/** What each thread would do next, as far as that is another text than before. */
function changedTexts(before: Texts, now: Texts): Readonly<Record<number, string>> {
  return Object.fromEntries(
    now.flatMap((text = '', thread) => ((before[thread] ?? '') === text ? [] : [[thread, text]])),
  )
}

type Texts = readonly (string | undefined)[]

interface Moments {
  /** For each state, the number of each cell's value. */
  readonly cells: readonly (readonly number[])[]
  readonly next: readonly Texts[]
}

function stepOf(annotated: AnnotatedRun, trace: Trace, { cells, next }: Moments, n: number): PageStep {
  const transition = annotated.run.steps[n]?.transition
  const traced = trace.steps[n]
  if (transition === undefined || traced === undefined) throw new RangeError(`no step ${n}`)
  const [before = [], after = before] = [cells[n], cells[n + 1]]
  const [locksBefore, locks] = [locksAt(annotated, n), locksAt(annotated, n + 1)]
  const isState = annotated.states[n + 1] !== undefined
  const failure = failuresOf(transition).at(-1)
  return {
    thread: transition.thread,
    label: drawnLabel(valuedLabel(traced)),
    choices: traced.choices,
    path: transition.path,
    changes: after.flatMap((value, cell) => (value === before[cell] ? [] : [[cell, value] as const])),
    next: isState ? changedTexts(next[n] ?? [], next[n + 1] ?? []) : {},
    ...definedFields({
      kernel: traced.source,
      place: traced.place,
      locals: traced.locals.length === 0 ? undefined : traced.locals,
      locks: isState && JSON.stringify(locksBefore) !== JSON.stringify(locks) ? locks : undefined,
      fails: isState || failure === undefined ? undefined : failure.message,
    }),
  }
}
