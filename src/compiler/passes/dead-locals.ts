/**
 * Resets locals that will not be read again, so that states that differ only in them become one. A pass over the AST:
 * it puts `reset`s where a local dies, and both semantics run the result. A local that an assertion reads is live.
 *
 * The invariant it establishes: at every place of a thread outside a step, a local that is not live there is zero.
 */
import type { Arm, ConfiguredModel, ModelThread, Statement, StatementOf } from '../../language/ast.ts'
import { armsOf, rootOf } from '../../language/walk.ts'
import { localsRead } from '../liveness.ts'
import { remembered } from '../../language/remembered.ts'
import { isWithin, unionOf, without } from '../sets.ts'

type Live = ReadonlySet<number>
const none: Live = new Set()
const same = (a: Live, b: Live): boolean => a.size === b.size && isWithin(a, b)

/** The exits from inside: the locals that are live where control goes. */
interface Exits {
  /**
   * By label, and by the path of a loop or `forEach`: what is live at its head, as far as is known; grows until
   * nothing changes.
   */
  readonly labels: Map<number, Live>
  readonly heads: Map<string, Live>
  readonly loops: ReadonlyMap<number, { readonly head: Live; readonly after: Live }>
  readonly leave: Live
  /** Inside a step: what may hold a value there, to be forgotten at a jump out of it. */
  readonly step?: Live
}

export function resetDeadLocals(model: ConfiguredModel): ConfiguredModel {
  return { ...model, threads: model.threads.map(withResets) }
}

const withResets: (thread: ModelThread) => ModelThread = remembered((thread) =>
  thread.locals.length === 0 ? thread : { ...thread, body: settle(thread.body) },
)

function settle(body: readonly Statement[]): readonly Statement[] {
  const labels = new Map<number, Live>(),
    heads = new Map<string, Live>()
  const unchanged = <K>(before: ReadonlyMap<K, Live>, now: ReadonlyMap<K, Live>): boolean =>
    [...now].every(([key, live]) => {
      const old = before.get(key)
      return old !== undefined && same(old, live)
    })
  for (;;) {
    const before = { labels: new Map(labels), heads: new Map(heads) }
    const { statements } = block(body, none, { labels, heads, loops: new Map(), leave: none })
    if (unchanged(before.labels, labels) && unchanged(before.heads, heads)) return statements
  }
}

interface Done {
  readonly live: Live
  readonly statements: readonly Statement[]
}

/** Statements from the end to the beginning: what is live before them, and they with their resets. */
function block(list: readonly Statement[], after: Live, exits: Exits): Done {
  let live = after
  const statements: Statement[] = []
  for (const s of list.toReversed()) {
    const done = statement(s, live, exits)
    const dead = exits.step === undefined && !leaves(s) ? without(unionOf(done.live, writes(s)), live) : none
    if (dead.size > 0) statements.unshift(reset(s, 'reset', dead))
    statements.unshift(...done.statements)
    live = done.live
  }
  return { live, statements }
}
const reset = (s: Statement, suffix: string, locals: Live): StatementOf<'reset'> => ({
  kind: 'reset',
  locals: [...locals].sort((a, b) => a - b),
  path: `${s.path}.${suffix}`,
  at: s.at,
})

/** Control does not come out behind it. */
const leaves = (s: Statement): boolean =>
  s.kind === 'goto' || s.kind === 'break' || s.kind === 'continue' || s.kind === 'return'

/** The locals that a statement, or what is in it, may give a value. */
const writes: (s: Statement) => Live = remembered(allWrites)
function allWrites(s: Statement): Live {
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard': {
      const root = rootOf(s.target)
      return root.kind === 'local' ? new Set([root.id]) : none
    }
    case 'choose':
      return new Set([s.local])
    case 'step':
    case 'call':
    case 'loop':
      return unionOf(none, ...s.body.map(writes))
    case 'forEach':
      return unionOf(new Set([s.local]), ...s.body.map(writes))
    case 'if':
      return unionOf(none, ...armsOf(s).map(armWrites))
    case 'match':
      return unionOf(none, ...armsOf(s).map(armWrites))
    case 'either':
      return unionOf(none, ...s.branches.flat().map(writes))
    default:
      return none
  }
}
const armWrites = (arm: Arm): Live => unionOf(new Set(arm.binds.map((b) => b.local)), ...arm.body.map(writes))

function statement(s: Statement, after: Live, exits: Exits): Done {
  switch (s.kind) {
    case 'step':
      return inStep(s, after, exits)
    case 'call': {
      if (s.atomic || exits.step !== undefined) return inStep(s, after, exits)
      const inner = block(s.body, after, { ...exits, leave: after })
      return { live: inner.live, statements: [{ ...s, body: inner.statements }] }
    }
    case 'if':
    case 'match':
      return branching(s, after, exits)
    case 'either': {
      const branches = s.branches.map((b) => block(b, after, exits))
      const [first = none, ...others] = branches.map((b) => b.live)
      const live = unionOf(first, ...others)
      return { live, statements: [{ ...s, branches: branches.map((b, n) => entered(s, `or-${n}`, live, b, exits)) }] }
    }
    case 'loop':
    case 'forEach':
      return repeated(s, after, exits)
    case 'goto':
    case 'break':
    case 'continue':
    case 'return':
      return jump(s, exits)
    case 'label':
      exits.labels.set(s.id, after)
      return { live: after, statements: [s] }
    default:
      return { live: liveBefore(s, after), statements: [s] }
  }
}

type Plain = Exclude<
  Statement['kind'],
  'step' | 'call' | 'if' | 'match' | 'either' | 'loop' | 'forEach' | 'goto' | 'break' | 'continue' | 'return' | 'label'
>
/** The locals that are live before a statement that contains no others. */
function liveBefore(s: StatementOf<Plain>, after: Live): Live {
  switch (s.kind) {
    case 'assign':
      return s.target.kind === 'local'
        ? unionOf(without(after, [s.target.id]), localsRead(s.value))
        : unionOf(after, localsRead(s.target), localsRead(s.value))
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return unionOf(after, localsRead(s.target), localsRead(s.value))
    case 'pop':
      return unionOf(after, localsRead(s.target))
    case 'await':
      return unionOf(after, localsRead(s.condition), localsRead(s.blockers?.condition))
    case 'assert':
    case 'cover':
      return unionOf(after, localsRead(s.condition))
    case 'choose':
      return without(unionOf(after, localsRead(s.where)), [s.local])
    case 'reset':
      return without(after, s.locals)
  }
}

/** A jump. The locals that die by a jump out of a step are reset before it. */
function jump(s: StatementOf<'goto' | 'break' | 'continue' | 'return'>, exits: Exits): Done {
  const live = liveAtTarget(s, exits)
  const dead = exits.step === undefined ? none : without(exits.step, live)
  return { live, statements: dead.size === 0 ? [s] : [reset(s, 'reset', dead), s] }
}
function liveAtTarget(s: StatementOf<'goto' | 'break' | 'continue' | 'return'>, exits: Exits): Live {
  switch (s.kind) {
    case 'goto':
      return exits.labels.get(s.id) ?? none
    case 'break':
      return exits.loops.get(s.loop)?.after ?? none
    case 'continue':
      return exits.loops.get(s.loop)?.head ?? none
    case 'return':
      return exits.leave
  }
}

function branching(s: StatementOf<'if' | 'match'>, after: Live, exits: Exits): Done {
  if (s.kind === 'if') {
    const then = arm(s.then, after, exits),
      otherwise = arm(s.otherwise, after, exits)
    const live = unionOf(then.live, otherwise.live, localsRead(s.condition))
    const entering = { then: then.enter(s, 'then', live, exits), otherwise: otherwise.enter(s, 'else', live, exits) }
    return { live, statements: [{ ...s, ...entering }] }
  }
  const arms = Object.entries(s.arms).map(([tag, a]) => [tag, arm(a, after, exits)] as const)
  const rest = s.otherwise === undefined ? undefined : arm(s.otherwise, after, exits)
  const live = unionOf(rest?.live ?? none, ...arms.map(([, a]) => a.live), localsRead(s.of))
  const entering = {
    arms: Object.fromEntries(arms.map(([tag, a]) => [tag, a.enter(s, `case-${tag}`, live, exits)])),
    ...(rest === undefined ? {} : { otherwise: rest.enter(s, 'rest', live, exits) }),
  }
  return { live, statements: [{ ...s, ...entering }] }
}

function repeated(s: StatementOf<'loop' | 'forEach'>, after: Live, exits: Exits): Done {
  const known = exits.heads.get(s.path) ?? none
  if (s.kind === 'loop') {
    const inner = block(s.body, known, { ...exits, loops: new Map(exits.loops).set(s.id, { head: known, after }) })
    const live = unionOf(known, inner.live)
    exits.heads.set(s.path, live)
    return { live, statements: [{ ...s, body: inner.statements }] }
  }
  const head = unionOf(known, after, [s.remaining])
  const inner = block(s.body, head, exits)
  const live = unionOf(head, without(inner.live, [s.local]))
  exits.heads.set(s.path, live)
  return {
    live: without(live, [s.remaining]),
    statements: [{ ...s, body: entered(s, 'body', unionOf(live, [s.local]), inner, exits) }],
  }
}

/**
 * A step is one transition: nothing is reset inside but before a jump out of it; what dies in it is reset behind it.
 */
function inStep(s: StatementOf<'step'> | StatementOf<'call'>, after: Live, exits: Exits): Done {
  const leave = s.kind === 'call' ? after : exits.leave
  // what a return that stays inside the step leads to is reached without a jump out of it
  const run = (step: Live): Done => block(s.body, after, { ...exits, leave, step })
  if (exits.step !== undefined) {
    const inner = run(exits.step)
    return { live: inner.live, statements: [{ ...s, body: inner.statements }] }
  }
  const first = run(none)
  const inner = run(unionOf(first.live, writes(s)))
  return { live: inner.live, statements: [{ ...s, body: inner.statements }] }
}

/** Resets, at the beginning of a branch, the locals that die by entering it. */
function entered(s: Statement, suffix: string, before: Live, inner: Done, exits: Exits): readonly Statement[] {
  const dead = exits.step === undefined ? without(before, inner.live) : none
  return dead.size === 0 ? inner.statements : [reset(s, `${suffix}.reset`, dead), ...inner.statements]
}

function arm(
  a: Arm,
  after: Live,
  exits: Exits,
): { readonly live: Live; enter(s: Statement, suffix: string, before: Live, exits: Exits): Arm } {
  const inner = block(a.body, after, exits)
  const live = a.binds.toReversed().reduce((l, b) => unionOf(without(l, [b.local]), localsRead(b.value)), inner.live)
  return {
    live,
    enter: (s, suffix, before, e) => ({
      ...a,
      body: entered(
        s,
        suffix,
        unionOf(
          before,
          a.binds.map((b) => b.local),
        ),
        inner,
        e,
      ),
    }),
  }
}
