/** Code of the control points: each way through it writes one packed successor. */
import type { ConfiguredModel, Expression, Property, Type } from '../language/ast.ts'
import { domainClaim, type Claim } from '../language/claims.ts'
import { bitsOf, codesOf, internal, lowOf, number, ordinalCount, partNamed, partsOf } from './encoding.ts'
import { expressions, type Expressions, type Scope } from './expression.ts'
import type { Layout } from './layout.ts'
import { variablesWritten } from './blocks.ts'
import type { Continuations } from './continuation.ts'
import { unrollLimit, type Code, type Effect, type Program, type QueueEffect } from './program.ts'
import { fork, stateWriter, untouched, type Location, type State, type StateWriter } from './state.ts'
import { coded, composed, fitted, placed, type Fitted, type Numeric } from './value.ts'
import type { Bytes, Func, Target } from '../wasm/assembler.ts'
import {
  and,
  binary,
  bit,
  check,
  choose,
  get,
  i32,
  i64,
  isNo,
  isYes,
  load,
  not,
  or,
  unary,
  type W,
} from '../wasm/expression.ts'

/** How failures, transitions taken and properties of transitions are told to the rest of the module. */
export interface Observer {
  /** The number in the table of violations; -1 if nobody asks. `covers`: of the `cover`s of a property. */
  watch(claim: Claim): number
  covers(property: string): number
  /** The transition fails. */
  fail(f: Func, property: number, successor: W): void
  /** The transition that is being written to `successor` violates or witnesses the property, if `condition`. */
  found(f: Func, property: number, condition: W, successor: W): void
  /** Has a violation or witness been found already? */
  settled(property: number): W
  /** The transition that is being written to `successor` is one of an instance, by this edge of its thread. */
  take(f: Func, instance: number, edge: number, successor: W): void
  /** A transition of an instance by this edge was tried and fails: it is not one that never happens. */
  tried(f: Func, instance: number, edge: number): void
  /** A transition of an instance goes through this branch of its thread. */
  arm(f: Func, instance: number, arm: number): void
  /** An instance comes to a control point by the transition that has been written to `successor`. */
  rest(f: Func, instance: number, point: number, successor: W): void
  /** Address of a word that says whether a state that does not change what the property reads breaks it. */
  stutterAddress(property: number): number
  /** How many transitions of the state have failed. */
  fails(): W
}

/** The shared variables an expression reads. */
export function variablesOf(e: Expression): ReadonlySet<string> {
  const known = variables.get(e)
  if (known !== undefined) return known
  const found = new Set<string>()
  const walk = (x: unknown): void => {
    if (typeof x !== 'object' || x === null) return
    if ('kind' in x && x.kind === 'shared' && 'name' in x) found.add(String(x.name))
    for (const y of Object.values(x)) walk(y)
  }
  walk(e)
  variables.set(e, found)
  return found
}
const variables = new WeakMap<Expression, ReadonlySet<string>>()

/** Of blocks, which belong to one model alone. */
const fanOuts = new WeakMap<Code, number>()
/** The most successors that one state can have through this code. */
export function fanOut(model: ConfiguredModel, types: ReadonlyMap<number, Type>, code: Code | undefined): number {
  if (code === undefined) return 0
  switch (code.op) {
    case 'effect':
    case 'guard':
      return fanOut(model, types, code.next)
    case 'block': {
      const known = fanOuts.get(code) ?? fanOut(model, types, code.next)
      fanOuts.set(code, known)
      return known
    }
    case 'branch':
      return Math.max(fanOut(model, types, code.then), fanOut(model, types, code.otherwise))
    case 'either':
      return code.branches.reduce((sum, b) => sum + fanOut(model, types, b), 0)
    case 'choose':
      return (
        (ordinalCount(types.get(code.local) ?? internal('no such local'), model.sizes) ?? 1) *
        fanOut(model, types, code.next)
      )
    case 'pick':
      return (ordinalCount(code.over, model.sizes) ?? 1) * fanOut(model, types, code.next)
    case 'goto':
      return 1
  }
}

/** What compiles one function over a state. */
interface Writer {
  readonly f: Func
  readonly states: StateWriter
  readonly expr: Expressions
}
export function writer(f: Func, model: ConfiguredModel, layout: Layout): Writer {
  const states = stateWriter(f, model.sizes)
  return { f, states, expr: expressions(model, layout, states) }
}
/** The state at an address, its words in locals. */
export function stateIn(f: Func, { words, passing }: Layout, address: W): State {
  const stored = Array.from({ length: words }, (_, i) => {
    const local = f.local('i64')
    f.set(local, load(64, address, 8 * i))
    return untouched(get(local, 'i64'))
  })
  return { words: [...stored, ...Array.from({ length: passing }, () => untouched(i64(0)))], facts: [], covers: [] }
}

/** What was done on the way to a place in the code: the variables written, the branches gone through. */
interface Way {
  readonly written: ReadonlySet<string>
  readonly arms: readonly number[]
}

const aheadOf = new WeakMap<Code, ReadonlySet<number>>()
/** The edges by which transitions through this code can end. */
function edgesOf(code: Code): ReadonlySet<number> {
  const known = aheadOf.get(code)
  if (known !== undefined) return known
  const next =
    code.op === 'goto'
      ? []
      : code.op === 'branch'
        ? [code.then, code.otherwise]
        : code.op === 'either'
          ? code.branches
          : [code.next]
  const [only] = next
  const edges =
    code.op === 'goto'
      ? new Set([code.edge])
      : next.length === 1 && only !== undefined
        ? edgesOf(only)
        : new Set(next.flatMap((one) => [...edgesOf(one)]))
  aheadOf.set(code, edges)
  return edges
}

/** Where code is begun: at a control point, or in a block. */
export interface Begin {
  /** The state in which the transition began. */
  readonly before: State
  /** The state as it is now, and the variables written since. */
  readonly state: State
  readonly written: ReadonlySet<string>
}

/** Writes code from a control point or block on: from the state there to successors from `successor` (a local) on. */
export function writePoint(
  w: Writer,
  model: ConfiguredModel,
  layout: Layout,
  program: Program,
  instance: number,
  code: Code,
  begin: Begin,
  successor: number,
  observer: Observer,
  transitions: readonly Property[],
  blocks: Continuations,
): void {
  const { before } = begin
  const { f, states, expr } = w
  const here = get(successor, 'i32')
  const { thread } = model.instances[instance] ?? internal('no such instance')
  const localType = (id: number): Type =>
    model.threads[thread]?.locals.find((l) => l.id === id)?.type ?? internal(`no local ${id}`)
  /**
   * What stands behind the effect or condition that is being written, and the branches on the way there: what was
   * tried if it fails.
   */
  let at: { readonly arms: readonly number[]; readonly ahead: ReadonlySet<number> } = { arms: [], ahead: new Set() }
  const effects = effectWriter(
    w,
    model,
    {
      ...observer,
      fail(_, property, successor) {
        for (const arm of at.arms) observer.arm(f, instance, arm)
        for (const edge of at.ahead) if (program.edges[edge] !== undefined) observer.tried(f, instance, edge)
        observer.fail(f, property, successor)
      },
    },
    here,
    instance,
  )
  const scopeOf = (state: State): Scope => ({ instance, state, bound: new Map() })

  const leaf = (code: Extract<Code, { op: 'goto' }>, state: State, way: Way, out: Target): void => {
    const slot = layout.points[instance] ?? internal('no control point')
    if (program.edges[code.edge] !== undefined) observer.take(f, instance, code.edge, here)
    for (const arm of way.arms) observer.arm(f, instance, arm)
    states.write(state, states.locate(slot), i64(code.point))
    for (const p of transitions) {
      const n = observer.watch(p)
      if (n < 0 || p.condition === undefined) continue
      const touched = [...variablesOf(p.condition)].some((v) => way.written.has(v))
      if (!touched) {
        observer.found(f, n, load(32, i32(0), observer.stutterAddress(n)), here)
        continue
      }
      f.if(
        observer.settled(n),
        () => undefined,
        () => {
          const bad = expr.truth(p.condition ?? internal('no condition'), {
            state: fork(state),
            before: fork(before),
            bound: new Map(),
            instance: undefined,
          })
          observer.found(f, n, breaks(f, bad), here)
        },
      )
    }
    for (const c of state.covers) {
      const n = observer.covers(c.property)
      if (n >= 0) observer.found(f, n, c.seen, here)
    }
    for (let i = 0; i < layout.words; i++) f.store(64, here, 8 * i, states.word(state, i))
    observer.rest(f, instance, code.point, here)
    f.set(successor, binary('add32', here, i32(8 * layout.words)))
    void out
  }

  /** Goes on in a block. The branches on the way there are taken, or tried, if it comes to a transition, or fails. */
  const goOn = (called: W, arms: readonly number[]): void => {
    if (arms.length === 0) {
      f.set(successor, called)
      return
    }
    const old = f.local('i32'),
      failed = f.local('i32')
    f.set(old, here)
    f.set(failed, observer.fails())
    f.set(successor, called)
    f.if(or(binary('ne32', here, get(old, 'i32')), binary('ne32', observer.fails(), get(failed, 'i32'))), () => {
      for (const arm of arms) observer.arm(f, instance, arm)
    })
  }

  const go = (code: Code, state: State, way: Way, out: Target): void => {
    at = { arms: way.arms, ahead: edgesOf(code) }
    switch (code.op) {
      case 'block': {
        const called = blocks.go(code, states, state)
        if (called === undefined) go(code.next, state, way, out)
        else goOn(called, way.arms)
        return
      }
      case 'goto':
        leaf(code, state, way, out)
        return
      case 'effect': {
        // told once there is a transition: a guard may come
        if (code.effect.op === 'arm') {
          go(code.next, state, { ...way, arms: [...way.arms, code.effect.arm] }, out)
          return
        }
        effects.perform(code.effect, state, scopeOf(state), out)
        go(code.next, state, { ...way, written: new Set([...way.written, ...variablesWritten(code.effect)]) }, out)
        return
      }
      case 'guard': {
        const condition = effects.condition(code.condition, state, scopeOf(state), out)
        if (isNo(condition)) return
        learn(state, expr.learn(code.condition, true))
        if (isYes(condition)) go(code.next, state, way, out)
        else
          f.if(condition, () => {
            go(code.next, state, way, out)
          })
        return
      }
      case 'branch': {
        const condition = effects.condition(code.condition, state, scopeOf(state), out)
        const side = (next: Code, outcome: boolean, s: State): void => {
          learn(s, expr.learn(code.condition, outcome))
          go(next, s, way, out)
        }
        if (isYes(condition)) side(code.then, true, state)
        else if (isNo(condition)) side(code.otherwise, false, state)
        else
          f.if(
            condition,
            () => {
              side(code.then, true, fork(state))
            },
            () => {
              side(code.otherwise, false, fork(state))
            },
          )
        return
      }
      case 'either':
        for (const b of code.branches)
          f.block((end) => {
            go(b, fork(state), way, end)
          })
        return
      case 'choose': {
        const type = localType(code.local)
        const at = expr.place({ kind: 'local', id: code.local }, scopeOf(state))
        const candidate = (value: W): void => {
          f.block((end) => {
            const s = fork(state)
            s.facts = withoutLocal(s.facts, code.local)
            effects.store(s, at, fitted(coded(type, value)))
            const where = code.where === undefined ? i32(1) : effects.condition(code.where, s, scopeOf(s), end)
            if (isNo(where)) return
            if (isYes(where)) go(code.next, s, way, end)
            else
              f.if(where, () => {
                go(code.next, s, way, end)
              })
          })
        }
        const codes = codesOf(type, model.sizes)
        if (codes.length <= unrollLimit) {
          for (const c of codes) candidate(i64(c))
          return
        }
        const i = f.local('i64')
        f.set(i, i64(0))
        f.loop((again) => {
          candidate(get(i, 'i64'))
          f.set(i, binary('add64', get(i, 'i64'), i64(1)))
          f.brIf(again, binary('lt64s', get(i, 'i64'), i64(codes.length)))
        })
        return
      }
      case 'pick': {
        const remaining = expr.place({ kind: 'local', id: code.remaining }, scopeOf(state))
        const at = expr.place({ kind: 'local', id: code.local }, scopeOf(state))
        const set = states.keep(states.read(state, remaining), true)
        for (const c of codesOf(code.over, model.sizes)) {
          f.if(bit(set, i64(c)), () => {
            f.block((end) => {
              const s = fork(state)
              s.facts = withoutLocal(s.facts, code.local)
              effects.store(s, at, fitted(coded(code.over, i64(c))))
              states.write(s, remaining, binary('and64', set, i64(~(1n << c))))
              go(code.next, s, way, end)
            })
          })
        }
        return
      }
    }
  }
  const learn = (state: State, facts: readonly string[]): void => {
    state.facts = [...state.facts, ...facts]
  }
  f.block((out) => {
    go(code, fork(begin.state), { written: begin.written, arms: [] }, out)
  })
}

/**
 * Leaves in the result whether the thread, which has no possibility in this state, waits at every acquisition it has
 * met for some thread of the set `stuck` (a mask in a local). Of a block: bit 0 whether it has met any, bit 1 whether
 * it waits at all of them.
 */
export function writeWaiting(
  w: Writer,
  model: ConfiguredModel,
  layout: Layout,
  instance: number,
  code: Code,
  before: State,
  stuck: number,
  observer: Observer,
  blocks: Continuations,
  inBlock: boolean,
): void {
  const { f, states, expr } = w
  const { thread } = model.instances[instance] ?? internal('no such instance')
  const localType = (id: number): Type =>
    model.threads[thread]?.locals.find((l) => l.id === id)?.type ?? internal(`no local ${id}`)
  const effects = effectWriter(
    w,
    model,
    { ...observer, watch: () => -1, covers: () => -1, fail: () => undefined, arm: () => undefined },
    i32(0),
    instance,
  )
  const met = f.local('i32'),
    waits = f.local('i32')
  f.set(met, i32(0))
  f.set(waits, i32(1))
  const scopeOf = (state: State): Scope => ({ instance, state, bound: new Map() })
  const go = (c: Code, state: State, out: Target): void => {
    switch (c.op) {
      case 'goto':
        f.set(waits, i32(0))
        return
      case 'block': {
        const called = blocks.go(c, states, state)
        if (called === undefined) {
          go(c.next, state, out)
          return
        }
        const both = f.local('i32')
        f.set(both, called)
        f.set(met, binary('or32', get(met, 'i32'), binary('and32', get(both, 'i32'), i32(1))))
        f.set(waits, binary('and32', get(waits, 'i32'), binary('shr32', get(both, 'i32'), i32(1))))
        return
      }
      case 'effect':
        effects.perform(c.effect, state, scopeOf(state), out)
        go(c.next, state, out)
        return
      case 'branch': {
        const condition = effects.condition(c.condition, state, scopeOf(state), out)
        f.if(
          condition,
          () => {
            go(c.then, fork(state), out)
          },
          () => {
            go(c.otherwise, fork(state), out)
          },
        )
        return
      }
      case 'either':
        for (const b of c.branches)
          f.block((end) => {
            go(b, fork(state), end)
          })
        return
      case 'guard': {
        const condition = effects.condition(c.condition, state, scopeOf(state), out)
        const { blockers } = c
        f.if(
          condition,
          () => {
            go(c.next, fork(state), out)
          },
          () => {
            f.set(met, i32(1))
            if (blockers === undefined) {
              f.set(waits, i32(0))
              return
            }
            let any: W = i32(0)
            model.instances.forEach((_, i) => {
              const truth = expr.truth(blockers.condition, {
                ...scopeOf(state),
                bound: new Map([[blockers.bound, coded({ kind: 'id', sort: 'Thread' }, i64(i))]]),
              })
              if (isNo(truth)) return
              any = states.keep(or(any, and(bit(get(stuck, 'i64'), i64(i)), succeeded(f, truth))), true)
            })
            f.set(waits, and(get(waits, 'i32'), any))
          },
        )
        return
      }
      case 'choose': {
        const type = localType(c.local)
        const at = expr.place({ kind: 'local', id: c.local }, scopeOf(state))
        for (const value of codesOf(type, model.sizes)) {
          f.block((end) => {
            const s = fork(state)
            s.facts = withoutLocal(s.facts, c.local)
            effects.store(s, at, fitted(coded(type, i64(value))))
            const where = c.where === undefined ? i32(1) : effects.condition(c.where, s, scopeOf(s), end)
            f.if(where, () => {
              go(c.next, s, end)
            })
          })
        }
        return
      }
      case 'pick': {
        const remaining = expr.place({ kind: 'local', id: c.remaining }, scopeOf(state))
        const at = expr.place({ kind: 'local', id: c.local }, scopeOf(state))
        const set = states.keep(states.read(state, remaining), true)
        for (const value of codesOf(c.over, model.sizes)) {
          f.if(bit(set, i64(value)), () => {
            f.block((end) => {
              const s = fork(state)
              s.facts = withoutLocal(s.facts, c.local)
              effects.store(s, at, fitted(coded(c.over, i64(value))))
              states.write(s, remaining, binary('and64', set, i64(~(1n << value))))
              go(c.next, s, end)
            })
          })
        }
      }
    }
  }
  f.block((out) => {
    go(code, fork(before), out)
  })
  // a block says both
  f.result(
    inBlock
      ? binary('or32', get(met, 'i32'), binary('mul32', get(waits, 'i32'), i32(2)))
      : and(get(met, 'i32'), get(waits, 'i32')),
  )
}

const acquisitions = new WeakMap<Code, boolean>()
/** Is there an acquisition in the code? */
export function acquires(code: Code | undefined): boolean {
  if (code === undefined) return false
  switch (code.op) {
    case 'block': {
      const known = acquisitions.get(code) ?? acquires(code.next)
      acquisitions.set(code, known)
      return known
    }
    case 'guard':
      return code.blockers !== undefined || acquires(code.next)
    case 'effect':
    case 'choose':
    case 'pick':
      return acquires(code.next)
    case 'branch':
      return acquires(code.then) || acquires(code.otherwise)
    case 'either':
      return code.branches.some(acquires)
    case 'goto':
      return false
  }
}

/** A truth value that may have raised the flag: true if it did or is false. Resets the flag. */
function failed(f: Func, truth: W): W {
  const t = f.local('i32')
  f.set(t, truth)
  f.set(t, or(get(f.error, 'i32'), unary('eqz32', get(t, 'i32'))))
  f.set(f.error, i32(0))
  return get(t, 'i32')
}
/** The other way round, for `sometimes`: true if it is true and raised no flag. */
export function succeeded(f: Func, truth: W): W {
  if (!truth.partial) return truth
  const bad = failed(f, truth)
  return not(bad)
}
export const breaks = (f: Func, truth: W): W => (truth.partial ? failed(f, truth) : not(truth))

const withoutLocal = (facts: readonly string[], id: number): readonly string[] =>
  facts.filter((x) => !x.includes(`{"id":${id},"kind":"local"}`))
const withoutShared = (facts: readonly string[]): readonly string[] =>
  facts.filter((x) => !x.includes('"kind":"shared"'))

interface EffectWriter {
  perform(effect: Effect, state: State, scope: Scope, out: Target): void
  /** A condition of the transition itself: a domain error in it makes the transition fail. */
  condition(e: Expression, state: State, scope: Scope, out: Target): W
  /** Puts a value of the place's type there. */
  store(state: State, at: Location, value: Fitted): void
}

function effectWriter(
  { f, states, expr }: Writer,
  model: ConfiguredModel,
  observer: Observer,
  here: W,
  instance: number,
): EffectWriter {
  const { sizes } = model
  const small = (type: Type): boolean => bitsOf(type, sizes) <= 64
  const fail = (property: number, out: Target): void => {
    observer.fail(f, property, here)
    f.br(out)
  }
  const failOnError = (out: Target): void => {
    f.if(get(f.error, 'i32'), () => {
      f.set(f.error, i32(0))
      fail(observer.watch(domainClaim), out)
    })
  }
  const store = (state: State, at: Location, value: Fitted): void => {
    if (lowOf(value.type) !== lowOf(at.type)) internal('a value that was brought to another type than its place has')
    if (small(at.type)) {
      states.write(state, at, expr.code(value))
      return
    }
    for (const p of partsOf(at.type, sizes)) store(state, states.part(at, p.key), expr.partOf(value, p.key))
  }
  /** Evaluates all of a value now; says whether the flag may have been raised. */
  const settle = (v: Fitted): { readonly value: Fitted; readonly partial: boolean } => {
    if (small(v.type)) {
      const code = expr.code(v)
      return { value: fitted(coded(v.type, states.keep(code, code.partial))), partial: code.partial }
    }
    const parts = partsOf(v.type, sizes).map((p) => [p.key, settle(expr.partOf(v, p.key))] as const)
    const found = new Map(parts)
    return {
      value: fitted(composed(v.type, (k) => found.get(k)?.value ?? internal('no part'))),
      partial: parts.some(([, p]) => p.partial),
    }
  }
  const settleNumber = (v: Numeric): { readonly value: Numeric; readonly partial: boolean } => ({
    value: { ...v, number: states.keep(v.number, v.number.partial) },
    partial: v.number.partial,
  })
  const condition = (e: Expression, state: State, scope: Scope, out: Target): W => {
    const truth = expr.truth(e, scope)
    if (!truth.partial) return truth
    const kept = states.keep(truth, true)
    failOnError(out)
    return kept
  }
  const target = (e: Expression, scope: Scope, out: Target): Location => {
    const { raised } = states
    const at = expr.place(e, scope)
    if (states.raised !== raised) failOnError(out)
    return at
  }

  const perform = (effect: Effect, state: State, scope: Scope, out: Target): void => {
    const write = (at: Location, v: Fitted): void => {
      store(state, at, v)
      forget(state, effect)
    }
    switch (effect.op) {
      case 'assign': {
        const at = target(effect.target, scope, out)
        const { value, partial } = settle(expr.fit(expr.value(effect.value, scope), at.type))
        if (partial) failOnError(out)
        write(at, value)
        return
      }
      case 'insert':
      case 'remove': {
        const at = target(effect.target, scope, out)
        if (at.type.kind !== 'set') return internal('an insertion into no set')
        const old = (): W => states.read(state, at)
        if (effect.op === 'insert') {
          const { value, partial } = settle(expr.fit(expr.value(effect.value, scope), at.type.of))
          if (partial) failOnError(out)
          write(at, fitted(coded(at.type, binary('or64', old(), binary('shl64', i64(1), expr.code(value))))))
          return
        }
        const { inside, code } = expr.element(expr.value(effect.value, scope), at.type.of)
        const element = states.keep(
          choose(inside, binary('shl64', i64(1), code), i64(0)),
          code.partial || inside.partial,
        )
        if (code.partial || inside.partial) failOnError(out)
        write(at, fitted(coded(at.type, binary('and64', old(), binary('xor64', element, i64(-1n))))))
        return
      }
      case 'push':
      case 'pop':
      case 'discard':
        queue(effect, state, scope, out)
        forget(state, effect)
        return
      case 'assert': {
        const n = observer.watch({ kind: effect.always ? 'misuse' : 'assertion', name: effect.property })
        if (n < 0) return
        if (!effect.always) {
          // it is seen, and ends nothing
          f.if(
            observer.settled(n),
            () => undefined,
            () => {
              observer.found(f, n, breaks(f, expr.truth(effect.condition, { ...scope, state: fork(state) })), here)
            },
          )
          return
        }
        const truth = condition(effect.condition, state, scope, out)
        if (isYes(truth)) return
        f.if(not(truth), () => {
          fail(n, out)
        })
        return
      }
      case 'cover': {
        if (observer.covers(effect.property) < 0) return
        const seen = states.keep(succeeded(f, expr.truth(effect.condition, scope)), true)
        state.covers = [...state.covers, { property: effect.property, seen }]
        return
      }
      case 'arm':
        observer.arm(f, instance, effect.arm)
        return
      case 'test': {
        const truth = condition(effect.condition, state, scope, out)
        const all = (list: readonly Effect[], s: State): void => {
          for (const e of list) perform(e, s, { ...scope, state: s }, out)
        }
        if (isYes(truth)) {
          learnInto(state, expr.learn(effect.condition, true))
          all(effect.then, state)
          return
        }
        if (isNo(truth)) {
          learnInto(state, expr.learn(effect.condition, false))
          all(effect.otherwise, state)
          return
        }
        join(states.keep(truth), state, effect, all)
        return
      }
    }
  }
  const learnInto = (state: State, facts: readonly string[]): void => {
    state.facts = [...state.facts, ...facts]
  }
  const forget = (state: State, effect: Effect): void => {
    if (!('target' in effect)) return
    const base = ((e: Expression): Expression => {
      while (e.kind === 'field' || e.kind === 'index') e = e.of
      return e
    })(effect.target)
    state.facts = base.kind === 'local' ? withoutLocal(state.facts, base.id) : withoutShared(state.facts)
  }
  /** Both sides of a test, and words that stand for whichever was taken. */
  const join = (
    truth: W,
    state: State,
    effect: Extract<Effect, { op: 'test' }>,
    all: (list: readonly Effect[], s: State) => void,
  ): void => {
    const sides = (
      [
        [effect.then, true],
        [effect.otherwise, false],
      ] as const
    ).map(([list, outcome]) => {
      const s = fork(state)
      const code = f.aside(() => {
        learnInto(s, expr.learn(effect.condition, outcome))
        all(list, s)
      })
      return { s, code, tail: [] as Bytes[] }
    })
    const [a, b] = sides
    if (a === undefined || b === undefined) return internal('a test without sides')
    const before = state.facts
    state.words.forEach((_, i) => {
      if (a.s.words[i] === b.s.words[i]) {
        state.words[i] = a.s.words[i] ?? internal('no word')
        return
      }
      const local = f.local('i64')
      for (const side of sides)
        side.tail.push(
          f.aside(() => {
            f.set(local, states.word(side.s, i))
          }),
        )
      state.words[i] = untouched(get(local, 'i64'))
    })
    const known = state.covers.length
    for (const side of sides) {
      for (const c of side.s.covers.slice(known)) {
        // witnessed only if this side was taken
        const seen = f.local('i32')
        f.set(seen, i32(0))
        side.tail.push(
          f.aside(() => {
            f.set(seen, c.seen)
          }),
        )
        state.covers = [...state.covers, { property: c.property, seen: get(seen, 'i32') }]
      }
    }
    f.branch(truth, [a.code, ...a.tail], [b.code, ...b.tail])
    state.facts = before.filter((x) => a.s.facts.includes(x) && b.s.facts.includes(x))
  }

  const queue = (effect: QueueEffect, state: State, scope: Scope, out: Target): void => {
    const at = target(effect.target, scope, out)
    if (at.type.kind !== 'queue') return internal('a queue operation on no queue')
    const capacity = number(at.type.capacity),
      { of } = at.type
    const lengthAt = states.part(at, 'length')
    const length = states.keep(states.read(state, lengthAt), true)
    const cells = Array.from({ length: capacity }, (_, i) => states.part(at, String(i)))
    const place = (cell: Location): Fitted => fitted(placed(cell, state))
    /** cell := condition ? value : cell, for elements of any size. */
    const put = (cell: Location, condition: W, value: Fitted): void => {
      if (isNo(condition)) return
      if (small(cell.type)) {
        states.write(state, cell, states.keep(choose(condition, expr.code(value), states.read(state, cell)), true))
        return
      }
      for (const p of partsOf(cell.type, sizes)) put(states.part(cell, p.key), condition, expr.partOf(value, p.key))
    }
    const clear = (type: Type): Fitted =>
      fitted(small(type) ? coded(type, i64(0)) : composed(type, (k) => clear(partNamed(type, k, sizes).type)))
    /** Moves what stands behind `from` up by one, where `moved(i)`. */
    const close = (moved: (i: number) => W): void => {
      cells.forEach((cell, i) => {
        const behind = cells[i + 1]
        put(cell, moved(i), behind === undefined ? clear(of) : place(behind))
      })
    }
    switch (effect.op) {
      case 'push': {
        const { value, partial } = settle(expr.fit(expr.value(effect.value, scope), of))
        const full = check(binary('ge64s', length, i64(capacity)), i64(0))
        if (full.partial) f.drop(full)
        if (partial || full.partial) failOnError(out)
        cells.forEach((cell, i) => {
          put(cell, states.keep(binary('eq64', length, i64(i)), true), value)
        })
        states.write(state, lengthAt, states.keep(binary('add64', length, i64(1)), true))
        return
      }
      case 'pop':
        f.drop(check(binary('eq64', length, i64(0)), i64(0)))
        failOnError(out)
        close(() => i32(1))
        states.write(state, lengthAt, states.keep(binary('sub64', length, i64(1)), true))
        return
      case 'discard': {
        const sought = expr.value(effect.value, scope)
        const { value, partial } =
          sought.form === 'number' ? settleNumber(sought) : settle(expr.fit(sought, sought.type))
        if (partial) failOnError(out)
        let found: W = i32(0)
        const moved = cells.map((cell, i) => {
          found = states.keep(or(found, and(binary('gt64s', length, i64(i)), expr.equal(place(cell), value))), true)
          return found
        })
        close((i) => moved[i] ?? i32(0))
        states.write(state, lengthAt, states.keep(binary('sub64', length, unary('extend', found)), true))
      }
    }
  }
  return { perform, condition, store }
}
