/**
 * Control points at which a thread is inside a bracket: the shared state names the thread.
 *
 * A thread enters one in the transition that writes its own id into a shared place, or counts up a place that is
 * indexed by its id: the owner of a lock, a reader of an rwsem or of an SRCU section, a place in a queue, a user of an
 * address space, preempt_count. It leaves in the transition that takes it out, or writes another value there. The text
 * alone shows that, for any model: names of procedures do not matter, and a section that one thread marks by a plain
 * flag is not a bracket. A control point counts if some path leads there with something entered and not left, so a
 * thread that *may* hold a lock is inside. A lock that is kept where a thread may rest for ever is not a bracket.
 */
import type { Expression } from '../language/ast.ts'
import { contains } from '../language/walk.ts'
import type { Code, Effect, Program } from './program.ts'

type Places = ReadonlySet<string>
const none: Places = new Set()

/** Whether a value is the thread's id, or is made of it: `some`, a field of a record. */
function isOwnId(e: Expression): boolean {
  switch (e.kind) {
    case 'current':
      return true
    case 'some':
      return isOwnId(e.of)
    case 'record':
    case 'case':
      return Object.values(e.fields).some(isOwnId)
    case 'conditional':
      return isOwnId(e.then) || isOwnId(e.otherwise)
    default:
      return false
  }
}

/** Whether a place is indexed by the thread's id. */
const isOwn = (e: Expression): boolean => contains(e, ({ kind }) => kind === 'current')

/** `mm.mmap_sem.readers`, `driver[].update.owner`: a shared place, whatever its indices are. */
function placeOf(e: Expression): string | undefined {
  if (e.kind === 'shared') return e.name
  if (e.kind !== 'field' && e.kind !== 'index') return undefined
  const of = placeOf(e.of)
  return of === undefined ? undefined : e.kind === 'field' ? `${of}.${e.name}` : `${of}[]`
}

/** Whether an effect on a place enters it or leaves it; an assignment of neither leaves it. */
function enters(effect: Extract<Effect, { target: unknown }>): boolean {
  switch (effect.op) {
    case 'insert':
    case 'push':
      return isOwnId(effect.value)
    case 'assign':
      return (
        isOwnId(effect.value) ||
        (isOwn(effect.target) && effect.value.kind === 'binary' && effect.value.operator === '+')
      )
    case 'remove':
    case 'discard':
    case 'pop':
      return false
  }
}

function after(effect: Effect, before: Places): Places {
  if (effect.op === 'test') {
    const side = (effects: readonly Effect[]): Places => effects.reduce((places, one) => after(one, places), before)
    return new Set([...side(effect.then), ...side(effect.otherwise)])
  }
  if (!('target' in effect)) return before
  const place = placeOf(effect.target)
  if (place === undefined) return before
  return enters(effect)
    ? new Set([...before, place])
    : new Set(
        [...before].filter((one) => one !== place && !one.startsWith(`${place}.`) && !one.startsWith(`${place}[`)),
      )
}

/** The control points of a thread at which it is inside a bracket. */
export function bracketsOf({ points, entry }: Program): ReadonlySet<number> {
  const entered: (Places | undefined)[] = points.map(() => undefined)
  const todo: number[] = []
  const blocks = new Map<Code, Places>()
  const go = (code: Code, all: Places): void => {
    const places = code.op === 'goto' && points[code.point]?.idle === true ? none : all
    switch (code.op) {
      case 'goto': {
        const known = entered[code.point]
        if (known !== undefined && [...places].every((place) => known.has(place))) return
        entered[code.point] = new Set([...(known ?? none), ...places])
        todo.push(code.point)
        return
      }
      case 'effect':
        go(code.next, after(code.effect, places))
        return
      case 'guard':
      case 'choose':
      case 'pick':
        go(code.next, places)
        return
      case 'block': {
        const known = blocks.get(code)
        if (known !== undefined && [...places].every((place) => known.has(place))) return
        blocks.set(code, new Set([...(known ?? none), ...places]))
        go(code.next, new Set([...(known ?? none), ...places]))
        return
      }
      case 'branch':
        go(code.then, places)
        go(code.otherwise, places)
        return
      case 'either':
        for (const branch of code.branches) go(branch, places)
    }
  }
  go(entry, none)
  for (let point = todo.pop(); point !== undefined; point = todo.pop()) {
    const code = points[point]?.code
    if (code !== undefined) go(code, entered[point] ?? none)
  }
  return new Set(entered.flatMap((places, point) => (places === undefined || places.size === 0 ? [] : [point])))
}
