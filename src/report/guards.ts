/**
 * Says why a guard is false, a test takes the other branch, or there is nothing to choose: the owner of a lock, a
 * condition and what it reads.
 */
import { Map } from 'immutable'
import { lockFields } from '../analysis/locks.ts'
import type { Expression, Statement } from '../language/ast.ts'
import { namesOf, textOf } from '../language/labels.ts'
import { parts, visitStatements } from '../language/walk.ts'
import type { Guard } from '../schedules/obstacle.ts'
import { evaluate, holds } from '../semantics/evaluate.ts'
import type { Scope } from '../semantics/evaluate.ts'
import type { End } from '../semantics/execute.ts'
import { plainState, threadOf } from '../semantics/machine.ts'
import type { Machine, State, Transition } from '../semantics/machine.ts'
import { plain } from '../semantics/values.ts'
import type { Value } from '../semantics/values.ts'
import { lockUses } from './locks.ts'
import type { LockUse } from './locks.ts'
import { instanceName, showIndex, showValue } from './values.ts'

/** A label as a word of a sentence: it may have any signs in it. */
export const quote = (label: string): string => `\`${label}\``

/** The statement of a transition. */
export function siteOf(machine: Machine, thread: number, path: string): Statement | undefined {
  const sites = machine.runners[thread]?.text.sites
  return (sites?.get(path) ?? sites?.get(path.slice(0, path.lastIndexOf('.'))))?.statement
}

/** `; hmm[0].mirrors is {device 0}`: what a test of shared state saw. */
export function whereTested(machine: Machine, state: State, thread: number, instead: readonly Transition[]): string {
  const site = siteOf(machine, thread, instead[0]?.path ?? '')
  if (site?.kind !== 'if' && site?.kind !== 'match') return ''
  const {
    model: { sizes },
    values,
    runners,
  } = machine
  const scope = {
    sizes,
    values,
    shared: state.shared,
    locals: threadOf(state, thread).locals,
    bound: Map<number, Value>(),
    current: thread,
    self: runners[thread]?.instance.self,
  }
  const cells = cellsOf(machine, scope, site.kind === 'if' ? site.condition : site.of)
  return cells.length === 0 ? '' : `: ${cells.map(({ place, value }) => `${place} is ${value}`).join(' and ')}`
}

/** A `choose` with nothing to choose from: `there is no va with driver[device].pte[va] != none`. */
export function nothingToChoose(machine: Machine, thread: number, path: string): string {
  const site = siteOf(machine, thread, path)
  const names = namesOf(machine.runners[thread]?.thread ?? { locals: [] })
  const found: string[] = []
  visitStatements(site === undefined ? [] : [site], (statement) => {
    if (statement.kind === 'choose')
      found.push(
        names.local(statement.local) +
          (statement.where === undefined ? '' : ` with ${quote(textOf(statement.where, names))}`),
      )
  })
  return `there is no ${found[0] ?? 'element to choose'}`
}

/**
 * The reason why a thread is blocked: the needs of each guard that it reaches, or a choice without a candidate.
 */
export function whyStuck(machine: Machine, state: State, thread: number, ends: readonly End[]): string {
  const guards = ends.filter((end) => end.kind === 'waits')
  if (guards.length === 0) return nothingToChoose(machine, thread, threadOf(state, thread).point)
  return [...new Set(guards.map((guard) => reasonOf(machine, state, thread, guard, 'the model')))].join(', or ')
}

/** Why a guard is false: who owns the lock that it asks for, or which condition it needs, and what is there. */
export function reasonOf(
  machine: Machine,
  state: State,
  thread: number,
  { path, execution: { scope }, blockers }: Guard,
  corrected: string,
): string {
  const { model } = machine
  const text = machine.runners[thread]?.text.sites.get(path)?.statement
  const names = namesOf(machine.runners[thread]?.thread ?? { locals: [] })
  if (text?.kind !== 'await') return 'it waits'
  const wrong = conjuncts(text.condition).find((part) => !isTrue(scope, part)) ?? text.condition
  const cells = cellsOf(machine, scope, wrong)
  const uses = lockUses(model, lockFields(model), plainState(machine, state))
  const concerned = cellsOf(
    machine,
    scope,
    text.blockers === undefined
      ? wrong
      : { kind: 'binary', operator: 'and', left: text.condition, right: text.blockers.condition },
  )
  const owners = uses.filter(
    (use) =>
      use.thread !== thread &&
      (blockers === undefined || blockers.has(use.thread)) &&
      concerned.some(({ place }) => place === use.lock || place === `${use.lock}.${use.role}`),
  )
  if (owners.length > 0) return owners.map((use) => owned(use, instanceName(model, use.thread))).join(' and ')
  if (wrong.kind === 'literal') return `${corrected} never allows it`
  if (blockers !== undefined && blockers.size > 0)
    return `it waits for ${[...blockers].map((other) => instanceName(model, other)).join(' and ')}`
  const there = cells.map(({ place, value }) => `${place} is ${value}`).join(' and ')
  return `${quote(textOf(wrong, names))} must hold${there === '' ? '' : `, and ${there}`}`
}

/**
 * `mm.mmap_sem is held by cpu[0] for reading`; for a lock that is not the kernel's, the field that names the thread.
 */
function owned({ lock, role, waits }: LockUse, thread: string): string {
  if (waits) return `${lock} is waited for by ${thread}`
  const manner = { '': '', owner: '', readers: ' for reading', writer: ' for writing' }[role]
  return manner === undefined ? `${lock}.${role} has ${thread}` : `${lock} is held by ${thread}${manner}`
}

const conjuncts = (e: Expression): readonly Expression[] =>
  e.kind === 'binary' && e.operator === 'and' ? [...conjuncts(e.left), ...conjuncts(e.right)] : [e]

function isTrue(scope: Scope, condition: Expression): boolean {
  try {
    return holds(scope, condition)
  } catch {
    return false
  }
}

interface Cell {
  readonly place: string
  readonly value: string
}

/**
 * The outermost places that an expression reads, with their values. A place whose index has no value is left out.
 */
function cellsOf(machine: Machine, scope: Scope, expression: Expression): readonly Cell[] {
  const place = placeOf(machine, scope, expression)
  if (place !== undefined) return [{ place: place.name, value: valueOf(machine, scope, expression, place.type) }]
  return parts(expression)
    .flatMap((part) => cellsOf(machine, scope, part))
    .filter(({ place: name }, n, all) => all.findIndex((other) => other.place === name) === n)
}

type Typed = { readonly name: string; readonly type: Machine['model']['variables'][number]['type'] }

function placeOf(machine: Machine, scope: Scope, e: Expression): Typed | undefined {
  const { model } = machine
  if (e.kind === 'shared') {
    const type = model.variables.find(({ name }) => name === e.name)?.type
    return type === undefined ? undefined : { name: e.name, type }
  }
  if (e.kind === 'field') {
    const of = placeOf(machine, scope, e.of)
    const type = of?.type.kind === 'record' ? of.type.fields[e.name] : undefined
    return of === undefined || type === undefined ? undefined : { name: `${of.name}.${e.name}`, type }
  }
  if (e.kind !== 'index') return undefined
  const of = placeOf(machine, scope, e.of)
  if (of?.type.kind !== 'array') return undefined
  try {
    const at = plain(scope.sizes, of.type.index, evaluate(scope, e.index))
    const index =
      of.type.index.kind === 'id' && typeof at === 'number'
        ? showIndex(model, of.type.index, at)
        : showValue(model, of.type.index, at)
    return { name: `${of.name}[${index}]`, type: of.type.of }
  } catch {
    return undefined
  }
}

function valueOf({ model }: Machine, scope: Scope, e: Expression, type: Typed['type']): string {
  try {
    return showValue(model, type, plain(scope.sizes, type, evaluate(scope, e)))
  } catch {
    return 'unknown'
  }
}
