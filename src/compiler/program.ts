/**
 * Lowering: each thread becomes control points, and each control point a tree of code whose leaves lead to control
 * points.
 * A way from the root to a leaf is one transition; docs/semantics.md says which ways there are.
 */
import type { ConfiguredModel, Expression, Place, Statement, StatementOf, Thread, Type } from '../language/ast.ts'
import { armsOf, contains } from '../language/walk.ts'
import { withBlocks } from './blocks.ts'
import { changes, domainsOf } from './domains.ts'
import { countOf, internal, type Sizes } from './encoding.ts'
import { seesChoice } from './waiting.ts'

export type Effect =
  /** `resets`: the value is the zero of the local that is the target. */
  | { readonly op: 'assign'; readonly target: Place; readonly value: Expression; readonly resets?: true }
  | { readonly op: 'insert' | 'remove'; readonly target: Place; readonly value: Expression }
  | QueueEffect
  | { readonly op: 'assert'; readonly condition: Expression; readonly property: string; readonly always: boolean }
  | { readonly op: 'cover'; readonly condition: Expression; readonly property: string }
  /** Here a branch begins that is no transition of its own. `arm` numbers it for the list of those never taken. */
  | { readonly op: 'arm'; readonly arm: number }
  /** A test within a step that leads to no choice, guard or jump: both sides meet again. */
  | {
      readonly op: 'test'
      readonly condition: Expression
      readonly then: readonly Effect[]
      readonly otherwise: readonly Effect[]
    }

export type QueueEffect =
  | { readonly op: 'push' | 'discard'; readonly target: Place; readonly value: Expression }
  | { readonly op: 'pop'; readonly target: Place }

export type Blockers = NonNullable<StatementOf<'await'>['blockers']>

export type EffectOf<O extends Effect['op']> = Extract<Effect, { readonly op: O }>
export type CodeOf<O extends Code['op']> = Extract<Code, { readonly op: O }>

export type Code =
  | { readonly op: 'effect'; readonly effect: Effect; readonly next: Code }
  | { readonly op: 'guard'; readonly condition: Expression; readonly blockers?: Blockers; readonly next: Code }
  | { readonly op: 'branch'; readonly condition: Expression; readonly then: Code; readonly otherwise: Code }
  | { readonly op: 'either'; readonly branches: readonly Code[] }
  /** local := each value of `over`, its type, in turn for which `where` holds. */
  | {
      readonly op: 'choose'
      readonly local: number
      readonly over: Type
      readonly where?: Expression
      readonly next: Code
    }
  /** local := each element of `remaining` in turn, which leaves it. */
  | {
      readonly op: 'pick'
      readonly local: number
      readonly remaining: number
      readonly over: Type
      readonly next: Code
    }
  /**
   * Code that several ways come to: one object for all of them. `reads`: the locals that it reads before it writes
   * them, as soon as that is known.
   */
  | { readonly op: 'block'; readonly next: Code; readonly reads?: ReadonlySet<number> }
  /** The transition is complete. `edge` numbers it for the list of those never taken. */
  | { readonly op: 'goto'; readonly point: number; readonly edge: number }

/** The pieces of code that follow directly. */
export function codeBehind(code: Code): readonly Code[] {
  switch (code.op) {
    case 'goto':
      return []
    case 'branch':
      return [code.then, code.otherwise]
    case 'either':
      return code.branches
    case 'effect':
    case 'guard':
    case 'choose':
    case 'pick':
    case 'block':
      return [code.next]
  }
}

/** A kind of transition: what a user may want to know was never taken. */
export interface Edge {
  readonly path: string
  readonly statement: Statement | undefined
  readonly arm: string
}

export interface ControlPoint {
  /** The path of the statement that is next, or `end`. */
  readonly name: string
  /** What a thread may do there; nothing at the end. */
  readonly code: Code | undefined
  /** Whether a thread may rest there for ever. */
  readonly idle: boolean
}

export interface Program {
  /** Where a thread can be between transitions. A `goto` names one by its place in this list. */
  readonly points: readonly ControlPoint[]
  /** Where threads start; with the code that sets a `remaining` on the way. */
  readonly entry: Code
  readonly edges: readonly Edge[]
  /**
   * Branches with something in them that are no transitions of their own: those inside steps, and those of local
   * tests.
   */
  readonly arms: readonly Edge[]
  /**
   * Paths of the `choose` statements whose `where` is local, and that are transitions of their own nevertheless: what
   * follows sees the value.
   */
  readonly own: ReadonlySet<string>
}

/** Whether a branch reads only what is its thread's own. */
function isLocalTest(s: StatementOf<'if'> | StatementOf<'match'>): boolean {
  const tested = s.kind === 'if' ? s.condition : s.of
  return (
    isLocalExpression(tested) &&
    branchesOf(s).every((b) => (b.arm?.binds ?? []).every((x) => isLocalExpression(x.value)))
  )
}
/**
 * Whether a statement outside a step is no transition of its own, apart from what is in it, and may be done on one
 * way of several.
 */
function isLocalEffect(s: Statement): boolean {
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return isLocalExpression(s.target) && isLocalExpression(s.value)
    case 'pop':
      return isLocalExpression(s.target)
    case 'if':
    case 'match':
      return isLocalTest(s)
    case 'assert':
    case 'reset':
      return true
    case 'call':
      return !s.atomic
    default:
      return false
  }
}

/** A place in the text: the statement at `index` of `list`, or its end. */
interface Where {
  readonly list: readonly Statement[]
  readonly index: number
  readonly up: Up
}
type Up =
  | { readonly kind: 'thread' }
  | { readonly kind: 'block' | 'call' | 'loop' | 'forEach'; readonly statement: Statement; readonly after: Where }

const isLocalExpression = (e: Expression): boolean => !contains(e, (part) => part.kind === 'shared')

const fromLocal = (id: number): Expression => ({ kind: 'local', id })
const bindings = (arm: StatementOf<'if'>['then']): readonly Effect[] =>
  arm.binds.map(({ local, value }) => ({ op: 'assign', target: { kind: 'local', id: local }, value }))
const isCase = (of: Expression, tag: string): Expression => ({ kind: 'isCase', of, tag })

/** The arms of an `if` or `match` in order, the last one for all that is left. */
interface Branch {
  readonly condition?: Expression
  readonly arm: StatementOf<'if'>['then'] | undefined
  readonly name: string
}
function branchesOf(s: StatementOf<'if'> | StatementOf<'match'>): readonly Branch[] {
  if (s.kind === 'if')
    return [
      { condition: s.condition, arm: s.then, name: 'then' },
      { arm: s.otherwise, name: 'else' },
    ]
  const arms = Object.entries(s.arms).map(
    ([tag, arm]): Branch => ({ condition: isCase(s.of, tag), arm, name: `case-${tag}` }),
  )
  if (s.otherwise !== undefined) {
    const anything: Branch = {
      condition: { kind: 'binary', operator: '==', left: s.of, right: s.of },
      arm: s.otherwise,
      name: 'rest',
    }
    return [...(arms.length === 0 ? [anything] : arms), { arm: s.otherwise, name: 'rest' }]
  }
  const last = arms.at(-1) ?? internal('a match without arms')
  // of a single arm the test must stay: what it tests may fail
  return [...(arms.length === 1 ? arms : arms.slice(0, -1)), { arm: last.arm, name: last.name }]
}

/** @param copies as of `withBlocks` */
export function lowerThread(model: ConfiguredModel, thread: Thread, copies?: number): Program {
  const types = new Map(thread.locals.map((l) => [l.id, l.type]))
  const { isTotal, canFail } = domainsOf(model, thread)
  const fails = (s: Statement): boolean =>
    changes(s)
      ? canFail(s)
      : (s.kind === 'if' || s.kind === 'match') &&
        !(isTotal(s.kind === 'if' ? s.condition : s.of) && armsOf(s).every(({ binds }) => binds.length === 0))
  const typeOf = (id: number): Type => types.get(id) ?? internal(`no local ${id}`)
  return withBlocks(lower(model, thread.body, typeOf, fails), (choice) => copiesOf(choice.over, model.sizes), copies)
}

/** Choices among more values than this become a loop instead of one piece of code for each. */
export const unrollLimit = 24
const copiesOf = (type: Type, sizes: Sizes): number => {
  const n = countOf(type, sizes)
  return n <= unrollLimit ? Math.max(1, n) : 1
}

/** @param canFail whether a local statement may leave a domain */
function lower(
  model: ConfiguredModel,
  body: readonly Statement[],
  typeOf: (local: number) => Type,
  canFail: (s: Statement) => boolean,
): Program {
  const names: string[] = []
  const numbers = new Map<string, number>()
  const queue: Where[] = []
  const code: (Code | undefined)[] = []
  const edges: Edge[] = []
  const edgeNumbers = new Map<string, number>()
  const arms: Edge[] = []
  const armNumbers = new Map<string, number>()
  const labels = new Map<number, Where>()
  const loops = new Map<number, Where>()
  const idleLabels: Where[] = []
  const own = new Set<string>()

  const start: Where = { list: body, index: 0, up: { kind: 'thread' } }
  const scan = (w: Where): void => {
    w.list.forEach((s, index) => {
      const here: Where = { ...w, index }
      const after: Where = { ...w, index: index + 1 }
      const block = (list: readonly Statement[], kind: Exclude<Up['kind'], 'thread'> = 'block'): void =>
        scan({ list, index: 0, up: { kind, statement: s, after } })
      switch (s.kind) {
        case 'label':
          labels.set(s.id, here)
          if (s.idle) idleLabels.push(after)
          break
        case 'loop':
          loops.set(s.id, here)
          block(s.body, 'loop')
          break
        case 'forEach':
          block(s.body, 'forEach')
          break
        case 'call':
          if (!s.atomic) block(s.body, 'call')
          break
        case 'if':
          block(s.then.body)
          block(s.otherwise.body)
          break
        case 'match':
          for (const arm of Object.values(s.arms)) block(arm.body)
          if (s.otherwise !== undefined) block(s.otherwise.body)
          break
        case 'either':
          for (const b of s.branches) block(b)
          break
      }
    })
  }
  scan(start)

  const point = (name: string, w?: Where): number => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    const n = names.push(name) - 1
    numbers.set(name, n)
    code.push(undefined)
    if (w !== undefined) queue.push(w)
    return n
  }
  const edge = (statement: Statement | undefined, arm = ''): number => {
    const path = statement === undefined ? 'end' : statement.path + (arm === '' ? '' : `.${arm}`)
    const known = edgeNumbers.get(path)
    if (known !== undefined) return known
    const n = edges.push({ path, statement, arm }) - 1
    edgeNumbers.set(path, n)
    return n
  }
  /** What tells that a branch is taken, if there is anything in it. */
  const taking = (statement: Statement, arm: string, body: readonly Statement[]): readonly Effect[] => {
    if (body.length === 0) return []
    const path = `${statement.path}.${arm}`
    const n = armNumbers.get(path) ?? arms.push({ path, statement, arm }) - 1
    armNumbers.set(path, n)
    return [{ op: 'arm', arm: n }]
  }
  /** Of a branch before the first state: no transition tells that it is taken, the interpreter does. */
  const beginning = (...branch: Parameters<typeof taking>): readonly Effect[] => {
    taking(...branch)
    return []
  }
  const inner = (
    w: Where,
    statement: Statement,
    list: readonly Statement[],
    kind: Exclude<Up['kind'], 'thread'>,
  ): Where => ({ list, index: 0, up: { kind, statement, after: { ...w, index: w.index + 1 } } })
  const next = (w: Where): Where => ({ ...w, index: w.index + 1 })
  const iterations = (over: Type): boolean => {
    const n = over.kind === 'id' ? model.sizes[over.sort] : undefined
    return n !== 0
  }

  /** Leaves the innermost call, or the thread. */
  const leave = (w: Where): Where | undefined => {
    for (let up = w.up; up.kind !== 'thread'; up = up.after.up) if (up.kind === 'call') return up.after
    return undefined
  }
  /** Where pure control leads, from a place that was reached with nothing (more) to do. */
  const arrive = (w: Where | undefined, e: number): Code => {
    if (w === undefined) return { op: 'goto', point: point('end'), edge: e }
    const s = w.list[w.index]
    if (s === undefined) {
      const { up } = w
      switch (up.kind) {
        case 'thread':
          return arrive(undefined, e)
        case 'block':
        case 'call':
          return arrive(up.after, e)
        case 'loop':
          return up.statement.kind === 'loop' ? arrive({ ...w, index: 0 }, e) : internal('a loop that is none')
        case 'forEach': {
          const f = up.statement
          if (f.kind !== 'forEach') return internal('a forEach that is none')
          const head: Code = { op: 'goto', point: point(f.path, { ...up.after, index: up.after.index - 1 }), edge: e }
          const empty: Expression = {
            kind: 'binary',
            operator: '==',
            left: { kind: 'size', of: fromLocal(f.remaining) },
            right: { kind: 'literal', value: 0, type: { kind: 'int', low: 0, high: 0, overflow: 'error' } },
          }
          return { op: 'branch', condition: empty, then: arrive(up.after, e), otherwise: head }
        }
      }
    }
    switch (s.kind) {
      case 'call':
        return s.atomic ? rest(w, s, e) : arrive(inner(w, s, s.body, 'call'), e)
      case 'label':
        return arrive(next(w), e)
      case 'reset':
        return forget(s.locals, arrive(next(w), e))
      case 'goto':
        return arrive(labels.get(s.id) ?? internal('a goto to nowhere'), e)
      case 'loop':
        return arrive(inner(w, s, s.body, 'loop'), e)
      case 'break':
        return arrive(next(loops.get(s.loop) ?? internal('a break out of nothing')), e)
      case 'continue':
        return arrive(loops.get(s.loop) ?? internal('a continue of nothing'), e)
      case 'return':
        return arrive(leave(w), e)
      case 'forEach':
        if (!iterations(s.over)) return arrive(next(w), e)
        return { op: 'effect', effect: fillRemaining(s), next: rest(w, s, e) }
      default:
        return rest(w, s, e)
    }
  }
  const fillRemaining = (s: StatementOf<'forEach'>): Effect => ({
    op: 'assign',
    target: { kind: 'local', id: s.remaining },
    value: { kind: 'all', type: { kind: 'set', of: s.over } },
  })
  const rest = (w: Where, s: Statement, e: number): Code => ({ op: 'goto', point: point(s.path, w), edge: e })

  /** What can be done from here in one transition. `done` is the last statement done on the way, if anything was. */
  const run = (w: Where | undefined, done: Statement | undefined, arm = ''): Code => {
    const stop = (at: Where | undefined): Code => arrive(at, edge(done, arm))
    if (w === undefined) return done === undefined ? { op: 'either', branches: [] } : stop(w)
    const s = w.list[w.index]
    if (s === undefined) {
      const { up } = w
      switch (up.kind) {
        case 'thread':
          return run(undefined, done, arm)
        case 'block':
        case 'call':
          return run(up.after, done, arm)
        case 'loop':
        case 'forEach':
          return done === undefined ? internal('a round in which nothing was done') : stop(w)
      }
    }
    switch (s.kind) {
      case 'call':
        return s.atomic ? act(w, s) : run(inner(w, s, s.body, 'call'), done, arm)
      case 'label':
        return s.idle && done !== undefined ? stop(w) : run(next(w), done, arm)
      case 'loop':
        return run(inner(w, s, s.body, 'loop'), done, arm)
      case 'forEach':
        if (done === undefined) return act(w, s)
        return iterations(s.over) ? { op: 'effect', effect: fillRemaining(s), next: act(w, s) } : stop(w)
      case 'goto':
      case 'continue':
        return stop(w)
      case 'break':
        return run(next(loops.get(s.loop) ?? internal('a break out of nothing')), done, arm)
      case 'return':
        return run(leave(w), done, arm)
      case 'reset':
        return forget(s.locals, run(next(w), done, arm))
      default:
        return act(w, s)
    }
  }
  const acts = new Map<string, Code>()
  /** What a statement that does something comes to, whatever was done before: one code for all ways that lead to it. */
  const act = (w: Where, s: Statement): Code => {
    const code = acts.get(s.path) ?? actionOf(w, s)
    acts.set(s.path, code)
    return code
  }
  const actionOf = (w: Where, s: Statement): Code => {
    switch (s.kind) {
      case 'forEach':
        return {
          op: 'pick',
          local: s.local,
          remaining: s.remaining,
          over: s.over,
          next: run(inner(w, s, s.body, 'forEach'), s),
        }
      case 'call':
        return inside(
          s.body,
          w,
          () => arrive(next(w), edge(s)),
          (at) => arrive(at, edge(s)),
          () => arrive(next(w), edge(s)),
        )
      case 'either':
        return { op: 'either', branches: s.branches.map((b, n) => run(inner(w, s, b, 'block'), s, `or-${n}`)) }
      case 'assert':
        return {
          op: 'effect',
          effect: { op: 'assert', condition: s.condition, property: s.property, always: s.always },
          next: run(next(w), s),
        }
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard': {
        const effect = effectOf(s)
        return { op: 'effect', effect, next: isLocalEffect(s) ? run(next(w), s) : arrive(next(w), edge(s)) }
      }
      case 'if':
      case 'match': {
        const branches = branchesOf(s)
        const local = isLocalTest(s)
        // what only changes locals and goes on in one way is not written twice
        const simple = local && isNamedBehind(next(w)) ? effectsOf(s, isLocalEffect) : undefined
        if (simple !== undefined) return prefix(simple, run(next(w), s))
        const sides = branches.map((b): { readonly condition: Expression | undefined; readonly code: Code } => {
          const to = inner(w, s, b.arm?.body ?? [], 'block')
          return {
            condition: b.condition,
            code: prefix(
              b.arm === undefined ? [] : [...(local ? taking(s, b.name, b.arm.body) : []), ...bindings(b.arm)],
              local ? run(to, s, b.name) : arrive(to, edge(s, b.name)),
            ),
          }
        })
        return chain(sides)
      }
      case 'await':
        return {
          op: 'guard',
          condition: s.condition,
          ...(s.blockers === undefined ? {} : { blockers: s.blockers }),
          next: arrive(next(w), edge(s)),
        }
      case 'choose': {
        const on = s.own !== true && (s.where === undefined || isLocalExpression(s.where)) ? run(next(w), s) : undefined
        if (on !== undefined && seesChoice(on, s.local)) own.add(s.path)
        const code = on === undefined || own.has(s.path) ? arrive(next(w), edge(s)) : on
        return {
          op: 'choose',
          local: s.local,
          over: typeOf(s.local),
          ...(s.where === undefined ? {} : { where: s.where }),
          next: code,
        }
      }
      case 'step':
        return inside(
          s.body,
          w,
          () => arrive(next(w), edge(s)),
          (at) => arrive(at, edge(s)),
          () => arrive(leave(w), edge(s)),
        )
      case 'cover':
        return internal('a cover outside a step')
      case 'label':
      case 'loop':
      case 'goto':
      case 'continue':
      case 'break':
      case 'return':
      case 'reset':
        return internal(`${s.kind} does nothing`)
    }
  }
  /**
   * Whether something is done from here on before the transition can be complete: then it is named after that,
   * whatever was done before.
   */
  const isNamedBehind = (w: Where | undefined): boolean => {
    if (w === undefined) return false
    const s = w.list[w.index]
    if (s === undefined) return (w.up.kind === 'block' || w.up.kind === 'call') && isNamedBehind(w.up.after)
    switch (s.kind) {
      case 'label':
        return !s.idle && isNamedBehind(next(w))
      case 'loop':
        return isNamedBehind(inner(w, s, s.body, 'loop'))
      case 'forEach':
        return iterations(s.over)
      case 'goto':
      case 'continue':
        return false
      case 'break':
        return isNamedBehind(next(loops.get(s.loop) ?? internal('a break out of nothing')))
      case 'return':
        return isNamedBehind(leave(w))
      case 'reset':
        return isNamedBehind(next(w))
      case 'call':
        return s.atomic || isNamedBehind(inner(w, s, s.body, 'call'))
      default:
        return true
    }
  }
  const prefix = (effects: readonly Effect[], next: Code): Code =>
    effects.reduceRight<Code>((k, effect) => ({ op: 'effect', effect, next: k }), next)
  const chain = (sides: readonly { readonly condition: Expression | undefined; readonly code: Code }[]): Code =>
    sides.slice(0, -1).reduceRight<Code>(
      (otherwise, { condition, code: then }) => ({
        op: 'branch',
        condition: condition ?? internal('an arm without a test'),
        then,
        otherwise,
      }),
      sides.at(-1)?.code ?? internal('no arm'),
    )

  const forgetting = (locals: readonly number[]): readonly Effect[] =>
    locals.map((id) => ({
      op: 'assign',
      target: { kind: 'local', id },
      value: { kind: 'zero', type: typeOf(id) },
      resets: true,
    }))
  /** Zero of another type need not be the local's: that of 1..3 is 1. */
  const effectOf = (s: Parameters<typeof plainEffect>[0]): Effect => {
    const effect = plainEffect(s)
    const isReset =
      effect.op === 'assign' &&
      effect.target.kind === 'local' &&
      effect.value.kind === 'zero' &&
      JSON.stringify(effect.value.type) === JSON.stringify(typeOf(effect.target.id))
    return isReset ? { ...effect, resets: true } : effect
  }
  const forget = (locals: readonly number[], k: Code): Code => prefix(forgetting(locals), k)

  /** The inside of a step. `k` is what follows its end, `jump` where a goto leads, `back` what follows a return. */
  const inside = (
    list: readonly Statement[],
    w: Where,
    k: () => Code,
    jump: (to: Where) => Code,
    back: () => Code,
  ): Code => {
    const [s, ...others] = list
    if (s === undefined) return k()
    const following = once(() => inside(others, w, k, jump, back))
    switch (s.kind) {
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard':
      case 'assert':
      case 'cover':
        return { op: 'effect', effect: effectOf(s), next: following() }
      case 'await':
        return {
          op: 'guard',
          condition: s.condition,
          ...(s.blockers === undefined ? {} : { blockers: s.blockers }),
          next: following(),
        }
      case 'choose':
        return {
          op: 'choose',
          local: s.local,
          over: typeOf(s.local),
          ...(s.where === undefined ? {} : { where: s.where }),
          next: following(),
        }
      case 'step':
        return inside(s.body, w, following, jump, back)
      case 'call':
        return inside(s.body, w, following, jump, following)
      case 'either':
        return {
          op: 'either',
          branches: s.branches.map((b, n) => prefix(taking(s, `or-${n}`, b), inside(b, w, following, jump, back))),
        }
      case 'if':
      case 'match': {
        const simple = effectsOf(s, () => true)
        if (simple !== undefined) return prefix(simple, following())
        return chain(
          branchesOf(s).map(({ condition, arm, name }) => ({
            condition,
            code: prefix(
              arm === undefined ? [] : [...taking(s, name, arm.body), ...bindings(arm)],
              inside(arm?.body ?? [], w, following, jump, back),
            ),
          })),
        )
      }
      case 'forEach': {
        return unrolled(s).reduceRight(
          (on, head) => once(() => prefix(head, inside(s.body, w, on, jump, back))),
          following,
        )()
      }
      case 'goto':
        return jump(labels.get(s.id) ?? internal('a goto to nowhere'))
      case 'break':
        return jump(next(loops.get(s.loop) ?? internal('a break out of nothing')))
      case 'continue':
        return jump(loops.get(s.loop) ?? internal('a continue of nothing'))
      case 'return':
        return back()
      case 'reset':
        return forget(s.locals, following())
      case 'loop':
      case 'label':
        return internal(`a ${s.kind} inside a step`)
    }
  }
  /** What each round of a `forEach` inside a step sets first. */
  const unrolled = (s: StatementOf<'forEach'>): readonly (readonly Effect[])[] =>
    elements(model, s.over).map((value) => [{ op: 'assign', target: { kind: 'local', id: s.local }, value }])
  /** The statement as effects, if there is no choice, guard or jump in it, and nothing that is not `allowed`. */
  const effectsOf = (
    s: Statement,
    allowed: (s: Statement) => boolean,
    take = taking,
  ): readonly Effect[] | undefined => {
    const all = (list: readonly Statement[]): readonly Effect[] | undefined => {
      const each = list.map((one) => effectsOf(one, allowed, take))
      return each.every((x) => x !== undefined) ? each.flat() : undefined
    }
    if (!allowed(s)) return undefined
    switch (s.kind) {
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard':
      case 'assert':
      case 'cover':
        return [effectOf(s)]
      case 'step':
      case 'call':
        return all(s.body)
      case 'reset':
        return forgetting(s.locals)
      case 'if':
      case 'match': {
        const sides = branchesOf(s).map((b) => {
          const rest = all(b.arm?.body ?? [])
          return rest === undefined
            ? undefined
            : {
                condition: b.condition,
                effects: [
                  ...(b.arm === undefined ? [] : [...take(s, b.name, b.arm.body), ...bindings(b.arm)]),
                  ...rest,
                ],
              }
        })
        if (!sides.every((x) => x !== undefined)) return undefined
        return sides
          .slice(0, -1)
          .reduceRight<readonly Effect[]>(
            (otherwise, b) => [
              { op: 'test', condition: b.condition ?? internal('an arm without a test'), then: b.effects, otherwise },
            ],
            sides.at(-1)?.effects ?? [],
          )
      }
      case 'forEach': {
        const each = all(s.body)
        return each === undefined ? undefined : unrolled(s).flatMap((head) => [...head, ...each])
      }
      default:
        return undefined
    }
  }

  /**
   * What is done before the first state, and where that leads: whatever may fail is left for the first transition,
   * and may be.
   */
  const begin = (w: Where | undefined): Code => {
    if (w === undefined) return arrive(w, edge(undefined))
    const s = w.list[w.index]
    if (s === undefined)
      return w.up.kind === 'block' || w.up.kind === 'call' ? begin(w.up.after) : arrive(w, edge(undefined))
    switch (s.kind) {
      case 'label':
        if (!s.idle) return begin(next(w))
        break
      case 'loop':
        return begin(inner(w, s, s.body, 'loop'))
      case 'break':
        return begin(next(loops.get(s.loop) ?? internal('a break out of nothing')))
      case 'return':
        return begin(leave(w))
      case 'reset':
        return forget(s.locals, begin(next(w)))
      case 'call':
        if (!s.atomic) return begin(inner(w, s, s.body, 'call'))
        break
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard':
        if (isLocalEffect(s)) return orRest(w, s, { op: 'effect', effect: effectOf(s), next: begin(next(w)) })
        break
      case 'if':
      case 'match': {
        if (!isLocalTest(s)) break
        const simple = effectsOf(s, (one) => isLocalEffect(one) && one.kind !== 'assert' && !canFail(one), beginning)
        if (simple !== undefined) return prefix(simple, begin(next(w)))
        return orRest(
          w,
          s,
          chain(
            branchesOf(s).map(({ condition, arm, name }) => ({
              condition,
              code: prefix(
                arm === undefined ? [] : [...beginning(s, name, arm.body), ...bindings(arm)],
                begin(inner(w, s, arm?.body ?? [], 'block')),
              ),
            })),
          ),
        )
      }
    }
    return arrive(w, edge(undefined))
  }
  const orRest = (w: Where, s: Statement, code: Code): Code =>
    canFail(s) ? { op: 'either', branches: [rest(w, s, edge(undefined)), code] } : code

  const end = point('end')
  const entry = begin(start)
  const idle = new Set<number>([end])
  const leaves = (c: Code): readonly number[] => {
    switch (c.op) {
      case 'goto':
        return [c.point]
      case 'effect':
      case 'guard':
      case 'choose':
      case 'pick':
      case 'block':
        return leaves(c.next)
      case 'branch':
        return [...leaves(c.then), ...leaves(c.otherwise)]
      case 'either':
        return c.branches.flatMap(leaves)
    }
  }
  for (let w = queue.shift(); w !== undefined; w = queue.shift()) {
    const s = w.list[w.index]
    code[point(s?.path ?? 'end')] = run(w, undefined)
  }
  // an idle label that no thread can reach has no point; those found here are all reachable or harmless
  const known = names.length
  for (const w of idleLabels) for (const p of leaves(arrive(w, 0))) if (p < known) idle.add(p)
  const points = names.slice(0, known).map((name, n): ControlPoint => ({ name, code: code[n], idle: idle.has(n) }))
  return { points, entry, edges, arms, own }
}

/** Code that is made when it is asked for first, and is the same for all that ask. */
function once(make: () => Code): () => Code {
  let made: Code | undefined
  return () => (made ??= make())
}

/** The values of a type as expressions, in order. */
export function elements(model: ConfiguredModel, type: Type): readonly Expression[] {
  switch (type.kind) {
    case 'bool':
      return [false, true].map((value) => ({ kind: 'literal', value, type }))
    case 'int': {
      const low = Number(type.low)
      return Array.from({ length: Number(type.high) - low + 1 }, (_, i) => ({ kind: 'literal', value: low + i, type }))
    }
    case 'enum':
      return type.members.map((value) => ({ kind: 'literal', value, type }))
    case 'id':
      return Array.from({ length: model.sizes[type.sort] ?? 0 }, (_, value) => ({ kind: 'literal', value, type }))
    case 'optional':
      return [{ kind: 'zero', type }, ...elements(model, type.of).map((of): Expression => ({ kind: 'some', of, type }))]
    default:
      return internal(`a ${type.kind} cannot be run through`)
  }
}

function plainEffect(
  s: StatementOf<'assign' | 'insert' | 'remove' | 'push' | 'pop' | 'discard' | 'assert' | 'cover'>,
): Effect {
  switch (s.kind) {
    case 'assign':
      return { op: 'assign', target: s.target, value: s.value }
    case 'pop':
      return { op: 'pop', target: s.target }
    case 'assert':
      return { op: 'assert', condition: s.condition, property: s.property, always: s.always }
    case 'cover':
      return { op: 'cover', condition: s.condition, property: s.property }
    case 'insert':
    case 'remove':
      return { op: s.kind, target: s.target, value: s.value }
    case 'push':
    case 'discard':
      return { op: s.kind, target: s.target, value: s.value }
  }
}
