/**
 * The accesses of a piece of text to the shared state, as they are written: which variable, and by which fields and
 * indices. With them is kept what sets a local that an index may read, and where.
 */
import type { Expression, Place, Statement } from '../language/ast.ts'
import { armsOf, blocksOf, expressionsOf, indicesOf, parts, rootOf, shownValues } from '../language/walk.ts'
import { readsShared } from '../semantics/control.ts'

/** Fields are known from the text; an index is an expression, which is evaluated at a place in the text. */
export interface Access {
  readonly name: string
  readonly way: readonly (string | Expression)[]
  /** Places are numbered in the order in which the text is executed. */
  readonly at: number
}

/** A local is set, behind the place `at`. */
export interface LocalWrite {
  readonly at: number
  /** Undefined where it is chosen, and where it is not sure whether it is set, or to what. */
  readonly value: Expression | undefined
  /** It is chosen, and whatever comes behind it comes behind the choice. */
  readonly isChoice: boolean
}

/** The accesses of a piece of text. */
export interface Accesses {
  readonly reads: readonly Access[]
  readonly writes: readonly Access[]
  /** What sets a local, in the order of the text. */
  readonly sets: ReadonlyMap<number, readonly LocalWrite[]>
}

export const isPlace = (e: Expression): e is Extract<Expression, { kind: 'field' | 'index' | 'shared' }> =>
  e.kind === 'field' || e.kind === 'index' || e.kind === 'shared'

/** The access to a place of the shared state. */
export function accessTo(place: Expression, at: number): Access | undefined {
  if (place.kind === 'shared') return { name: place.name, way: [], at }
  if (place.kind !== 'field' && place.kind !== 'index') return undefined
  const of = accessTo(place.of, at)
  return of && { name: of.name, way: [...of.way, place.kind === 'field' ? place.name : place.index], at }
}

/** What an expression reads. Of a place, the whole way counts, and what its indices read. */
function readsOf(e: Expression, at: number, into: Access[]): void {
  if (isPlace(e) && rootOf(e).kind === 'shared') {
    const access = accessTo(e, at)
    if (access !== undefined) into.push(access)
    for (const index of access?.way ?? []) if (typeof index !== 'string') readsOf(index, at, into)
  } else for (const part of parts(e)) readsOf(part, at, into)
}

/** Where a statement stands: whether it is done whenever its text is, and whether it may be done again. */
interface Where {
  readonly isSure: boolean
  readonly isAgain: boolean
}

/** The accesses of statements, and of those inside them. What a step shows is what it must agree with: it is read. */
export function accessesOf(body: readonly Statement[]): Accesses {
  const reads: Access[] = []
  const writes: Access[] = []
  const sets = new Map<number, LocalWrite[]>()
  let at = 0
  /** Behind a jump out of a branch, it is not sure what is done. */
  let isJumped = false
  const set = (local: number, value: Expression | undefined, { isSure, isAgain }: Where, isChoice = false): void => {
    const settings = sets.get(local) ?? []
    sets.set(local, settings)
    const isKnown = isSure && !isJumped && !isAgain
    // where it is set again and again, it may be set before as well
    if (isAgain) settings.unshift({ at: -1, value: undefined, isChoice: false })
    settings.push({ at, value: isKnown ? value : undefined, isChoice: isKnown && isChoice })
    at += 1
  }
  const read = (e: Expression): void => {
    readsOf(e, at, reads)
  }
  const readAndWrite = (s: Extract<Statement, { readonly target: Place }>, where: Where): void => {
    const { target } = s
    if (s.kind !== 'pop') read(s.value)
    if (s.kind !== 'assign') read(target)
    const root = rootOf(target)
    const access = root.kind === 'shared' ? accessTo(target, at) : undefined
    if (access !== undefined) writes.push(access)
    for (const index of indicesOf(target)) read(index)
    if (root.kind === 'local') set(root.id, s.kind === 'assign' && target === root ? s.value : undefined, where)
  }
  const look = (s: Statement, where: Where): void => {
    at += 1
    if ('target' in s) readAndWrite(s, where)
    else if (s.kind === 'choose') set(s.local, undefined, where, true)
    if (!('target' in s) && s.kind !== 'if' && s.kind !== 'match') for (const e of expressionsOf(s)) read(e)
    const inside = { ...where, isSure: where.isSure && (s.kind === 'step' || s.kind === 'call') }
    if (s.kind === 'if' || s.kind === 'match') {
      read(s.kind === 'if' ? s.condition : s.of)
      for (const { binds, body: arm } of armsOf(s)) {
        for (const { local, value } of binds) {
          read(value)
          // it is seen in its arm alone, so there it is sure
          set(local, value, { isSure: true, isAgain: false })
        }
        lookAll(arm, inside)
      }
    } else if (s.kind === 'forEach') {
      for (const local of [s.local, s.remaining]) set(local, undefined, { isSure: false, isAgain: true })
      lookAll(s.body, { ...inside, isAgain: true })
    } else {
      if (s.kind === 'reset') for (const local of s.locals) set(local, undefined, where)
      const isAgain = where.isAgain || s.kind === 'loop'
      for (const block of blocksOf(s)) lookAll(block.body, { ...inside, isAgain })
    }
    // it is shown where the step ends
    at += 1
    for (const e of shownValues(s)) read(e)
    if (isJump(s) && !where.isSure) isJumped = true
  }
  const lookAll = (all: readonly Statement[], where: Where): void => {
    for (const s of all) look(s, where)
  }
  lookAll(body, { isSure: true, isAgain: jumpsBack(body) })
  return { reads, writes, sets }
}

const isJump = ({ kind }: Statement): boolean =>
  kind === 'goto' || kind === 'break' || kind === 'continue' || kind === 'return'

/** Whether control may come to a label again. */
const jumpsBack = (body: readonly Statement[]): boolean =>
  body.some((s) => s.kind === 'label' || blocksOf(s).some((block) => jumpsBack(block.body)))

/** Whether no index depends on what is shared. */
export const isByLocals = ({ reads, writes, sets }: Accesses): boolean => {
  const indices = [...reads, ...writes].flatMap(({ way }) => way.filter((part) => typeof part !== 'string'))
  const settings = [...sets.values()].flat().flatMap(({ value }) => (value === undefined ? [] : [value]))
  return ![...indices, ...settings].some(readsShared)
}

/** Whether two accesses can be about the same cell, whatever their indices are. */
export function mayMeet(one: Access, other: Access): boolean {
  if (one.name !== other.name) return false
  const length = Math.min(one.way.length, other.way.length)
  for (let n = 0; n < length; n += 1) {
    const [mine, its] = [one.way[n], other.way[n]]
    if (typeof mine === 'string' && typeof its === 'string' && mine !== its) return false
  }
  return true
}

const mayMeetAny = (some: readonly Access[], others: readonly Access[]): boolean =>
  some.some((one) => others.some((other) => mayMeet(one, other)))

const conflicts = new WeakMap<Accesses, WeakMap<Accesses, boolean>>()

/** Whether the order of two pieces of text can matter, whatever the state is. The answers are remembered. */
export function mayConflict(one: Accesses, other: Accesses): boolean {
  const known = conflicts.get(one) ?? new WeakMap<Accesses, boolean>()
  conflicts.set(one, known)
  const found =
    known.get(other) ??
    (mayMeetAny(one.writes, other.writes) || mayMeetAny(one.writes, other.reads) || mayMeetAny(one.reads, other.writes))
  known.set(other, found)
  return found
}
