/** A run as plain data with its texts. Every format of one trace is made from it. */
import type { ConfiguredModel, LocalDeclaration } from '../language/ast.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import type { Machine, PlainState, Run, Transition } from '../semantics/machine.ts'
import { localChanges, sharedChanges, showChange } from './changes.ts'
import { endOf, hangingAt } from './ending.ts'
import type { Ending } from './ending.ts'
import { firstViolations, isViolationOf } from './first-violations.ts'
import type { FirstViolation } from './first-violations.ts'
import { siteOf } from './guards.ts'
import { isOrIsIn, nameUses, showLocks } from './locks.ts'
import { nextOf } from './next.ts'
import type { Next } from './next.ts'
import { raceOf } from './race.ts'
import type { Race } from './race.ts'
import { annotate } from './annotated-run.ts'
import type { AnnotatedRun } from './annotated-run.ts'
import { runStoryOf } from './story.ts'
import type { RunStory } from './story.ts'
import { asInModel, sitesAt } from './sites.ts'
import type { Locate, SourceLine } from './sites.ts'
import { instanceName, showValue } from './values.ts'
import { zeroState } from './zero-state.ts'

/** The activity of a thread while another one acts. */
export type Activity = 'ended' | 'runs' | 'holds' | 'waits'

export interface Locks {
  readonly holds: readonly string[]
  readonly waits: readonly string[]
}

export interface TraceStep {
  readonly thread: string
  /** The statement in the thread's text. */
  readonly path: string
  /** In the words of the kernel. */
  readonly label: string
  /** The value of a call of an atomic procedure, `yes`, unless it was chosen in it. */
  readonly returns?: string
  /** `page 0`, `freed_at_once = yes` */
  readonly choices: readonly string[]
  /** The line of the model. */
  readonly place?: SourceLine
  /** The kernel function it stands for. */
  readonly source?: string
  /** The thread's own locals that changed. */
  readonly locals: readonly string[]
  /** The shared cells that changed, without those of locks. */
  readonly changes: readonly string[]
  /** The acting thread's locks after the step. */
  readonly locks: Locks
  /** The threads whose locks changed, and their locks after the step. */
  readonly lockChanges: readonly (Locks & { readonly thread: string })[]
  /** The properties that turned false. */
  readonly turnsFalse: readonly string[]
  /** The activity of each of `threads` before the step. */
  readonly rails: readonly Activity[]
}

export interface TraceRace extends Race {
  /** The sentence that says so. */
  readonly text: string
}

export interface Trace {
  /** The threads that act, in the order of the model. */
  readonly threads: readonly string[]
  /** The cells that do not start at their zero. */
  readonly initial: readonly string[]
  readonly steps: readonly TraceStep[]
  readonly end?: Ending
  /** The claimed properties that turn false, and the step after which they do. */
  readonly falls: readonly FirstViolation[]
  /** The read that was stale when a step relied on it, and the write that made it stale, as numbers of steps. */
  readonly race?: TraceRace
  /** The steps that the threads would have taken next. */
  readonly next: readonly Next[]
  /** The part of the run that its end depends on. */
  readonly story: RunStory
}

export interface TraceOptions {
  /** The property that the run shows after its last step; the trace does not speak of one if absent. */
  readonly property?: ScheduleProperty | undefined
  /** The same configured model, with all the properties that are claimed; the machine's, if absent. */
  readonly claims?: ConfiguredModel | undefined
  /** Places are as the model knows them, if absent. */
  readonly locate?: Locate | undefined
}

/**
 * The trace of a run.
 *
 * @param machine of the model that the run is a run of
 */
export const traceOf = (machine: Machine, run: Run, options: TraceOptions = {}): Trace =>
  traceOfAnnotated(annotate(machine, run), options)

/** The same, of a run that is annotated already. */
export function traceOfAnnotated(annotated: AnnotatedRun, options: TraceOptions): Trace {
  const { machine, run } = annotated
  const { model } = machine
  const { property, claims = model, locate = asInModel } = options
  const acting = new Set(run.steps.map(({ transition }) => transition.thread))
  const threads = model.instances.flatMap((_, thread) => (acting.has(thread) ? [thread] : []))
  const falls = firstViolations(annotated, claims)
  const violation = falls.find((one) => isViolationOf(one, property))
  const race = violation === undefined ? undefined : raceOf(annotated, violation, claims)
  const hanging = property === undefined ? [] : hangingAt(annotated, property)
  return {
    threads: threads.map((thread) => instanceName(model, thread)),
    initial: initialCells(annotated),
    steps: run.steps.map((_, n) => stepOf(annotated, n, { threads, falls, locate })),
    ...definedFields({ end: property && endOf(annotated, property, hanging, locate) }),
    falls,
    ...definedFields({ race: race && { ...race, text: sentenceOf(annotated, race) } }),
    next: nextOf(annotated),
    story: runStoryOf(annotated, { property, claims, falls, race, hanging }),
  }
}

function initialCells({ machine: { model }, states: [first] }: AnnotatedRun): readonly string[] {
  if (first === undefined) return []
  return sharedChanges(model, zeroState(model), first.plain).map(
    ({ place, type, after }) => `${place} = ${showValue(model, type, after)}`,
  )
}

interface StepContext {
  readonly threads: readonly number[]
  /** The claimed properties that turn false, and the step after which they do. */
  readonly falls: readonly FirstViolation[]
  readonly locate: Locate
}

function stepOf(annotated: AnnotatedRun, n: number, { threads, falls, locate }: StepContext): TraceStep {
  const { machine, run, states, steps, lockFields } = annotated
  const { model } = machine
  const transition = run.steps[n]?.transition
  const [before, after] = [states[n], states[n + 1]]
  if (transition === undefined || before === undefined) throw new RangeError(`no step ${n}`)
  const { thread, path, label, source, choices } = transition
  const chosen = new Set(choices.map(({ name }) => name))
  const locksAt = (state: AnnotatedRun['states'][number], of: number): Locks =>
    nameUses(state.locks.filter((use) => use.thread === of))
  const changedLocks =
    after === undefined
      ? []
      : model.instances.flatMap((_, other) => {
          const [was, is] = [locksAt(before, other), locksAt(after, other)]
          return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ thread: instanceName(model, other), ...is }]
        })
  const place = locate(sitesAt(model, thread, path))
  const worth = returnedBy(machine, thread, path)
  // a value that the step chose is shown among its choices already
  const returned = worth === undefined || chosen.has(worth.name) ? undefined : worth
  return {
    thread: instanceName(model, thread),
    path,
    label,
    ...(returned === undefined || after === undefined
      ? {}
      : { returns: showLocal(model, after.plain, thread, returned) }),
    choices: choiceTexts(model, transition),
    ...definedFields({ place, source }),
    locals:
      after === undefined
        ? []
        : localChanges(model, thread, before.plain, after.plain, returned?.id)
            .filter((change) => !chosen.has(change.place))
            .map((change) => `${change.place} = ${showValue(model, change.type, change.after)}`),
    changes: (steps[n]?.changes ?? [])
      .filter(({ field }) => !isOrIsIn(field, lockFields))
      .map((change) => showChange(model, change)),
    locks: locksAt(after ?? before, thread),
    lockChanges: changedLocks,
    turnsFalse: falls.filter(({ step }) => step === n + 1).map(({ property }) => property),
    rails: threads.map((other) => railOf(before, other)),
  }
}

/** The local that holds the value of a call, if the transition is a call that returns one. */
function returnedBy(machine: Machine, thread: number, path: string): LocalDeclaration | undefined {
  const site = siteOf(machine, thread, path)
  const returns = site?.kind === 'call' && site.atomic ? site.returns : undefined
  return returns === undefined ? undefined : machine.runners[thread]?.thread.locals.find(({ id }) => id === returns)
}

const showLocal = (
  model: ConfiguredModel,
  { threads }: PlainState,
  thread: number,
  { id, type }: LocalDeclaration,
): string => showValue(model, type, threads[thread]?.locals[String(id)] ?? null)

/** `trylock_page(page) = no`: the label of a step, with the value of its call. */
export const valuedLabel = ({ label, returns }: TraceStep): string =>
  returns === undefined ? label : `${label} = ${returns}`

/** What a transition chose, by the types of the locals: `page 0`, `freed_at_once = yes`. */
export function choiceTexts(
  model: ConfiguredModel,
  { thread, choices }: Pick<Transition, 'thread' | 'choices'>,
): readonly string[] {
  const locals = model.threads[model.instances[thread]?.thread ?? -1]?.locals ?? []
  return choices.map(({ name, value }) => {
    const local = locals.find((one) => one.name === name)
    const text = local === undefined ? String(value) : showValue(model, local.type, value)
    return text.startsWith(`${name} `) ? text : `${name} = ${text}`
  })
}

function railOf({ plain: { threads }, locks }: AnnotatedRun['states'][number], thread: number): Activity {
  if (threads[thread]?.point === 'end') return 'ended'
  const uses = locks.filter((use) => use.thread === thread)
  return uses.some(({ waits }) => waits) ? 'waits' : uses.length > 0 ? 'holds' : 'runs'
}

/** `step 9 (device[0]) reads mm.pte[0], step 14 (cpu[0]) changes it: page 0 → none; ...` */
function sentenceOf({ machine: { model }, steps }: AnnotatedRun, { cell, read, write, relies }: Race): string {
  const who = (step: number): string => `step ${step} (${instanceName(model, steps[step - 1]?.thread ?? -1)})`
  const changed =
    steps[write - 1]?.changes
      .filter(({ place }) => place.startsWith(cell) || cell.startsWith(place))
      .map((change) => showChange(model, change)) ?? []
  const what =
    changed.length === 1 && changed[0]?.startsWith(`${cell}: `) === true ? `: ${changed[0].slice(cell.length + 2)}` : ''
  return `race: ${who(read)} reads ${cell}; ${who(write)} then changes it${what}; ${write === relies ? 'the old value is still relied on' : `step ${relies} relies on the old value`}`
}

/** The locks of a thread after a step that changed them. */
export function lockText({ threads }: Trace, { rails }: TraceStep, locks: TraceStep['lockChanges'][number]): string {
  return showLocks(locks) || (rails[threads.indexOf(locks.thread)] === 'waits' ? 'no longer waits' : 'holds no lock')
}
