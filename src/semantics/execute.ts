/**
 * All executions of one transition of one thread, in the order in which depth-first search meets them.
 *
 * An execution runs statement after statement, carries what it has changed so far, and splits where there is a choice.
 * It ends when the transition is complete (`done`), when something fails (`fails`), or at a false guard (`waits`).
 */
import { List, Map, Set } from 'immutable'
import { match, P } from 'ts-pattern'
import type { Arm, Expression, Place, Statement, StatementOf, ModelThread, Type } from '../language/ast.ts'
import { domainClaim } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { namesOf, statementLabel, textOf as expressionText } from '../language/labels.ts'
import { enter, isBarrier, isLocal, reset, siteAt } from './control.ts'
import type { Begun, Site, Target, ThreadText } from './control.ts'
import { targetPlace, evaluate, holds, holdsInDomain, write } from './evaluate.ts'
import type { Scope } from './evaluate.ts'
import { boundOf, DomainError, elements, equal, fitDomain, illTyped, integer, queue, shape, variant } from './values.ts'
import type { Value } from './values.ts'
import { isCarried } from './waiting.ts'

/** The surroundings that an execution needs to know. */
export interface ExecutionContext {
  /** The thread whose text it is; for messages. */
  readonly thread: Pick<ModelThread, 'locals' | 'per'>
  readonly text: ThreadText
  readonly typeOfShared: (name: string) => Type
  readonly local: (id: number) => { readonly name: string; readonly type: Type }
  /** Called for each execution that comes to its end. */
  readonly arrived?: () => void
}

/** A statement that a transition is named after, and which of its arms was taken. */
export interface NamedAfter {
  readonly path: string
  readonly arm: string
}

/** A statement that was executed, and what it could see. */
export interface Executed {
  readonly statement: Statement
  readonly scope: Scope
}

/** The property that is broken, and the message about it. */
export interface Failure {
  /** The property that is broken: an assertion, `domain` or a misuse. */
  readonly claim: Claim
  /** Why, in the words of the model. */
  readonly message: string
}

/** Narrows the executions to those that a search for an explanation is after. */
export interface Seeking {
  /** Whether a step that is a transition by itself may be entered. */
  readonly enters: (step: StatementOf<'step'>) => boolean
  /** The values that a choice of the local can have; undefined: all. */
  readonly choices: (local: number) => readonly Value[] | undefined
  /** Another meaning of a statement, where values may not be known; undefined: the usual one. */
  readonly instead?: ((turn: Turn) => readonly End[] | undefined) | undefined
}

export interface Execution {
  /** Undefined where all executions are wanted. */
  readonly seeking: Seeking | undefined
  /** The state as changed so far. */
  readonly scope: Scope
  /** The statement that was done last; inside a step, the step. Undefined at first. */
  readonly last: NamedAfter | undefined
  /** The path of the step or atomic call being executed, and what each `forEach` in it has still to do. */
  readonly step: string | undefined
  readonly pending: Map<string, List<Value>>
  readonly choices: List<{ readonly local: number; readonly value: Value }>
  readonly covers: List<string>
  /** The assertions that have failed. They end nothing. */
  readonly broken: List<Failure>
  /** The statements executed, in order; kept only where they were asked for. */
  readonly trail: List<Executed> | undefined
}

export type End =
  | { readonly kind: 'done'; readonly execution: Execution; readonly last: NamedAfter; readonly target: Target }
  /** It ends here: a domain error, or lock misuse. */
  | { readonly kind: 'fails'; readonly execution: Execution; readonly last: NamedAfter; readonly failure: Failure }
  /** An assertion has failed, and behind it nothing is possible: no transition, but a violation. */
  | { readonly kind: 'breaks'; readonly execution: Execution; readonly last: NamedAfter }
  /** At the guard `path`, which is false. `blockers` are the threads waited for, if it is an acquisition. */
  | { readonly kind: 'waits'; readonly path: string; readonly execution: Execution; readonly blockers?: Set<number> }

const NO_PENDING: Execution['pending'] = Map()
const NO_CHOICES: Execution['choices'] = List()
const NO_COVERS: Execution['covers'] = List()
const NOTHING_BROKEN: Execution['broken'] = List()

/** @param keepTrail whether executions record what they execute */
export const startOf = (scope: Scope, keepTrail = false, seeking?: Seeking): Execution => ({
  seeking,
  scope,
  last: undefined,
  step: undefined,
  pending: NO_PENDING,
  choices: NO_CHOICES,
  covers: NO_COVERS,
  broken: NOTHING_BROKEN,
  trail: keepTrail ? List<Executed>() : undefined,
})

/** Goes on at a target, unless the transition is complete there. */
export function proceed(context: ExecutionContext, execution: Execution, target: Target): readonly End[] {
  const site = target === 'end' ? undefined : siteAt(context.text, target.path)
  const complete =
    execution.step === undefined
      ? execution.last !== undefined && isBarrier(context.text, execution.scope.values, target)
      : site?.inside !== execution.step
  if (target === 'end' || site === undefined || complete) {
    context.arrived?.()
    return execution.last === undefined ? [] : [{ kind: 'done', execution, last: execution.last, target }]
  }
  const here =
    execution.trail === undefined
      ? execution
      : { ...execution, trail: execution.trail.push({ statement: site.statement, scope: execution.scope }) }
  return guarded({ context, execution: here, site, again: target.again })
}

/** Executes a statement. If it leaves a domain, the execution fails. */
function guarded(turn: Turn): readonly End[] {
  try {
    return execute(turn)
  } catch (error) {
    if (error instanceof DomainError)
      return fails(turn, turn.execution, { claim: domainClaim, message: leaving(turn, error) })
    throw error
  }
}

/** The message about a value that left its domain: `c: -1 is outside 0..3, in c-- (driver.ts:5)`. */
function leaving({ context: { thread }, site: { statement } }: Turn, { message, about }: DomainError): string {
  const subject = about === undefined ? '' : `${expressionText(about, namesOf(thread))}: `
  return `${subject}${message}, in ${statementLabel(statement, thread)} (${statement.at})`
}

/** Executes a local statement alone, if it has one execution. Returns nothing if it fails. */
export function performAlone(context: ExecutionContext, scope: Scope, site: Site): Begun | undefined {
  // executed alone, it ends behind the statement
  const ends = guarded({ context, execution: startOf(scope), site, again: false, alone: true })
  const [end] = ends
  return ends.length === 1 && end?.kind === 'done'
    ? { target: end.target, locals: end.execution.scope.locals }
    : undefined
}

/** A statement that is being executed. */
export interface Turn {
  readonly context: ExecutionContext
  readonly execution: Execution
  readonly site: Site
  /** A `forEach` whose body has been done, not one that is entered. */
  readonly again: boolean
  /** The execution ends behind the statement. */
  readonly alone?: boolean
}

/** The meaning of a statement when it is executed: all executions from it to the end of the transition. */
type Action = (turn: Turn, scope: Scope) => readonly End[]

/** As with expressions, what a statement means is found once. */
const actions = new WeakMap<Statement, Action>()

function execute(turn: Turn): readonly End[] {
  const other = turn.execution.seeking?.instead?.(turn)
  if (other !== undefined) return other
  const { statement } = turn.site
  let action = actions.get(statement)
  if (action === undefined) {
    action = actionOf(statement)
    actions.set(statement, action)
  }
  return action(turn, turn.execution.scope)
}

function actionOf(statement: Statement): Action {
  return match(statement)
    .returnType<Action>()
    .with(
      { kind: 'assign' },
      ({ target, value }) =>
        (turn, scope) =>
          put(turn, target, fitDomain(typeOfPlace(turn.context, target), evaluate(scope, value), target)),
    )
    .with({ kind: 'insert' }, ({ target, value }) => (turn, scope) => {
      const { of } = shape('set', typeOfPlace(turn.context, target))
      return put(turn, target, elements(evaluate(scope, target)).add(fitDomain(of, evaluate(scope, value), value)))
    })
    .with(
      { kind: 'remove' },
      ({ target, value }) =>
        (turn, scope) =>
          put(turn, target, elements(evaluate(scope, target)).remove(evaluate(scope, value))),
    )
    .with({ kind: 'push' }, ({ target, value }) => (turn, scope) => {
      const { of, capacity } = shape('queue', typeOfPlace(turn.context, target))
      const [waiting, last] = [queue(evaluate(scope, target)), fitDomain(of, evaluate(scope, value), value)]
      if (waiting.size >= boundOf(capacity))
        throw new DomainError(`the queue is full: ${waiting.size} elements`, target)
      return put(turn, target, waiting.push(last))
    })
    .with({ kind: 'pop' }, ({ target }) => (turn, scope) => {
      const waiting = queue(evaluate(scope, target))
      if (waiting.isEmpty()) throw new DomainError('the queue is empty', target)
      return put(turn, target, waiting.shift())
    })
    .with({ kind: 'discard' }, ({ target, value }) => (turn, scope) => {
      const [waiting, unwanted] = [queue(evaluate(scope, target)), evaluate(scope, value)]
      const at = waiting.findIndex((element) => equal(element, unwanted))
      return put(turn, target, at < 0 ? waiting : waiting.remove(at))
    })
    .with({ kind: 'await' }, ({ condition, blockers, path }) => (turn, scope) => {
      if (holds(scope, condition)) return through(turn, turn.execution)
      if (blockers === undefined) return [{ kind: 'waits', path, execution: turn.execution }]
      const waitedFor = scope
        .values({ kind: 'id', sort: 'Thread' })
        .filter((thread) =>
          holdsInDomain({ ...scope, bound: scope.bound.set(blockers.bound, thread) }, blockers.condition),
        )
      return [{ kind: 'waits', path, execution: turn.execution, blockers: Set(waitedFor.map(integer)) }]
    })
    .with(
      { kind: 'assert', always: true },
      ({ property, message, condition }) =>
        (turn, scope) =>
          holds(scope, condition)
            ? through(turn, turn.execution)
            : fails(turn, turn.execution, { claim: { kind: 'misuse', name: property }, message }),
    )
    .with({ kind: 'assert' }, ({ property, message, condition }) => (turn, scope) => {
      const wrong = whyFalse(turn, scope, condition, message)
      return wrong === undefined
        ? through(turn, turn.execution)
        : broken(turn, { claim: { kind: 'assertion', name: property }, message: wrong })
    })
    .with(
      { kind: 'cover' },
      ({ property, condition }) =>
        (turn, scope) =>
          through(
            turn,
            holdsInDomain(scope, condition)
              ? { ...turn.execution, covers: turn.execution.covers.push(property) }
              : turn.execution,
          ),
    )
    .with(
      { kind: 'if' },
      ({ condition, then, otherwise }) =>
        (turn, scope) =>
          holds(scope, condition) ? take(turn, then, '.then') : take(turn, otherwise, '.else'),
    )
    .with({ kind: 'match' }, ({ of, arms, otherwise }) => (turn, scope) => {
      const { tag } = variant(evaluate(scope, of))
      const arm = arms[tag]
      return arm
        ? take(turn, arm, `.case-${tag}`)
        : take(turn, otherwise ?? illTyped('an arm for the case', tag), '.rest')
    })
    .with(
      { kind: 'either' },
      ({ branches }) =>
        ({ context, execution, site }) =>
          branches.flatMap((branch, n) =>
            beginsUnsought(execution, site, branch)
              ? []
              : proceed(context, named(execution, site, `.or-${n}`), enter(branch, site.next)),
          ),
    )
    .with(
      { kind: 'choose' },
      ({ local, where }) =>
        (turn, scope) =>
          valuesToTry(turn, scope, local).flatMap((value) => {
            const chosen = choosing(turn, scope, local, value)
            try {
              return where === undefined || holds(chosen.scope, where) ? through(turn, chosen) : []
            } catch (error) {
              if (error instanceof DomainError)
                return fails(turn, chosen, { claim: domainClaim, message: leaving(turn, error) })
              throw error
            }
          }),
    )
    .with(
      { kind: 'forEach' },
      ({ path, local, remaining, over, body }) =>
        ({ context, execution, site, again }, scope) => {
          const round = enter(body, { path, again: true })
          if (execution.step !== undefined) {
            const [first, ...rest] = again
              ? (execution.pending.get(path) ?? illTyped('an entered forEach', path))
              : scope.values(over)
            if (first === undefined) return proceed(context, execution, site.next)
            return proceed(
              context,
              {
                ...execution,
                scope: assignLocal(context, scope, local, first),
                pending: execution.pending.set(path, List(rest)),
              },
              round,
            )
          }
          const todo = again
            ? elements(scope.locals.get(remaining) ?? illTyped('the set of a forEach', remaining))
            : Set(scope.values(over))
          return scope
            .values(over)
            .filter((element) => todo.has(element))
            .flatMap((element) => {
              const left = { ...scope, locals: scope.locals.set(remaining, todo.remove(element)) }
              return proceed(
                context,
                named(choosing({ context, execution, site, again }, left, local, element), site),
                round,
              )
            })
        },
    )
    .with(
      { kind: 'step' },
      { kind: 'call', atomic: true },
      (statement) =>
        ({ context, execution, site }) =>
          isSought(execution, site, statement)
            ? proceed(
                context,
                site.inside === undefined ? { ...named(execution, site), step: statement.path } : execution,
                enter(statement.body, site.next),
              )
            : [],
    )
    .with(
      { kind: 'reset' },
      ({ locals }) =>
        ({ context, execution, site }, scope) =>
          proceed(
            context,
            { ...execution, scope: { ...scope, locals: reset(context.text, locals, scope.locals) } },
            site.next,
          ),
    )
    .with(
      { kind: P.union('call', 'loop', 'label', 'goto', 'break', 'continue', 'return') },
      ({ kind, path }) =>
        ({ context, execution }) =>
          proceed(context, execution, context.text.hops.get(path) ?? illTyped('pure control', kind)),
    )
    .exhaustive()
}

/** The values that a choice can have. */
export const valuesToTry = ({ context, execution: { seeking } }: Turn, scope: Scope, local: number): readonly Value[] =>
  seeking?.choices(local) ?? scope.values(context.local(local).type)

const isSought = ({ seeking }: Execution, { inside }: Site, statement: Statement): boolean =>
  seeking === undefined || inside !== undefined || statement.kind !== 'step' || seeking.enters(statement)

/** Whether a branch begins with a step that is not sought: most do, so this is asked before anything is made. */
const beginsUnsought = (execution: Execution, { inside }: Site, [first]: readonly Statement[]): boolean =>
  execution.seeking !== undefined && inside === undefined && first?.kind === 'step' && !execution.seeking.enters(first)

/** The statement is done. The transition goes on if the statement is local or in a step, and is complete otherwise. */
export function through(
  { context, site, alone = false }: Turn,
  after: Execution,
  to: Target = site.next,
  arm = '',
): readonly End[] {
  const done = named(after, site, arm)
  const goesOn =
    site.inside !== undefined || isLocal(site.statement) || isCarried(context.text, after.scope.values, site)
  return goesOn && !alone
    ? proceed(context, done, to)
    : [{ kind: 'done', execution: done, last: done.last, target: to }]
}

/** Goes on with another value in a place. */
function put(turn: Turn, place: Place, value: Value): readonly End[] {
  return through(turn, { ...turn.execution, scope: write(turn.execution.scope, place, value) })
}

/** Goes on in an arm of a branch, with what it binds. */
function take(turn: Turn, { binds, body }: Arm, arm: string): readonly End[] {
  const scope = binds.reduce(
    (to, { local, value }) => assignLocal(turn.context, to, local, evaluate(to, value)),
    turn.execution.scope,
  )
  return through(turn, { ...turn.execution, scope }, enter(body, turn.site.next), arm)
}

function choosing({ context, execution }: Turn, scope: Scope, local: number, value: Value): Execution {
  return {
    ...execution,
    scope: assignLocal(context, scope, local, value),
    // where a transition is sought, nobody asks what was chosen in it
    choices: execution.seeking === undefined ? execution.choices.push({ local, value }) : execution.choices,
  }
}

/** An execution that has done something. */
type Named = Execution & { readonly last: NamedAfter }

const isInStep = (execution: Execution): execution is Named =>
  execution.step !== undefined && execution.last !== undefined

/** A transition is named after what it did last; a step after the step. */
const named = (execution: Execution, site: Site, arm = ''): Named =>
  isInStep(execution) ? execution : { ...execution, last: { path: site.statement.path, arm } }

function fails({ site }: Pick<Turn, 'site'>, execution: Execution, failure: Failure): readonly End[] {
  return [{ kind: 'fails', execution, last: named(execution, site).last, failure }]
}

/** The message of an assertion that fails; undefined if it holds. An assertion that leaves its domain fails. */
function whyFalse(turn: Turn, scope: Scope, condition: Expression, message: string): string | undefined {
  try {
    return holds(scope, condition) ? undefined : message
  } catch (error) {
    if (error instanceof DomainError) return leaving(turn, error)
    throw error
  }
}

/**
 * An assertion has failed: the transition goes on as if it were not there. If it can't, the assertion is broken all the
 * same.
 */
export function broken(turn: Turn, failure: Failure): readonly End[] {
  const execution: Execution = { ...turn.execution, broken: turn.execution.broken.push(failure) }
  const ends = through(turn, execution)
  return ends.some(({ kind }) => kind !== 'waits')
    ? ends
    : [{ kind: 'breaks', execution, last: named(execution, turn.site).last }, ...ends]
}

function assignLocal(context: ExecutionContext, scope: Scope, local: number, value: Value): Scope {
  return { ...scope, locals: scope.locals.set(local, fitDomain(context.local(local).type, value)) }
}

function typeOfPlace(context: ExecutionContext, place: Place): Type {
  switch (place.kind) {
    case 'shared':
      return context.typeOfShared(place.name)
    case 'local':
      return context.local(place.id).type
    case 'field': {
      const { fields } = shape('record', typeOfPlace(context, targetPlace(place.of)))
      return fields[place.name] ?? illTyped('a field', place.name)
    }
    case 'index':
      return shape('array', typeOfPlace(context, targetPlace(place.of))).of
  }
}
