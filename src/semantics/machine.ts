/** The seam of the reference semantics: what others may ask of it. */
import { List, Map, Record } from 'immutable'
import type { RecordOf } from 'immutable'
import type { ConfiguredModel, Instance, LocalDeclaration, Statement, ModelThread, Type } from '../language/ast.ts'
import { modelError, type ModelError } from '../language/errors.ts'
import { statementLabel } from '../language/labels.ts'
import { rememberedByKey } from '../language/remembered.ts'
import { beginThread, settleControl, siteAt, targetAt, threadTextOf } from './control.ts'
import type { Beginning, Target, ThreadText } from './control.ts'
import type { Scope } from './evaluate.ts'
import { proceed, performAlone, startOf } from './execute.ts'
import type { NamedAfter, End, Failure, ExecutionContext, Execution, Seeking } from './execute.ts'
import { initialValue } from './initial-value.ts'
import { illTyped, plain, valuesOf, zero } from './values.ts'
import type { Value } from './values.ts'
import type { Plain } from './plain.ts'

export interface PlainState {
  readonly shared: Readonly<globalThis.Record<string, Plain>>
  /** By instance. `point` is a path or `end`; locals by their id. */
  readonly threads: readonly { readonly point: string; readonly locals: Readonly<globalThis.Record<string, Plain>> }[]
}

/** The choice for a local, where a statement leaves it open. */
export interface Choice {
  /** The name of the local. */
  readonly name: string
  /** The value as JSON: an id as a number, null for none. */
  readonly value: Plain
}

/** The point where a thread instance stands, and its locals by id. */
export type ThreadState = RecordOf<{ point: string; locals: Map<number, Value> }>
const ThreadState = Record<{ point: string; locals: Map<number, Value> }>({ point: 'end', locals: Map() })

/** Equal states are equal by content (`is` of Immutable.js). */
export type State = RecordOf<{ shared: Map<string, Value>; threads: List<ThreadState> }>
const State = Record<{ shared: Map<string, Value>; threads: List<ThreadState> }>({ shared: Map(), threads: List() })

/** A state in which a model starts. */
export interface Initial {
  /** The state before the first transition. */
  readonly state: State
  /** The choices of `initially`. */
  readonly choices: readonly Choice[]
}

/** A transition that is possible in a state, and its outcome. */
export interface Transition {
  /** Index of the instance. */
  readonly thread: number
  /** Its number, from 0, among the transitions of its thread in that state, in the order of docs/semantics.md. */
  readonly ordinal: number
  /**
   * The path of the statement that completes it (or that fails), with `.then` `.else` `.case-TAG` `.rest` for
   * the arm taken; for a step, the path of the step.
   */
  readonly path: string
  /** The statement, or the call, in the words of the kernel. */
  readonly label: string
  /** The line of the model: `FILE:LINE`. */
  readonly at: string
  /** The kernel function that it stands for. */
  readonly source?: string
  /** The choices that were made in it, in the order of the text. */
  readonly choices: readonly Choice[]
  /** The `sometimes` properties that it witnesses. */
  readonly covers: readonly string[]
  /** The assertions that fail in it, in order; they change nothing else. */
  readonly broken: readonly Failure[]
  /** The state that it leads to, or how it fails. */
  readonly outcome: Outcome
}

/**
 * The outcome of a transition. `next`: a successor. `fails`: a domain error or lock misuse, and no successor.
 * `breaks`: it waits, so it is not enabled; but an assertion before that has failed.
 */
export type Outcome =
  | { readonly kind: 'next'; readonly state: State }
  | { readonly kind: 'fails'; readonly failure: Failure }
  | { readonly kind: 'breaks' }

/** The faults of a transition: the assertions that fail in it, and the failure that ends it. */
export const failuresOf = ({ broken, outcome }: Pick<Transition, 'broken' | 'outcome'>): readonly Failure[] =>
  outcome.kind === 'fails' ? [...broken, outcome.failure] : broken

/** Whether a transition exists whatever is claimed. The order of these does not depend on the claimed assertions. */
export const isEnabled = ({ outcome }: Pick<Transition, 'outcome'>): boolean => outcome.kind !== 'breaks'

/** A schedule, played. */
export interface Run {
  /** The state that it starts in. */
  readonly initial: Initial
  /** The state after each transition; none after one that fails or only breaks an assertion, which is the last. */
  readonly steps: readonly { readonly transition: Transition; readonly state?: State }[]
}

/** An instance of a thread, ready to run. */
export interface Runner extends ExecutionContext {
  readonly instance: Instance
  readonly thread: ModelThread
  /** Labels of its transitions, by path, as far as they have been asked for. */
  readonly labels: globalThis.Map<string, string>
}

/** The reference interpreter of one model. */
export interface Machine {
  /** The model that it runs. */
  readonly model: ConfiguredModel
  /** Distinct, in order. */
  readonly initial: readonly Initial[]
  /** The thread instances, in the order of the model. */
  readonly runners: readonly Runner[]
  /** `valuesOf`, remembered. */
  readonly values: (type: Type) => readonly Value[]
}

/** The control of a thread, and the labels of its transitions, for each choice of sizes. */
const threadTexts = rememberedByKey<
  ModelThread,
  { readonly text: ThreadText; readonly labels: globalThis.Map<string, string> }
>()

/** Everything that is computed once per model: the tables of its threads and its initial states. */
export function machine(model: ConfiguredModel): Machine {
  const remembered = new WeakMap<Type, readonly Value[]>()
  const values = (type: Type): readonly Value[] => {
    const known = remembered.get(type)
    if (known) return known
    const found = valuesOf(model.sizes, type)
    remembered.set(type, found)
    return found
  }
  const sizes = JSON.stringify(model.sizes)
  const texts = model.threads.map((thread) => {
    const { text, labels } = threadTexts(thread, sizes, () => ({
      text: threadTextOf(thread.body, values, zeros(model, thread.locals)),
      labels: new globalThis.Map<string, string>(),
    }))
    return { ...contextOf(model, text, thread), labels }
  })
  const runners = model.instances.map((instance): Runner => {
    const [thread, text] = [model.threads[instance.thread], texts[instance.thread]]
    return thread && text ? { ...text, instance, thread } : illTyped('a thread for the instance', instance.name)
  })
  const bare = { model, runners, values }
  return { ...bare, initial: initialStates(bare) }
}

/**
 * All executions of one transition, for each thread instance. Everything else is made of them.
 *
 * @param keepTrails whether each records what it executes
 */
export function executions(machine: Machine, state: State, keepTrails = false): readonly (readonly End[])[] {
  return machine.runners.map((_, thread) => executionsOf(machine, state, thread, keepTrails))
}

/** All executions of one transition of one thread instance. */
export function executionsOf(
  { model: { sizes }, runners, values }: Machine,
  state: State,
  thread: number,
  keepTrail = false,
  seeking?: Seeking,
): readonly End[] {
  const runner = runners[thread] ?? illTyped('an instance', thread)
  const { point, locals } = threadOf(state, thread)
  if (point === 'end') return []
  const scope: Scope = {
    sizes,
    values,
    shared: state.shared,
    locals,
    bound: Map(),
    current: thread,
    self: runner.instance.self,
  }
  return proceed(runner, startOf(scope, keepTrail, seeking), targetAt(runner.text, point))
}

/**
 * Every transition of a state, including failing ones and those that only break an assertion, in the order of
 * docs/semantics.md. `ends`: the result of `executions`, if it is known already.
 */
export function transitions(
  machine: Machine,
  state: State,
  ends: readonly (readonly End[])[] = executions(machine, state),
): readonly Transition[] {
  return ends.flatMap((own, thread) => transitionsOf(machine, state, thread, own))
}

/** The transitions of one thread alone, in the same order. `ends`: its executions, if they are known already. */
export function transitionsOf(
  machine: Machine,
  state: State,
  thread: number,
  ends: readonly End[] = executionsOf(machine, state, thread),
): readonly Transition[] {
  return ends
    .filter((end) => end.kind !== 'waits')
    .map((end, ordinal) => transition(machine, state, { thread, ordinal }, end))
}

/** Whether two transitions of one state are the same. */
export const isSameTransition = (
  one: Pick<Transition, 'thread' | 'ordinal'>,
  other: Pick<Transition, 'thread' | 'ordinal'>,
): boolean => one.thread === other.thread && one.ordinal === other.ordinal

function transition(
  machine: Machine,
  state: State,
  { thread, ordinal }: Pick<Transition, 'thread' | 'ordinal'>,
  end: Exclude<End, { kind: 'waits' }>,
): Transition {
  const runner = machine.runners[thread] ?? illTyped('an instance', thread)
  const { statement } = siteAt(runner.text, end.last.path)
  const described = {
    thread,
    ordinal,
    path: end.last.path + end.last.arm,
    label: transitionLabel(runner, statement, end.last),
    at: statement.at,
    ...(statement.source === undefined ? {} : { source: statement.source }),
    choices: choicesOf(machine.model, runner, end.execution),
  }
  const broken = end.execution.broken.toArray()
  if (end.kind === 'fails')
    return { ...described, covers: [], broken, outcome: { kind: 'fails', failure: end.failure } }
  if (end.kind === 'breaks') return { ...described, covers: [], broken, outcome: { kind: 'breaks' } }
  const { scope } = end.execution
  return {
    ...described,
    covers: end.execution.covers.toArray(),
    broken,
    outcome: { kind: 'next', state: stateAfter(machine, state, thread, { scope, target: end.target }) },
  }
}

/** The state behind a transition. What has not changed is the same object in both. */
export function stateAfter(
  { runners, values }: Pick<Machine, 'runners' | 'values'>,
  state: State,
  thread: number,
  { scope: { shared, locals: left }, target }: { readonly scope: Scope; readonly target: Target },
): State {
  const runner = runners[thread] ?? illTyped('an instance', thread)
  const { point, locals } = settleControl(runner.text, values, target, left)
  const own = threadOf(state, thread).set('point', point).set('locals', locals)
  return state.set('shared', shared).set('threads', state.threads.set(thread, own))
}

/** The state of an instance. */
export function threadOf(state: State, thread: number): ThreadState {
  return state.threads.get(thread) ?? illTyped('an instance', thread)
}

/**
 * A state as JSON: the form in which two semantics can be compared.
 *
 * @param before a state and its JSON: parts that have not changed since are the same objects in both
 */
export function plainState(
  machine: Omit<Machine, 'initial'>,
  state: State,
  before?: { readonly state: State; readonly plain: PlainState },
): PlainState {
  const { model, runners } = machine
  const { sizes } = model
  return {
    shared: Object.fromEntries(
      model.variables.map(({ name, type }) => {
        const value = state.shared.get(name) ?? null
        const known = before !== undefined && before.state.shared.get(name) === value
        return [name, known ? (before.plain.shared[name] ?? null) : plain(sizes, type, value)]
      }),
    ),
    threads: runners.map(({ thread }, n) => {
      const own = threadOf(state, n)
      const old = before?.plain.threads[n]
      if (old !== undefined && before?.state.threads.get(n) === own) return old
      const { point, locals } = own
      const last = before?.state.threads.get(n)?.locals
      return {
        point,
        locals: Object.fromEntries(
          thread.locals.map(({ id, type }) => {
            const [key, value] = [String(id), locals.get(id) ?? null]
            const known = last !== undefined && last.get(id) === value ? old?.locals[key] : undefined
            return [key, known ?? plain(sizes, type, value)]
          }),
        ),
      }
    }),
  }
}

/** The most executions of `initially`: they are all made before the first is looked at. */
const initialLimit = 500_000

const tooManyInitial = ({ name, initially, variables }: ConfiguredModel, many: string): ModelError => {
  const at = initially?.body[0]?.at ?? variables.find(({ initial }) => initial.length > 1)?.at ?? name
  return modelError(
    'HMM035',
    `there are ${many} executions that lead to an initial state; ${initialLimit} are the most`,
    at,
  )
}

function initialStates(machine: Omit<Machine, 'initial'>): readonly Initial[] {
  const { model, runners, values } = machine
  const nothing: Scope = { sizes: model.sizes, values, shared: Map(), locals: Map(), bound: Map() }
  const many = model.variables.reduce((product, { initial }) => product * Math.max(1, initial.length), 1)
  if (many > initialLimit) throw tooManyInitial(model, String(many))
  const product = model.variables.reduce<readonly Map<string, Value>[]>(
    (states, { name, type, initial, at }) => {
      const options =
        initial.length === 0
          ? [zero(model.sizes, type)]
          : initial.map((expression) =>
              initialValue(nothing, { name, type, at: at ?? model.at ?? model.name }, expression),
            )
      return states.flatMap((shared) => options.map((value) => shared.set(name, value)))
    },
    [Map()],
  )
  const threads = List(
    runners.map((_, current) => {
      const { point, locals } = beginning(machine, current)
      return ThreadState({ point, locals })
    }),
  )
  let ends = 0
  const arrived = (): void => {
    ends += 1
    if (ends > initialLimit) throw tooManyInitial(model, `more than ${initialLimit}`)
  }
  const outcomes = product.flatMap((shared) => initially(model, { ...nothing, shared }, arrived))
  if (outcomes.length === 0)
    throw modelError('HMM034', 'initially has no outcome', model.initially?.body[0]?.at ?? model.name)
  // by their text: of very many states that differ in small numbers only, hashes collide too often
  const seen = new globalThis.Set<string>()
  return outcomes.flatMap(({ shared, choices }) => {
    const state = State({ shared, threads })
    if (outcomes.length === 1) return [{ state, choices }]
    const text = JSON.stringify(plainState(machine, state).shared)
    if (seen.has(text)) return []
    seen.add(text)
    return [{ state, choices }]
  })
}

/** The beginning of an instance, before the first state: with its own locals alone. */
function beginning({ model: { sizes }, runners, values }: Omit<Machine, 'initial'>, current: number): Beginning {
  const runner = runners[current] ?? illTyped('an instance', current)
  const alone: Omit<Scope, 'locals'> = {
    sizes,
    values,
    shared: Map(),
    bound: Map(),
    current,
    self: runner.instance.self,
  }
  return beginThread(runner.text, values, (site, locals) => performAlone(runner, { ...alone, locals }, site))
}

/**
 * By thread of the model: the paths of the statements, and of their branches, that any of its instances has gone
 * through before the first state.
 */
export function begunBy(machine: Machine): readonly (readonly string[])[] {
  return machine.model.threads.map((_, thread) =>
    machine.runners.flatMap(({ instance }, n) => (instance.thread === thread ? beginning(machine, n).done : [])),
  )
}

/** The outcomes of `initially`, run as one step. */
function initially(
  model: ConfiguredModel,
  scope: Scope,
  arrived: () => void,
): readonly { readonly shared: Map<string, Value>; readonly choices: readonly Choice[] }[] {
  if (model.initially === undefined) return [{ shared: scope.shared, choices: [] }]
  const { body, locals } = model.initially
  const step: Statement = { kind: 'step', label: 'initially', body, path: 'initially', at: body[0]?.at ?? model.name }
  const context = { ...contextOf(model, threadTextOf([step], scope.values, zeros(model, locals)), { locals }), arrived }
  return proceed(context, startOf({ ...scope, locals: context.text.zeros }), context.text.start).flatMap((end) => {
    const [wrong] = end.kind === 'fails' ? [...end.execution.broken, end.failure] : end.execution.broken
    if (wrong !== undefined)
      throw modelError(
        'HMM034',
        `initially fails: ${wrong.claim.name}: ${wrong.message}`,
        siteAt(context.text, end.kind === 'waits' ? end.path : end.last.path).statement.at,
      )
    return end.kind !== 'done'
      ? []
      : [{ shared: end.execution.scope.shared, choices: choicesOf(model, context, end.execution) }]
  })
}

function contextOf(model: ConfiguredModel, text: ThreadText, thread: ExecutionContext['thread']): ExecutionContext {
  const types = new globalThis.Map(model.variables.map(({ name, type }) => [name, type]))
  const byId = new globalThis.Map(thread.locals.map((local) => [local.id, local]))
  return {
    thread,
    text,
    typeOfShared: (name) => types.get(name) ?? illTyped('a variable', name),
    local: (id) => byId.get(id) ?? illTyped('a local', id),
  }
}

function zeros(model: ConfiguredModel, locals: readonly LocalDeclaration[]): Map<number, Value> {
  return Map(locals.map(({ id, type }): [number, Value] => [id, zero(model.sizes, type)]))
}

function choicesOf({ sizes }: ConfiguredModel, context: ExecutionContext, { choices }: Execution): readonly Choice[] {
  return choices.toArray().map(({ local, value }) => {
    const { name, type } = context.local(local)
    return { name, value: plain(sizes, type, value) }
  })
}

/** The label of a transition: as it is the same every time, it is made once. */
export function transitionLabel({ labels, thread }: Runner, statement: Statement, { path, arm }: NamedAfter): string {
  const known = labels.get(path + arm)
  if (known !== undefined) return known
  const label = statementLabel(statement, thread, arm === '' ? undefined : arm.slice(1))
  labels.set(path + arm, label)
  return label
}
