/**
 * Whether what follows a `choose` can wait on the value chosen, or changes what is shared by it. If it can wait, the
 * choice is a transition of its own: done together they would choose what is possible, and a thread that has chosen
 * what never becomes possible would not be seen to hang.
 */
import { match, P } from 'ts-pattern'
import type { Arm, Expression, Place, Statement, Type } from '../language/ast.ts'
import { indicesOf } from '../language/walk.ts'
import { enter, isBarrier, isLocal, readsShared, siteAt } from './control.ts'
import type { Site, Target, ThreadText } from './control.ts'
import { targetPlace } from './evaluate.ts'
import type { Value } from './values.ts'

/**
 * The places that the value has reached: locals (by number) and variables (by name) made of it; `tested` once the way
 * itself may depend on it.
 */
interface Trace {
  readonly places: ReadonlySet<number | string>
  readonly tested: boolean
}

/** By the path of a `forEach`, the number of its present round, from 1. */
type Rounds = ReadonlyMap<string, number>

/** A place on a path, the step that it is inside of, and the rounds of the loops around it. */
interface Stop {
  readonly target: Target
  readonly step: string | undefined
  readonly rounds: Rounds
  readonly trace: Trace
}

const known = new WeakMap<ThreadText, Map<string, boolean>>()

/**
 * Whether a `choose` outside a step completes no transition: its value enters the thread's own locals alone, and
 * nothing waits on it.
 */
export function isCarried(text: ThreadText, values: (type: Type) => readonly Value[], site: Site): boolean {
  const { statement } = site
  if (
    statement.kind !== 'choose' ||
    statement.own === true ||
    (statement.where !== undefined && readsShared(statement.where))
  )
    return false
  const answers = known.get(text) ?? new Map<string, boolean>()
  known.set(text, answers)
  const answer = answers.get(statement.path) ?? !isSeen(text, values, site, statement.local)
  answers.set(statement.path, answer)
  return answer
}

function isSeen(text: ThreadText, values: (type: Type) => readonly Value[], { next }: Site, local: number): boolean {
  const todo: Stop[] = [
    { target: next, step: undefined, rounds: new Map(), trace: { places: new Set([local]), tested: false } },
  ]
  const met = new Map<string, Trace>()
  for (let stop = todo.pop(); stop !== undefined; stop = todo.pop()) {
    const { target, step, rounds } = stop
    if (target === 'end' || (step === undefined && isBarrier(text, values, target))) continue
    const site = siteAt(text, target.path)
    if (step !== undefined && site.inside !== step) continue
    const key = JSON.stringify([target.path, target.again, ...rounds])
    const trace = joined(met.get(key), stop.trace)
    if (trace === undefined) continue
    met.set(key, trace)
    if (sees(site.statement, trace)) return true
    todo.push(...onward(text, values, site, target.again, { ...stop, trace }))
  }
  return false
}

/** Both; nothing if the second adds nothing. */
function joined(old: Trace | undefined, more: Trace): Trace | undefined {
  if (old === undefined) return more
  const places = new Set([...old.places, ...more.places])
  return places.size === old.places.size && (old.tested || !more.tested)
    ? undefined
    : { places, tested: old.tested || more.tested }
}

/** Whether the statement can wait on the value, or changes what is shared by it. */
function sees(statement: Statement, trace: Trace): boolean {
  return match(statement)
    .with({ kind: 'await' }, ({ condition, blockers }) =>
      depends(trace, condition, ...(blockers === undefined ? [] : [blockers.condition])),
    )
    .with({ kind: 'choose' }, ({ where }) => where !== undefined && depends(trace, where))
    .with(
      { kind: P.union('assign', 'insert', 'remove', 'push', 'discard') },
      ({ target, value }) => isShared(target) && isMade(trace, ...indicesOf(target), value),
    )
    .with({ kind: 'pop' }, ({ target }) => isShared(target) && isMade(trace, ...indicesOf(target)))
    .otherwise(() => false)
}
const depends = (trace: Trace, ...expressions: readonly Expression[]): boolean =>
  trace.tested || isMade(trace, ...expressions)
const isMade = ({ places }: Trace, ...expressions: readonly Expression[]): boolean =>
  expressions.some((e) => reads(e, places))

/** The stops of the transition behind a statement, and the places that the value has reached then. */
function onward(
  text: ThreadText,
  values: (type: Type) => readonly Value[],
  site: Site,
  again: boolean,
  { step, rounds, trace }: Stop,
): readonly Stop[] {
  const { statement, next } = site
  const goes = (target: Target, now: Trace = trace, within = step): readonly Stop[] => [
    { target, step: within, rounds, trace: now },
  ]
  const isOver = step === undefined && !isLocal(statement)
  const change = (target: Place, ...made: readonly Expression[]): readonly Stop[] =>
    isOver ? [] : goes(next, spread(trace, rootOf(target), target, ...made))
  const test = (tested: Expression, arms: readonly Arm[]): readonly Stop[] => {
    if (isOver) return []
    const behind = reads(tested, trace.places) ? { ...trace, tested: true } : trace
    return arms.flatMap(({ binds, body }) =>
      goes(
        enter(body, next),
        binds.reduce((now, { local, value }) => spread(now, local, value), behind),
      ),
    )
  }
  return match(statement)
    .returnType<readonly Stop[]>()
    .with({ kind: P.union('assign', 'insert', 'remove', 'push', 'discard') }, ({ target, value }) =>
      change(target, value),
    )
    .with({ kind: 'pop' }, ({ target }) => change(target))
    .with({ kind: 'if' }, ({ condition, then, otherwise }) => test(condition, [then, otherwise]))
    .with({ kind: 'match' }, ({ of, arms, otherwise }) =>
      test(of, [...Object.values(arms), ...(otherwise === undefined ? [] : [otherwise])]),
    )
    .with({ kind: 'either' }, ({ branches }) => branches.flatMap((branch) => goes(enter(branch, next))))
    .with({ kind: 'forEach' }, ({ path, over, body }) => {
      const round = again ? (rounds.get(path) ?? 0) + 1 : 1
      if (round > values(over).length) return goes(next)
      const target = enter(body, { path, again: true })
      return [{ target, step, rounds: new Map(rounds).set(path, round), trace }]
    })
    .with({ kind: 'await' }, () => (step === undefined ? [] : goes(next)))
    .with({ kind: 'choose' }, () => (step === undefined && !isCarried(text, values, site) ? [] : goes(next)))
    .with({ kind: 'step' }, { kind: 'call', atomic: true }, ({ path, body }) =>
      goes(enter(body, next), trace, step ?? path),
    )
    .with({ kind: P.union('assert', 'cover') }, () => goes(next))
    .with({ kind: P.union('call', 'loop', 'label', 'goto', 'break', 'continue', 'return', 'reset') }, ({ path }) =>
      goes(text.hops.get(path) ?? next),
    )
    .exhaustive()
}

/** The same, and a place that is made of the value if one of the expressions is. */
function spread(trace: Trace, place: number | string, ...made: readonly Expression[]): Trace {
  return depends(trace, ...made) ? { ...trace, places: new Set([...trace.places, place]) } : trace
}

const rootOf = (place: Place): number | string =>
  place.kind === 'local' ? place.id : place.kind === 'shared' ? place.name : rootOf(targetPlace(place.of))

const isShared = (place: Place): boolean => typeof rootOf(place) === 'string'

function reads(expression: Expression, places: ReadonlySet<number | string>): boolean {
  return match(expression)
    .with({ kind: 'local' }, ({ id }) => places.has(id))
    .with({ kind: 'shared' }, ({ name }) => places.has(name))
    .with({ kind: P.union('literal', 'zero', 'all', 'self', 'current', 'bound', 'constant') }, () => false)
    .with(
      {
        kind: P.union('some', 'fill', 'field', 'isSome', 'value', 'isCase', 'payload', 'not', 'size', 'head', 'before'),
      },
      ({ of }) => reads(of, places),
    )
    .with({ kind: P.union('record', 'case') }, ({ fields }) => Object.values(fields).some((e) => reads(e, places)))
    .with({ kind: 'index' }, ({ of, index }) => reads(of, places) || reads(index, places))
    .with({ kind: 'binary' }, ({ left, right }) => reads(left, places) || reads(right, places))
    .with({ kind: 'conditional' }, ({ condition, then, otherwise }) =>
      [condition, then, otherwise].some((e) => reads(e, places)),
    )
    .with({ kind: 'quantified' }, ({ body }) => reads(body, places))
    .with({ kind: 'elements' }, ({ of, body }) => reads(of, places) || reads(body, places))
    .exhaustive()
}
