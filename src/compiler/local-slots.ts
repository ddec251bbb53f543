/**
 * Slots for the locals of a thread: which of them hold something at which control point, and which can therefore share
 * their bits.
 * A local that is zero wherever the thread can rest needs none at all.
 */
import type { Expression, Local, Type } from '../language/ast.ts'
import { rootOf, visit } from '../language/walk.ts'
import type { Code, Effect, Program } from './program.ts'

export interface LocalSlots {
  /** The program, without resets of what is zero anyway: they would hit what shares the bits. */
  readonly program: Program
  /** By control point: the locals that may hold something there, or are read later. All others are zero. */
  readonly occupied: readonly ReadonlySet<number>[]
  /** Locals that share their bits; each needs those of its largest. */
  readonly shared: readonly (readonly Local[])[]
  /** Locals that hold something only inside a transition. */
  readonly passing: readonly Local[]
}

type Ids = ReadonlySet<number>
const none: Ids = new Set()
const union = (...sets: readonly Ids[]): Ids => {
  const all = new Set<number>()
  for (const s of sets) for (const x of s) all.add(x)
  return all
}
const without = (set: Ids, id: number): Ids => {
  if (!set.has(id)) return set
  const out = new Set(set)
  out.delete(id)
  return out
}
const within = (a: Ids, b: Ids): boolean => {
  for (const x of a) if (!b.has(x)) return false
  return true
}

const memory = new WeakMap<Expression, Ids>()
function reads(e: Expression): Ids {
  const known = memory.get(e)
  if (known !== undefined) return known
  const ids = new Set<number>()
  visit(e, (part) => {
    if (part.kind === 'local') ids.add(part.id)
  })
  memory.set(e, ids)
  return ids
}

/** What is read before it is written, from an effect on. */
function liveBefore(effect: Effect, after: Ids): Ids {
  switch (effect.op) {
    case 'assign':
      return effect.target.kind === 'local'
        ? union(without(after, effect.target.id), reads(effect.value))
        : union(after, reads(effect.target), reads(effect.value))
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return union(after, reads(effect.target), reads(effect.value))
    case 'pop':
      return union(after, reads(effect.target))
    case 'assert':
    case 'cover':
      return union(after, reads(effect.condition))
    case 'arm':
      return after
    case 'test': {
      const side = (list: readonly Effect[]): Ids => list.reduceRight((live, e) => liveBefore(e, live), after)
      return union(reads(effect.condition), side(effect.then), side(effect.otherwise))
    }
  }
}
const written = (effect: Effect): number | undefined => {
  if (!('target' in effect)) return undefined
  const root = rootOf(effect.target)
  return root.kind === 'local' ? root.id : undefined
}
const isReset = (effect: Effect): number | undefined =>
  effect.op === 'assign' && effect.resets === true && effect.target.kind === 'local' ? effect.target.id : undefined

/** @param isPlain whether zero of the type is no bits at all: else a local always has its own, and they say zero */
export function localSlots(program: Program, locals: readonly Local[], isPlain: (type: Type) => boolean): LocalSlots {
  const points = program.code.length
  const live = liveness(program, points)
  const blocks = new Map<Code, Ids>()
  const holding = held(program, points, blocks)
  const always: Ids = new Set(locals.filter((l) => !isPlain(l.type)).map((l) => l.id))
  const occupied = Array.from({ length: points }, (_, p) => union(live[p] ?? none, holding[p] ?? none, always))
  const { together, conflict } = conflictsOf(locals)
  const settled = new Map<Code, Settled>()
  const code = program.code.map((c, p) =>
    c === undefined
      ? undefined
      : settle(c, holding[p] ?? none, live, blocks, settled, (ids) => {
          together(union(ids, always))
        }),
  )
  const resting = union(...occupied)
  for (const ids of occupied) together(ids)
  return {
    program: { ...program, code },
    occupied,
    shared: colour(
      locals.filter((l) => resting.has(l.id)),
      conflict,
    ),
    passing: locals.filter((l) => !resting.has(l.id)),
  }
}

/** By control point: what is read later before it is written. */
function liveness(program: Program, points: number): readonly Ids[] {
  const live: Ids[] = Array.from({ length: points }, () => none)
  const known = new Map<Code, Ids>()
  const before = (c: Code): Ids => {
    switch (c.op) {
      case 'block': {
        const ids = known.get(c) ?? before(c.next)
        known.set(c, ids)
        return ids
      }
      case 'goto':
        return live[c.point] ?? none
      case 'effect':
        return liveBefore(c.effect, before(c.next))
      case 'guard':
        return union(reads(c.condition), c.blockers === undefined ? none : reads(c.blockers.condition), before(c.next))
      case 'branch':
        return union(reads(c.condition), before(c.then), before(c.otherwise))
      case 'either':
        return union(...c.branches.map(before))
      case 'choose':
        return without(union(c.where === undefined ? none : reads(c.where), before(c.next)), c.local)
      case 'pick':
        return union(new Set([c.remaining]), without(before(c.next), c.local))
    }
  }
  for (let changed = true; changed; ) {
    changed = false
    known.clear()
    for (let p = points - 1; p >= 0; p--) {
      const c = program.code[p]
      if (c === undefined) continue
      const now = before(c)
      if (!within(now, live[p] ?? none)) {
        live[p] = union(now, live[p] ?? none)
        changed = true
      }
    }
  }
  return live
}

/** A `forEach` is left when its `remaining` is empty. */
function emptied(condition: Expression, now: Ids): Ids {
  const isEmpty =
    condition.kind === 'binary' &&
    condition.operator === '==' &&
    condition.left.kind === 'size' &&
    condition.left.of.kind === 'local' &&
    condition.right.kind === 'literal' &&
    condition.right.value === 0
  return isEmpty && condition.left.kind === 'size' && condition.left.of.kind === 'local'
    ? without(now, condition.left.of.id)
    : now
}

/** What may be other than zero after an effect. */
function holdingAfter(effect: Effect, before: Ids): Ids {
  const reset = isReset(effect)
  if (reset !== undefined) return without(before, reset)
  if (effect.op === 'test') {
    const side = (list: readonly Effect[]): Ids => list.reduce((ids, e) => holdingAfter(e, ids), before)
    return union(side(effect.then), side(effect.otherwise))
  }
  const id = written(effect)
  return id === undefined ? before : union(before, new Set([id]))
}

/** By control point: the locals that may be other than zero there. Of blocks, too: in `blocks`. */
function held(program: Program, points: number, blocks: Map<Code, Ids>): readonly Ids[] {
  const holding: (Ids | undefined)[] = Array.from({ length: points }, () => undefined)
  const queue: number[] = []
  const follow = (c: Code, now: Ids): void => {
    switch (c.op) {
      case 'goto': {
        const known = holding[c.point]
        if (known !== undefined && within(now, known)) return
        holding[c.point] = union(known ?? none, now)
        queue.push(c.point)
        return
      }
      case 'block': {
        const known = blocks.get(c)
        if (known !== undefined && within(now, known)) return
        const all = union(known ?? none, now)
        blocks.set(c, all)
        follow(c.next, all)
        return
      }
      case 'effect':
        follow(c.next, holdingAfter(c.effect, now))
        return
      case 'guard':
        follow(c.next, now)
        return
      case 'branch':
        follow(c.then, emptied(c.condition, now))
        follow(c.otherwise, now)
        return
      case 'either':
        for (const b of c.branches) follow(b, now)
        return
      case 'choose':
        follow(c.next, union(now, new Set([c.local])))
        return
      case 'pick':
        follow(c.next, union(now, new Set([c.local, c.remaining])))
    }
  }
  follow(program.entry, none)
  for (let p = queue.shift(); p !== undefined; p = queue.shift()) {
    const c = program.code[p]
    if (c !== undefined) follow(c, holding[p] ?? none)
  }
  return holding.map((ids) => ids ?? none)
}

interface Settled {
  readonly code: Code
  readonly live: Ids
}

/**
 * Drops resets of what is zero, and tells at every place what is occupied together. A block is settled once, for all
 * that may hold something there.
 */
function settle(
  code: Code,
  holding: Ids,
  live: readonly Ids[],
  blocks: ReadonlyMap<Code, Ids>,
  settled: Map<Code, Settled>,
  together: (ids: Ids) => void,
): Code {
  const keep = (effect: Effect, now: Ids): Effect | undefined => {
    const reset = isReset(effect)
    if (reset !== undefined && !now.has(reset)) return undefined
    if (effect.op !== 'test') return effect
    const side = (list: readonly Effect[]): readonly Effect[] => {
      let at = now
      return list.flatMap((e) => {
        const kept = keep(e, at)
        at = holdingAfter(e, at)
        return kept === undefined ? [] : [kept]
      })
    }
    return { ...effect, then: side(effect.then), otherwise: side(effect.otherwise) }
  }
  /** What is occupied at each place inside an effect. */
  const meet = (effect: Effect, now: Ids, after: Ids): void => {
    if (effect.op !== 'test') return
    for (const list of [effect.then, effect.otherwise]) {
      let at = now
      list.forEach((e, i) => {
        const liveHere = list.slice(i + 1).reduceRight((l, x) => liveBefore(x, l), after)
        meet(e, at, liveHere)
        at = holdingAfter(e, at)
        together(union(at, liveHere))
      })
    }
  }
  const go = (c: Code, now: Ids): Settled => {
    switch (c.op) {
      case 'block': {
        const known = settled.get(c)
        if (known !== undefined) return known
        const next = go(c.next, blocks.get(c) ?? none)
        const mine: Settled = { code: { op: 'block', next: next.code, reads: next.live }, live: next.live }
        settled.set(c, mine)
        return mine
      }
      case 'goto':
        return { code: c, live: live[c.point] ?? none }
      case 'effect': {
        const after = holdingAfter(c.effect, now)
        const next = go(c.next, after)
        const mine = liveBefore(c.effect, next.live)
        together(union(now, mine))
        together(union(after, next.live))
        meet(c.effect, now, next.live)
        const kept = keep(c.effect, now)
        return { code: kept === undefined ? next.code : { op: 'effect', effect: kept, next: next.code }, live: mine }
      }
      case 'guard': {
        const next = go(c.next, now)
        const mine = union(reads(c.condition), c.blockers === undefined ? none : reads(c.blockers.condition), next.live)
        together(union(now, mine))
        return { code: { ...c, next: next.code }, live: mine }
      }
      case 'branch': {
        const then = go(c.then, emptied(c.condition, now)),
          otherwise = go(c.otherwise, now)
        const mine = union(reads(c.condition), then.live, otherwise.live)
        together(union(now, mine))
        return { code: { ...c, then: then.code, otherwise: otherwise.code }, live: mine }
      }
      case 'either': {
        const branches = c.branches.map((b) => go(b, now))
        const mine = union(...branches.map((b) => b.live))
        together(union(now, mine))
        return { code: { ...c, branches: branches.map((b) => b.code) }, live: mine }
      }
      case 'choose':
      case 'pick': {
        const set = c.op === 'pick' ? new Set([c.local, c.remaining]) : new Set([c.local])
        const next = go(c.next, union(now, set))
        const where = c.op === 'choose' && c.where !== undefined ? reads(c.where) : none
        together(union(now, set, where, next.live))
        const mine = union(c.op === 'pick' ? new Set([c.remaining]) : none, without(union(where, next.live), c.local))
        return { code: { ...c, next: next.code }, live: mine }
      }
    }
  }
  return go(code, holding).code
}

/**
 * Which locals are occupied at once somewhere, as masks by local: sets of many are told of at every place of a text.
 */
function conflictsOf(locals: readonly Local[]): { together(ids: Ids): void; conflict(a: Local, b: Local): boolean } {
  const bits = new Map(locals.map((l, n) => [l.id, 1n << BigInt(n)]))
  const masks = new Map(locals.map((l) => [l.id, 0n]))
  let last = none
  return {
    together(ids) {
      if (ids.size === last.size && within(ids, last)) return
      last = ids
      let mask = 0n
      for (const id of ids) mask |= bits.get(id) ?? 0n
      for (const id of ids) masks.set(id, (masks.get(id) ?? 0n) | mask)
    },
    conflict: (a, b) => ((masks.get(a.id) ?? 0n) & (bits.get(b.id) ?? 0n)) !== 0n,
  }
}

/** Puts locals that are never occupied together into one place, those in most conflicts first. */
function colour(locals: readonly Local[], conflict: (a: Local, b: Local) => boolean): readonly (readonly Local[])[] {
  const classes: Local[][] = []
  for (const l of locals) {
    const home = classes.find((c) => c.every((other) => !conflict(l, other)))
    if (home === undefined) classes.push([l])
    else home.push(l)
  }
  return classes
}
