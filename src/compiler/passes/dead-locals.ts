/**
 * Resets locals that nobody will read again, so that states that differ only in them become one.
 * A pass over the AST: it puts `reset`s where a local dies, and both semantics run what it leaves. What an assertion
 * reads is live.
 *
 * The invariant it establishes: at every place of a thread outside a step, a local that is not live there is zero.
 */
import type { Arm, ConfiguredModel, Expression, Statement, StatementOf } from '../../language/ast.ts'
import { rootOf, visit } from '../../language/walk.ts'

type Live = ReadonlySet<number>
const none: Live = new Set()
/** The first set itself where the others add nothing: most do not. */
function union(first: Live, ...others: readonly Iterable<number>[]): Live {
  let all: Set<number> | undefined
  for (const other of others) for (const id of other) if (!(all ?? first).has(id)) (all ??= new Set(first)).add(id)
  return all ?? first
}
const unionOf = (sets: readonly Live[]): Live => union(none, ...sets)
function without(set: Live, ids: Iterable<number>): Live {
  let out: Set<number> | undefined
  for (const id of ids) if ((out ?? set).has(id)) (out ??= new Set(set)).delete(id)
  return out ?? set
}
const same = (a: Live, b: Live): boolean => a.size === b.size && [...a].every((x) => b.has(x))

/** The locals an expression reads. */
const reads: (e: Expression) => Live = remembered((e) => {
  const ids = new Set<number>()
  visit(e, (part) => {
    if (part.kind === 'local') ids.add(part.id)
  })
  return ids
})
function remembered<K extends object>(compute: (of: K) => Live): (of: K) => Live {
  const known = new WeakMap<K, Live>()
  return (of) => {
    const old = known.get(of)
    if (old !== undefined) return old
    const made = compute(of)
    known.set(of, made)
    return made
  }
}

/** Where control goes from inside: what is live there. */
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
  return {
    ...model,
    threads: model.threads.map((thread) =>
      thread.locals.length === 0 ? thread : { ...thread, body: settle(thread.body) },
    ),
  }
}

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
    const dead = exits.step === undefined && !leaves(s) ? without(union(done.live, writes(s)), live) : none
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
      return unionOf(s.body.map(writes))
    case 'forEach':
      return union(new Set([s.local]), ...s.body.map(writes))
    case 'if':
      return unionOf([s.then, s.otherwise].map(armWrites))
    case 'match':
      return unionOf([...Object.values(s.arms), ...(s.otherwise === undefined ? [] : [s.otherwise])].map(armWrites))
    case 'either':
      return unionOf(s.branches.flat().map(writes))
    default:
      return none
  }
}
const armWrites = (arm: Arm): Live => union(new Set(arm.binds.map((b) => b.local)), ...arm.body.map(writes))

function statement(s: Statement, after: Live, exits: Exits): Done {
  const plain = (live: Live): Done => ({ live, statements: [s] })
  const jump = (live: Live): Done => {
    const dead = exits.step === undefined ? none : without(exits.step, live)
    return { live, statements: dead.size === 0 ? [s] : [reset(s, 'reset', dead), s] }
  }
  switch (s.kind) {
    case 'assign': {
      const whole = s.target.kind === 'local'
      return plain(
        union(without(after, whole ? reads(s.target) : none), whole ? none : reads(s.target), reads(s.value)),
      )
    }
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return plain(union(after, reads(s.target), reads(s.value)))
    case 'pop':
      return plain(union(after, reads(s.target)))
    case 'await':
      return plain(union(after, reads(s.condition), s.blockers === undefined ? none : reads(s.blockers.condition)))
    case 'assert':
    case 'cover':
      return plain(union(after, reads(s.condition)))
    case 'choose':
      return plain(without(union(after, s.where === undefined ? none : reads(s.where)), [s.local]))
    case 'label':
      exits.labels.set(s.id, after)
      return plain(after)
    case 'goto':
      return jump(exits.labels.get(s.id) ?? none)
    case 'break':
      return jump(exits.loops.get(s.loop)?.after ?? none)
    case 'continue':
      return jump(exits.loops.get(s.loop)?.head ?? none)
    case 'return':
      return exits.step === undefined ? plain(exits.leave) : jump(exits.leave)
    case 'reset':
      return plain(without(after, s.locals))
    case 'step':
      return inStep(s, after, exits)
    case 'call': {
      if (s.atomic || exits.step !== undefined) return inStep(s, after, exits)
      const inner = block(s.body, after, { ...exits, leave: after })
      return { live: inner.live, statements: [{ ...s, body: inner.statements }] }
    }
    case 'if': {
      const then = arm(s.then, after, exits),
        otherwise = arm(s.otherwise, after, exits)
      const live = union(reads(s.condition), then.live, otherwise.live)
      return {
        live,
        statements: [
          { ...s, then: then.enter(s, 'then', live, exits), otherwise: otherwise.enter(s, 'else', live, exits) },
        ],
      }
    }
    case 'match': {
      const arms = Object.entries(s.arms).map(([tag, a]) => [tag, arm(a, after, exits)] as const)
      const rest = s.otherwise === undefined ? undefined : arm(s.otherwise, after, exits)
      const live = union(reads(s.of), ...arms.map(([, a]) => a.live), rest?.live ?? none)
      return {
        live,
        statements: [
          {
            ...s,
            arms: Object.fromEntries(arms.map(([tag, a]) => [tag, a.enter(s, `case-${tag}`, live, exits)])),
            ...(rest === undefined ? {} : { otherwise: rest.enter(s, 'rest', live, exits) }),
          },
        ],
      }
    }
    case 'either': {
      const branches = s.branches.map((b) => block(b, after, exits))
      const live = unionOf(branches.map((b) => b.live))
      return { live, statements: [{ ...s, branches: branches.map((b, n) => entered(s, `or-${n}`, live, b, exits)) }] }
    }
    case 'loop': {
      const head = exits.heads.get(s.path) ?? none
      const inner = block(s.body, head, { ...exits, loops: new Map(exits.loops).set(s.id, { head, after }) })
      const live = union(head, inner.live)
      exits.heads.set(s.path, live)
      return { live, statements: [{ ...s, body: inner.statements }] }
    }
    case 'forEach': {
      const head = union(exits.heads.get(s.path) ?? none, after, [s.remaining])
      const inner = block(s.body, head, exits)
      const live = union(head, without(inner.live, [s.local]))
      exits.heads.set(s.path, live)
      return {
        live: without(live, [s.remaining]),
        statements: [{ ...s, body: entered(s, 'body', union(live, [s.local]), inner, exits) }],
      }
    }
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
  const inner = run(union(first.live, writes(s)))
  return { live: inner.live, statements: [{ ...s, body: inner.statements }] }
}

/** What dies by entering a branch is reset at its beginning. */
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
  const live = a.binds.toReversed().reduce((l, b) => union(without(l, [b.local]), reads(b.value)), inner.live)
  return {
    live,
    enter: (s, suffix, before, e) => ({
      ...a,
      body: entered(
        s,
        suffix,
        union(
          before,
          a.binds.map((b) => b.local),
        ),
        inner,
        e,
      ),
    }),
  }
}
