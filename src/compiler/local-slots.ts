/**
 * Slots for the locals of a thread: which of them hold something at which control point, and which can therefore
 * share their bits.
 * A local that is zero wherever the thread can rest needs none at all.
 */
import type { Expression, LocalDeclaration, Type } from '../language/ast.ts'
import { remembered } from '../language/remembered.ts'
import { liveBehindEach, liveBeforeCode, livenessOf, localsRead, noLocals, type Locals } from './liveness.ts'
import type { Code, ControlPoint, Effect, EffectOf, Program } from './program.ts'
import { localWritten } from './reads.ts'
import { isWithin, unionOf, without } from './sets.ts'

export interface CompiledPoint extends ControlPoint {
  /** The locals that may hold something there, or are read later. All others are zero. */
  readonly occupied: Locals
}

export interface LocalSlots {
  /** The control points; their code without resets of what is zero anyway: they would hit what shares the bits. */
  readonly points: readonly CompiledPoint[]
  /** Locals that share their bits; each group needs those of its largest. */
  readonly sharing: readonly (readonly LocalDeclaration[])[]
  /** Locals that hold something only inside a transition. */
  readonly passing: readonly LocalDeclaration[]
}

/** @param isPlain whether zero of the type takes no bits: else a local always has its own bits, and they say zero */
export function localSlots(
  program: Program,
  locals: readonly LocalDeclaration[],
  isPlain: (type: Type) => boolean,
): LocalSlots {
  const live = livenessOf(program)
  const holding = holdingOf(program)
  const always: Locals = new Set(locals.filter((l) => !isPlain(l.type)).map((l) => l.id))
  const conflicts = conflictsOf(locals)
  const settling: Settling = {
    liveAt: (point) => live[point] ?? noLocals,
    holdingIn: (block) => holding.blocks.get(block) ?? noLocals,
    live: new Map(),
    settled: new Map(),
    occupy: (...parts) => {
      conflicts.occupy(...parts, always)
    },
  }
  const points = program.points.map((point, n): CompiledPoint => {
    const held = holding.points[n] ?? noLocals
    return {
      ...point,
      code: point.code === undefined ? undefined : settle(settling, point.code, held),
      occupied: unionOf(settling.liveAt(n), held, always),
    }
  })
  for (const { occupied } of points) conflicts.occupy(occupied)
  const resting = unionOf(noLocals, ...points.map(({ occupied }) => occupied))
  return {
    points,
    sharing: colour(
      locals.filter((l) => resting.has(l.id)),
      conflicts.areTogether,
    ),
    passing: locals.filter((l) => !resting.has(l.id)),
  }
}

const resetBy = (effect: Effect): number | undefined =>
  effect.op === 'assign' && effect.resets === true && effect.target.kind === 'local' ? effect.target.id : undefined

/** The locals that may be other than zero after an effect. */
function holdingAfter(effect: Effect, before: Locals): Locals {
  const reset = resetBy(effect)
  if (reset !== undefined) return without(before, [reset])
  if (effect.op === 'test') {
    const side = (list: readonly Effect[]): Locals => list.reduce((ids, e) => holdingAfter(e, ids), before)
    return unionOf(side(effect.then), side(effect.otherwise))
  }
  const id = localWritten(effect)
  return id === undefined ? before : unionOf(before, [id])
}

/** A `forEach` is left when its `remaining` is empty. */
function emptied(condition: Expression, now: Locals): Locals {
  if (condition.kind !== 'binary' || condition.operator !== '==') return now
  const { left, right } = condition
  if (left.kind !== 'size' || right.kind !== 'literal' || right.value !== 0) return now
  return left.of.kind === 'local' ? without(now, [left.of.id]) : now
}

/** The locals that may be other than zero: at each control point, and at the beginning of each block. */
interface Holding {
  readonly points: readonly (Locals | undefined)[]
  readonly blocks: ReadonlyMap<Code, Locals>
}
function holdingOf({ points, entry }: Program): Holding {
  const atPoints: (Locals | undefined)[] = points.map(() => undefined)
  const inBlocks = new Map<Code, Locals>()
  const queue: number[] = []
  const follow = (code: Code, now: Locals): void => {
    switch (code.op) {
      case 'goto': {
        const known = atPoints[code.point]
        if (known !== undefined && isWithin(now, known)) return
        atPoints[code.point] = unionOf(known ?? noLocals, now)
        queue.push(code.point)
        return
      }
      case 'block': {
        const known = inBlocks.get(code)
        if (known !== undefined && isWithin(now, known)) return
        const all = unionOf(known ?? noLocals, now)
        inBlocks.set(code, all)
        follow(code.next, all)
        return
      }
      case 'effect':
        follow(code.next, holdingAfter(code.effect, now))
        return
      case 'guard':
        follow(code.next, now)
        return
      case 'branch':
        follow(code.then, emptied(code.condition, now))
        follow(code.otherwise, now)
        return
      case 'either':
        for (const b of code.branches) follow(b, now)
        return
      case 'choose':
        follow(code.next, unionOf(now, [code.local]))
        return
      case 'pick':
        follow(code.next, unionOf(now, [code.local, code.remaining]))
    }
  }
  follow(entry, noLocals)
  for (let p = queue.shift(); p !== undefined; p = queue.shift()) {
    const code = points[p]?.code
    if (code !== undefined) follow(code, atPoints[p] ?? noLocals)
  }
  return { points: atPoints, blocks: inBlocks }
}

interface Settling {
  readonly liveAt: (point: number) => Locals
  readonly holdingIn: (block: Code) => Locals
  /** By code that is settled: what is live before it. */
  readonly live: Map<Code, Locals>
  /** A block is settled once, for all that may hold something there. */
  readonly settled: Map<Code, Code>
  /** Called at every place of the code with the locals that are occupied there together: those of all these sets. */
  readonly occupy: (...parts: readonly Locals[]) => void
}

const liveBefore = ({ live }: Settling, code: Code): Locals => live.get(code) ?? noLocals

/**
 * Drops resets of zero locals, and reports at every place the locals that are occupied together.
 *
 * @param now what may be other than zero before the code
 */
function settle(s: Settling, code: Code, now: Locals): Code {
  const known = s.settled.get(code)
  if (known !== undefined) return known
  const made = withNext(s, code, now)
  const before = liveBeforeCode(code, (next) => liveBefore(s, next), s.liveAt)
  s.live.set(code, before)
  tellOccupied(s, code, now, before)
  if (code.op !== 'block') return made
  const block: Code = { ...code, next: made, reads: before }
  s.settled.set(code, block)
  return block
}

/** The code with its continuation settled; for a block, its continuation. An effect without effect is left out. */
function withNext(s: Settling, code: Code, now: Locals): Code {
  const go = (next: Code, holding: Locals): Code => settle(s, next, holding)
  switch (code.op) {
    case 'block':
      return go(code.next, s.holdingIn(code))
    case 'goto':
      return code
    case 'effect': {
      const next = go(code.next, holdingAfter(code.effect, now))
      const effect = kept(code.effect, now)
      return effect === undefined ? next : { op: 'effect', effect, next }
    }
    case 'guard':
      return { ...code, next: go(code.next, now) }
    case 'branch': {
      const then = go(code.then, emptied(code.condition, now))
      return { ...code, then, otherwise: go(code.otherwise, now) }
    }
    case 'either':
      return { ...code, branches: code.branches.map((b) => go(b, now)) }
    case 'choose':
      return { ...code, next: go(code.next, unionOf(now, [code.local])) }
    case 'pick':
      return { ...code, next: go(code.next, unionOf(now, [code.local, code.remaining])) }
  }
}

function tellOccupied(s: Settling, code: Code, now: Locals, before: Locals): void {
  switch (code.op) {
    case 'block':
    case 'goto':
      return
    case 'effect': {
      const after = liveBefore(s, code.next)
      s.occupy(now, before)
      s.occupy(holdingAfter(code.effect, now), after)
      if (code.effect.op === 'test') tellInside(s, code.effect, now, after)
      return
    }
    case 'guard':
    case 'branch':
    case 'either':
      s.occupy(now, before)
      return
    case 'choose':
      s.occupy(unionOf(now, [code.local]), localsRead(code.where), liveBefore(s, code.next))
      return
    case 'pick':
      s.occupy(unionOf(now, [code.local, code.remaining]), liveBefore(s, code.next))
  }
}
/** Records the occupied slots at each place inside a test. */
function tellInside(s: Settling, test: EffectOf<'test'>, now: Locals, after: Locals): void {
  for (const list of [test.then, test.otherwise]) {
    const lives = liveBehindEach(list, after)
    let holding = now
    list.forEach((effect, i) => {
      const live = lives[i] ?? after
      if (effect.op === 'test') tellInside(s, effect, holding, live)
      holding = holdingAfter(effect, holding)
      s.occupy(holding, live)
    })
  }
}

/** An effect without resets of what is zero. */
function kept(effect: Effect, now: Locals): Effect | undefined {
  const reset = resetBy(effect)
  if (reset !== undefined && !now.has(reset)) return undefined
  if (effect.op !== 'test') return effect
  const side = (list: readonly Effect[]): readonly Effect[] => {
    let holding = now
    return list.flatMap((e) => {
      const one = kept(e, holding)
      holding = holdingAfter(e, holding)
      return one ?? []
    })
  }
  return { ...effect, then: side(effect.then), otherwise: side(effect.otherwise) }
}

/**
 * The locals that are occupied at once somewhere, as masks by local: every place of a text reports sets of many, and
 * most report what another has.
 */
interface Conflicts {
  readonly occupy: (...parts: readonly Locals[]) => void
  readonly areTogether: (a: LocalDeclaration, b: LocalDeclaration) => boolean
}
function conflictsOf(locals: readonly LocalDeclaration[]): Conflicts {
  const bits = new Map(locals.map((l, n) => [l.id, 1n << BigInt(n)]))
  const masks = new Map(locals.map((l) => [l.id, 0n]))
  const maskOf = remembered((ids: Locals) => [...ids].reduce((mask, id) => mask | (bits.get(id) ?? 0n), 0n))
  const told = new Set<bigint>()
  return {
    occupy(...parts) {
      const mask = parts.reduce((all, part) => all | maskOf(part), 0n)
      if (told.has(mask)) return
      told.add(mask)
      for (const part of parts) for (const id of part) masks.set(id, (masks.get(id) ?? 0n) | mask)
    },
    areTogether: (a, b) => ((masks.get(a.id) ?? 0n) & (bits.get(b.id) ?? 0n)) !== 0n,
  }
}

/** Puts locals that are never occupied together into one place, each into the first that has room. */
function colour(
  locals: readonly LocalDeclaration[],
  conflict: (a: LocalDeclaration, b: LocalDeclaration) => boolean,
): readonly (readonly LocalDeclaration[])[] {
  const classes: LocalDeclaration[][] = []
  for (const l of locals) {
    const home = classes.find((c) => c.every((other) => !conflict(l, other)))
    if (home === undefined) classes.push([l])
    else home.push(l)
  }
  return classes
}
