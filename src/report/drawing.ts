/** Draws a run: one column a thread, what it does in the words of the kernel, the locks it holds, and what that changed in the state. */
import { plainState } from '../semantics/machine.ts'
import type { Machine, PlainState, Run } from '../semantics/machine.ts'
import { plain, zero } from '../semantics/values.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import { localChanges, sharedChanges, showChange } from './changes.ts'
import { layOutTable } from './columns.ts'
import type { CellText, Row } from './columns.ts'
import { drawEnd } from './ending.ts'
import { lockFields, lockUses, showUses } from './locks.ts'
import type { LockUse } from './locks.ts'
import type { Colour, Paint } from './paint.ts'
import { instanceName, showValue } from './values.ts'
import { wrap } from './wrap.ts'

export interface DrawingOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly paint: Paint
  /** What the run shows after its last step; nothing is said of it if absent. */
  readonly property?: ScheduleProperty
}

const COLOURS: readonly Colour[] = ['cyan', 'yellow', 'magenta', 'green', 'blue']
/** More cells than these are summed up in the line of the initial state. */
const INITIAL_CELLS = 24

/** A drawing is made of these: the model's tables, and each state as plain data. */
interface Scene {
  readonly machine: Machine
  readonly run: Run
  readonly states: readonly PlainState[]
  /** For each state. */
  readonly locks: readonly (readonly LockUse[])[]
  readonly lockFields: ReadonlySet<string>
  /** The thread instances that act, in the order of the model. */
  readonly threads: readonly number[]
}

function sceneOf(machine: Machine, run: Run): Scene {
  const states = [run.initial.state, ...run.steps.flatMap(({ state }) => state === undefined ? [] : [state])].map((state) => plainState(machine, state))
  const fields = lockFields(machine.model)
  const acting = new Set(run.steps.map(({ transition }) => transition.thread))
  return {
    machine,
    run,
    states,
    locks: states.map((state) => lockUses(machine.model, fields, state)),
    lockFields: fields,
    threads: machine.model.instances.flatMap((_, thread) => acting.has(thread) ? [thread] : []),
  }
}

/**
 * The drawing of a run as lines of text.
 *
 * @param machine of the model that the run is a run of
 */
export function drawRun(machine: Machine, run: Run, { width, paint, property }: DrawingOptions): readonly string[] {
  const scene = sceneOf(machine, run)
  const heads = scene.threads.map((thread, n): CellText => ({ text: instanceName(machine.model, thread), colours: ['bold', colourOf(n)] }))
  const rows = run.steps.map((_, n) => rowOf(scene, n))
  const table = rows.length === 0 ? [] : layOutTable({ heads, besideHead: 'what changed', rows }, width, paint)
  const steps = [...table, ...legend(rows, paint)]
  const end = property === undefined ? [] : drawEnd(machine, run, property, width, paint)
  return [initialLines(scene, width, paint), steps, end].filter(({ length }) => length > 0).flatMap((lines, n) => n === 0 ? lines : ['', ...lines])
}

const colourOf = (n: number): Colour => COLOURS[n % COLOURS.length] ?? 'cyan'

/** The cells that do not start at their zero. */
function initialLines({ machine: { model }, states: [first] }: Scene, width: number, paint: Paint): readonly string[] {
  if (first === undefined) return []
  const nothing = { shared: Object.fromEntries(model.variables.map(({ name, type }) => [name, plain(model.sizes, type, zero(model.sizes, type))])), threads: [] }
  const cells = sharedChanges(model, nothing, first).map(({ place, type, after }) => `${place} = ${showValue(model, type, after)}`)
  if (cells.length === 0) return []
  const more = cells.length - INITIAL_CELLS
  const text = cells.slice(0, INITIAL_CELLS).join(', ') + (more > 0 ? `, and ${more} more` : '')
  return wrap(`initially ${text}`, width - 5).map((line) => `     ${paint('dim', line)}`)
}

function rowOf(scene: Scene, n: number): Row {
  const { machine, run, states, threads } = scene
  const step = run.steps[n]
  const before = states[n]
  if (step === undefined || before === undefined) throw new RangeError(`no step ${n}`)
  const { thread, label } = step.transition
  const after = states[n + 1]
  const column = threads.indexOf(thread)
  const changed = after === undefined ? { own: [], beside: [] } : changesOf(scene, n, before, after)
  return {
    number: String(n + 1),
    column,
    own: [{ text: label + choicesOf(machine, step.transition), colours: [colourOf(column)] }, ...changed.own],
    beside: changed.beside,
    rails: threads.map((other) => railOf(scene, n, other)),
  }
}

/** What was chosen, by the type of the local of that name. */
function choicesOf({ model }: Machine, { thread, choices }: Run['steps'][number]['transition']): string {
  if (choices.length === 0) return ''
  const locals = model.threads[model.instances[thread]?.thread ?? -1]?.locals ?? []
  const texts = choices.map(({ name, value }) => {
    const local = locals.find((one) => one.name === name)
    const text = local === undefined ? String(value) : showValue(model, local.type, value)
    return text.startsWith(`${name} `) ? text : `${name} = ${text}`
  })
  return ` [${texts.join(', ')}]`
}

function changesOf({ machine, run, locks, lockFields: fields }: Scene, n: number, before: PlainState, after: PlainState): { own: readonly CellText[]; beside: readonly CellText[] } {
  const { model } = machine
  const step = run.steps[n]?.transition
  const thread = step?.thread ?? -1
  const chosen = new Set(step?.choices.map(({ name }) => name))
  const usesOf = (at: number, of: number): string => showUses((locks[at] ?? []).filter((use) => use.thread === of))
  const locals = localChanges(model, thread, before, after).filter(({ place }) => !chosen.has(place))
  const held = usesOf(n + 1, thread)
  const own: CellText[] = locals.map(({ place, type, after: value }) => ({ text: `  ${place} = ${showValue(model, type, value)}`, colours: ['dim'] }))
  if (held !== usesOf(n, thread)) own.push({ text: `  ${held === '' ? 'holds no lock' : held}`, colours: ['dim'] })
  const others = model.instances.flatMap(({ name }, other) => {
    const text = usesOf(n + 1, other)
    return other === thread || text === usesOf(n, other) ? [] : [{ text: `${name} ${text === '' ? 'holds no lock' : text}`, colours: [] }]
  })
  const shared = sharedChanges(model, before, after).filter(({ field }) => !isOrIsIn(field, fields))
  return { own, beside: [...shared.map((change): CellText => ({ text: showChange(model, change), colours: [] })), ...others] }
}

/** A lock's fields are told as locks held and waited for. */
function isOrIsIn(field: string, fields: ReadonlySet<string>): boolean {
  return [...fields].some((lock) => field === lock || field.startsWith(`${lock}.`) || field.startsWith(`${lock}[`))
}

const RUNS = '│'
const HOLDS = '┃'
const WAITS = '┆'

/** What a thread that does not act is about, before step `n`. */
function railOf({ states, locks }: Scene, n: number, thread: number): string {
  if (states[n]?.threads[thread]?.point === 'end') return ''
  const uses = (locks[n] ?? []).filter((use) => use.thread === thread)
  return uses.some(({ waits }) => waits) ? WAITS : uses.length > 0 ? HOLDS : RUNS
}

function legend(rows: readonly Row[], paint: Paint): readonly string[] {
  const drawn = new Set(rows.flatMap(({ rails, column }) => rails.filter((_, at) => at !== column)))
  const parts = [...(drawn.has(HOLDS) ? [`${HOLDS} holds a lock`] : []), ...(drawn.has(WAITS) ? [`${WAITS} waits for one`] : [])]
  return parts.length === 0 ? [] : ['', `     ${paint('dim', parts.join('   '))}`]
}
