/**
 * Locals that may hold what no permutation leads to: the zero that stood there before anything was assigned, which
 * names the first element of a sort, or the last element that a `forEach` inside a step has come to.
 */
import type { Expression, LocalDeclaration } from '../../language/ast.ts'
import { localsRead, noLocals, type Locals } from '../liveness.ts'
import type { Code, Effect, EffectOf } from '../program.ts'
import { localWritten } from '../reads.ts'
import { isWithin, unionOf, without } from '../sets.ts'
import type { CompiledThread } from '../threads.ts'
import { idSortsIn, idSortsInZero } from './scalarset.ts'

/** A local that is read, or kept between transitions, while it may hold such a value. */
export interface Doubt {
  readonly local: LocalDeclaration
  readonly why: 'unassigned' | 'last round'
}

/** Locals that may be unassigned, and those that may hold an element of a round or something made of it. */
interface Held {
  readonly unassigned: Locals
  readonly ofRound: Locals
}

interface Walk {
  readonly thread: CompiledThread
  readonly locals: ReadonlyMap<number, LocalDeclaration>
  readonly found: Map<string, Doubt>
  readonly atPoints: (Held | undefined)[]
  readonly inBlocks: Map<Code, Held>
  readonly queue: number[]
}

export function doubtsOf(thread: CompiledThread): readonly Doubt[] {
  const locals = new Map(thread.source.locals.map((local) => [local.id, local]))
  const found = new Map<string, Doubt>()
  const walk: Walk = { thread, locals, found, atPoints: [], inBlocks: new Map(), queue: [] }
  const unassigned = new Set(
    [...locals.values()].filter(({ type }) => idSortsInZero(type).size > 0).map(({ id }) => id),
  )
  follow(walk, thread.entry, { unassigned, ofRound: noLocals })
  for (let point = walk.queue.shift(); point !== undefined; point = walk.queue.shift()) {
    const [code, held] = [thread.points[point]?.code, walk.atPoints[point]]
    if (code !== undefined && held !== undefined) follow(walk, code, held)
  }
  return [...found.values()]
}

function doubt({ locals, found }: Walk, ids: Iterable<number>, among: Locals, why: Doubt['why']): void {
  for (const id of ids) {
    const local = locals.get(id)
    if (local !== undefined && among.has(id) && idSortsIn(local.type).size > 0)
      found.set(`${id} ${why}`, { local, why })
  }
}
const read = (walk: Walk, e: Expression | undefined, { unassigned }: Held): void => {
  doubt(walk, localsRead(e), unassigned, 'unassigned')
}

const covers = (known: Held | undefined, now: Held): known is Held =>
  known !== undefined && isWithin(now.unassigned, known.unassigned) && isWithin(now.ofRound, known.ofRound)
const joined = (known: Held | undefined, now: Held): Held =>
  known === undefined
    ? now
    : { unassigned: unionOf(known.unassigned, now.unassigned), ofRound: unionOf(known.ofRound, now.ofRound) }

/** Locals are given values of their own: none of them is in doubt. */
const assigned = ({ unassigned, ofRound }: Held, ids: readonly number[]): Held => ({
  unassigned: without(unassigned, ids),
  ofRound: without(ofRound, ids),
})

function follow(walk: Walk, code: Code, held: Held): void {
  switch (code.op) {
    case 'goto': {
      const occupied = walk.thread.points[code.point]?.occupied ?? noLocals
      doubt(walk, occupied, held.unassigned, 'unassigned')
      doubt(walk, occupied, held.ofRound, 'last round')
      if (covers(walk.atPoints[code.point], held)) return
      walk.atPoints[code.point] = joined(walk.atPoints[code.point], held)
      walk.queue.push(code.point)
      return
    }
    case 'block': {
      const known = walk.inBlocks.get(code)
      if (covers(known, held)) return
      const now = joined(known, held)
      walk.inBlocks.set(code, now)
      follow(walk, code.next, now)
      return
    }
    case 'effect':
      follow(walk, code.next, afterEffect(walk, code.effect, held))
      return
    case 'guard':
      read(walk, code.condition, held)
      read(walk, code.blockers?.condition, held)
      follow(walk, code.next, held)
      return
    case 'branch':
      read(walk, code.condition, held)
      follow(walk, code.then, held)
      follow(walk, code.otherwise, held)
      return
    case 'either':
      for (const branch of code.branches) follow(walk, branch, held)
      return
    case 'choose': {
      const chosen = assigned(held, [code.local])
      read(walk, code.where, chosen)
      follow(walk, code.next, chosen)
      return
    }
    case 'pick':
      follow(walk, code.next, assigned(held, [code.local, code.remaining]))
  }
}

function afterEffect(walk: Walk, effect: Effect, held: Held): Held {
  switch (effect.op) {
    case 'arm':
      return held
    case 'assert':
    case 'cover':
      read(walk, effect.condition, held)
      return held
    case 'test': {
      read(walk, effect.condition, held)
      const side = (effects: readonly Effect[]): Held => effects.reduce((now, one) => afterEffect(walk, one, now), held)
      return joined(side(effect.then), side(effect.otherwise))
    }
    case 'assign':
      return afterAssignment(walk, effect, held)
    case 'push':
    case 'insert':
    case 'remove':
    case 'discard':
      read(walk, effect.target, held)
      read(walk, effect.value, held)
      // elements of a set have no order
      return effect.op === 'push' ? withRound(held, localWritten(effect), effect.value) : held
    case 'pop':
      read(walk, effect.target, held)
      return held
  }
}

function afterAssignment(walk: Walk, { target, value }: EffectOf<'assign'>, held: Held): Held {
  read(walk, value, held)
  if (target.kind !== 'local') {
    read(walk, target, held)
    return withRound(held, localWritten({ op: 'assign', target, value }), value)
  }
  const { id } = target
  const now = assigned(held, [id])
  if (value.kind === 'zero' && idSortsInZero(value.type).size > 0)
    return { ...now, unassigned: unionOf(now.unassigned, [id]) }
  if (value.kind === 'literal' && value.type.kind === 'id') return { ...now, ofRound: unionOf(now.ofRound, [id]) }
  return [...localsRead(value)].some((one) => held.ofRound.has(one))
    ? { ...now, ofRound: unionOf(now.ofRound, [id]) }
    : now
}

/** A local into which something was put that was made of an element of a round. */
function withRound(held: Held, id: number | undefined, value: Expression): Held {
  if (id === undefined || ![...localsRead(value)].some((one) => held.ofRound.has(one))) return held
  return { ...held, ofRound: unionOf(held.ofRound, [id]) }
}
