/**
 * Points where a thread can stand, and where control goes from there. No state but the sets of what a `forEach` has
 * still to do.
 */
import { Map, Set } from 'immutable'
import { match, P } from 'ts-pattern'
import type { Arm, Expression, Statement, Type } from '../language/ast.ts'
import { elements, illTyped } from './values.ts'
import type { Value } from './values.ts'

/**
 * A place that control can go to: a statement, the head of a loop or `forEach` after its body (`again`), or the end.
 */
export type Target = { readonly path: string; readonly again: boolean } | 'end'

/** A statement and its surroundings. */
export interface Site {
  readonly statement: Statement
  /** The target of control when the statement is done. */
  readonly next: Target
  /** The target of `return`: behind the innermost call. */
  readonly leave: Target
  /** The path of the outermost `step` or atomic call that the statement is inside of. */
  readonly inside: string | undefined
}

/** The text of a thread as tables. */
export interface ThreadText {
  readonly start: Target
  readonly sites: ReadonlyMap<string, Site>
  /** Paths of the labels and loops, by id. */
  readonly labels: ReadonlyMap<number, string>
  readonly loops: ReadonlyMap<number, string>
  /**
   * The target, in one hop, of each statement that is pure control; for a `forEach`, it depends on what it has still to
   * do.
   */
  readonly hops: ReadonlyMap<string, Target>
  /** The control points at which a thread is at an allowed end: its end, and where an idle label can lead. */
  readonly ends: ReadonlySet<string>
  /** The value of each local before it is set, and after a `reset`. */
  readonly zeros: Map<number, Value>
}

export function threadTextOf(
  body: readonly Statement[],
  values: (type: Type) => readonly Value[],
  zeros: Map<number, Value>,
): ThreadText {
  const sites = new globalThis.Map<string, Site>()
  const labels = new globalThis.Map<number, string>()
  const loops = new globalThis.Map<number, string>()
  const ends = new globalThis.Set(['end'])
  const hops = new globalThis.Map<string, Target>()
  const text: ThreadText = { start: enter(body, 'end'), sites, labels, loops, hops, ends, zeros }

  const block = (statements: readonly Statement[], after: Target, leave: Target, inside: string | undefined): void => {
    statements.forEach((statement, n) => {
      const follower = statements[n + 1]
      const next: Target = follower ? { path: follower.path, again: false } : after
      if (sites.has(statement.path)) illTyped('paths that are unique', statement.path)
      sites.set(statement.path, { statement, next, leave, inside })
      // asked of every statement of every thread: a switch, since it is several times faster than a match
      switch (statement.kind) {
        case 'step':
          block(statement.body, next, leave, inside ?? statement.path)
          return
        case 'call':
          block(statement.body, next, next, statement.atomic ? (inside ?? statement.path) : inside)
          return
        case 'if':
        case 'match':
          for (const arm of armsOf(statement)) block(arm.body, next, leave, inside)
          return
        case 'either':
          for (const branch of statement.branches) block(branch, next, leave, inside)
          return
        case 'loop':
          loops.set(statement.id, statement.path)
          block(statement.body, { path: statement.path, again: true }, leave, inside)
          return
        case 'forEach':
          block(statement.body, { path: statement.path, again: true }, leave, inside)
          return
        case 'label':
          labels.set(statement.id, statement.path)
          return
        case 'assign':
        case 'insert':
        case 'remove':
        case 'push':
        case 'pop':
        case 'discard':
        case 'choose':
        case 'await':
        case 'assert':
        case 'cover':
        case 'goto':
        case 'break':
        case 'continue':
        case 'return':
        case 'reset':
          return
      }
    })
  }
  block(body, 'end', 'end', undefined)
  for (const [path, site] of sites) {
    const hop = hopFrom(text, site)
    if (hop !== undefined) hops.set(path, hop)
  }
  for (const { statement } of sites.values()) {
    if (statement.kind === 'label' && statement.idle)
      for (const point of pointsFrom(text, values, { path: statement.path, again: false })) ends.add(point)
  }
  return text
}

/** Entry of a block; of an empty block, its continuation. */
export function enter(block: readonly Statement[], after: Target): Target {
  const first = block[0]
  return first ? { path: first.path, again: false } : after
}

export function siteAt(text: ThreadText, path: string): Site {
  return text.sites.get(path) ?? illTyped('a path of the thread', path)
}

/** The target of a thread that rests at a control point: at a `forEach`, with the next element. */
export function targetAt(text: ThreadText, point: string): Target {
  return point === 'end' ? 'end' : { path: point, again: siteAt(text, point).statement.kind === 'forEach' }
}

/** The target of a statement in one hop, if it is pure control. */
function hopFrom(text: ThreadText, site: Site): Target | undefined {
  const { statement } = site
  switch (statement.kind) {
    case 'call':
      return statement.atomic ? undefined : enter(statement.body, site.next)
    case 'loop':
      return enter(statement.body, { path: statement.path, again: true })
    case 'label':
    case 'reset':
      return site.next
    case 'goto':
      return { path: text.labels.get(statement.id) ?? illTyped('a label', statement.id), again: false }
    case 'break':
      return siteAt(text, loopPath(text, statement.loop)).next
    case 'continue':
      return { path: loopPath(text, statement.loop), again: true }
    case 'return':
      return site.leave
    default:
      return undefined
  }
}

/** The point where a thread rests, and its locals there. */
export interface Rest {
  readonly point: string
  readonly locals: Map<number, Value>
}

/** Follows pure control to the statement where the thread rests. */
export function settleControl(
  text: ThreadText,
  values: (type: Type) => readonly Value[],
  start: Target,
  before: Map<number, Value>,
): Rest {
  let [target, locals] = [start, before]
  for (let hops = 0; target !== 'end'; hops++) {
    if (hops > 2 * text.sites.size) illTyped('an exit from pure control', target.path)
    const site = siteAt(text, target.path)
    const { statement } = site
    if (statement.kind === 'forEach') {
      if (!target.again) locals = locals.set(statement.remaining, Set(values(statement.over)))
      if (!elements(locals.get(statement.remaining) ?? Set()).isEmpty()) return { point: target.path, locals }
      target = site.next
    } else {
      const next = text.hops.get(target.path)
      if (next === undefined) return { point: target.path, locals }
      if (statement.kind === 'reset') locals = reset(text, statement.locals, locals)
      target = next
    }
  }
  return { point: 'end', locals }
}

/** The locals after a `reset`. */
export function reset(
  { zeros }: ThreadText,
  forgotten: readonly number[],
  locals: Map<number, Value>,
): Map<number, Value> {
  return forgotten.reduce((all, local) => all.set(local, zeros.get(local) ?? null), locals)
}

/**
 * The beginning of a thread, before the first transition. `perform` executes a statement if that is possible there, and
 * returns where control goes then.
 */
export function beginThread(
  text: ThreadText,
  values: (type: Type) => readonly Value[],
  perform: (site: Site, locals: Map<number, Value>) => Begun | undefined,
): Beginning {
  let [target, locals] = [text.start, text.zeros]
  const done: string[] = []
  while (!isBarrier(text, values, target) && target !== 'end') {
    const site = siteAt(text, target.path)
    const hop = text.hops.get(target.path)
    if (site.statement.kind === 'reset') locals = reset(text, site.statement.locals, locals)
    if (hop !== undefined) {
      done.push(target.path)
      target = hop
    } else {
      const begun = isLocal(site.statement) && site.statement.kind !== 'assert' ? perform(site, locals) : undefined
      if (begun === undefined) break
      done.push(target.path, ...branchTo(target.path, begun.target))
      ;({ target, locals } = begun)
    }
  }
  return { ...settleControl(text, values, target, locals), done }
}

/** The branch of a statement in which control goes on, if it does. */
function branchTo(path: string, target: Target): readonly string[] {
  if (target === 'end' || !target.path.startsWith(`${path}.`)) return []
  const [arm = ''] = target.path.slice(path.length + 1).split(/[./]/)
  return [`${path}.${arm}`]
}

/**
 * The point where a thread stands before the first transition, and the paths of the statements, and of their branches,
 * on the path there.
 */
export interface Beginning extends Rest {
  readonly done: readonly string[]
}

/** The target of control after a statement that was done, and the locals then. */
export interface Begun {
  readonly target: Target
  readonly locals: Map<number, Value>
}

/** All control points that pure control can lead to, whatever a `forEach` has still to do. */
function pointsFrom(text: ThreadText, values: (type: Type) => readonly Value[], start: Target): readonly string[] {
  const seen = new globalThis.Set<string>()
  const points: string[] = []
  const visit = (target: Target): void => {
    if (target === 'end') {
      points.push('end')
      return
    }
    const key = `${target.path} ${target.again}`
    if (seen.has(key)) return
    seen.add(key)
    const site = siteAt(text, target.path)
    const { statement } = site
    const isEmpty = statement.kind === 'forEach' && values(statement.over).length === 0
    const next = statement.kind === 'forEach' && (target.again || isEmpty) ? site.next : text.hops.get(target.path)
    if (next === undefined || (statement.kind === 'forEach' && !isEmpty)) points.push(target.path)
    if (next !== undefined) visit(next)
  }
  visit(start)
  return points
}

/**
 * A transition that has done something ends here: at the end, at a back edge, before a jump, where the thread may rest
 * for ever, and at a `forEach` over nothing.
 */
export function isBarrier(text: ThreadText, values: (type: Type) => readonly Value[], target: Target): boolean {
  if (target === 'end' || target.again) return true
  const { statement } = siteAt(text, target.path)
  if (statement.kind === 'forEach') return values(statement.over).length === 0
  return statement.kind === 'goto' || statement.kind === 'continue' || (statement.kind === 'label' && statement.idle)
}

function loopPath(text: ThreadText, id: number): string {
  return text.loops.get(id) ?? illTyped('a loop', id)
}

function armsOf(branching: Extract<Statement, { kind: 'if' | 'match' }>): readonly Arm[] {
  if (branching.kind === 'if') return [branching.then, branching.otherwise]
  return [...Object.values(branching.arms), ...(branching.otherwise ? [branching.otherwise] : [])]
}

const locality = new WeakMap<Statement, boolean>()

/** Whether a statement touches nothing but its thread's own; only of the kinds for which it matters. */
export function isLocal(statement: Statement): boolean {
  const known = locality.get(statement) ?? touchesOnlyLocals(statement)
  locality.set(statement, known)
  return known
}

function touchesOnlyLocals(statement: Statement): boolean {
  return match(statement)
    .with(
      { kind: P.union('assign', 'insert', 'remove', 'push', 'discard') },
      ({ target, value }) => !readsShared(target) && !readsShared(value),
    )
    .with({ kind: 'pop' }, ({ target }) => !readsShared(target))
    .with(
      { kind: 'if' },
      ({ condition, then, otherwise }) => ![condition, ...bindsOf([then, otherwise])].some(readsShared),
    )
    .with({ kind: 'match' }, (branching) => ![branching.of, ...bindsOf(armsOf(branching))].some(readsShared))
    .with({ kind: 'assert' }, () => true)
    .otherwise(() => false)
}

const bindsOf = (arms: readonly Arm[]): readonly Expression[] =>
  arms.flatMap(({ binds }) => binds.map(({ value }) => value))

export function readsShared(expression: Expression): boolean {
  return match(expression)
    .with({ kind: 'shared' }, () => true)
    .with({ kind: P.union('literal', 'zero', 'all', 'local', 'self', 'current', 'bound', 'constant') }, () => false)
    .with(
      {
        kind: P.union('some', 'fill', 'field', 'isSome', 'value', 'isCase', 'payload', 'not', 'size', 'head', 'before'),
      },
      ({ of }) => readsShared(of),
    )
    .with({ kind: P.union('record', 'case') }, ({ fields }) => Object.values(fields).some(readsShared))
    .with({ kind: 'index' }, ({ of, index }) => readsShared(of) || readsShared(index))
    .with({ kind: 'binary' }, ({ left, right }) => readsShared(left) || readsShared(right))
    .with({ kind: 'conditional' }, ({ condition, then, otherwise }) => [condition, then, otherwise].some(readsShared))
    .with({ kind: 'quantified' }, ({ body }) => readsShared(body))
    .with({ kind: 'elements' }, ({ of, body }) => readsShared(of) || readsShared(body))
    .exhaustive()
}
