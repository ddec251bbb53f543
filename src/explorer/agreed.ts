/** One state as the interpreter and the engine have it: both must mean the same. */
import type { Compiled } from '../compiler/compile.ts'
import { plainState, type Machine, type PlainState, type State } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { packed, unpacked } from '../engine/states.ts'
import { Disagreement } from './disagreement.ts'

/** A state that both semantics agree on. */
export interface Agreed {
  readonly state: State
  /** The same state, packed. */
  readonly bytes: Uint8Array
  readonly words: readonly bigint[]
  /** The interpreter's state as JSON, and the engine's. */
  readonly interpreted: PlainState
  readonly decoded: PlainState
}

/** A state of the interpreter, packed. */
export function agreedStart(compiled: Compiled, machine: Machine, state: State): Agreed {
  const interpreted = plainState(machine, state)
  const words = compiled.encode(interpreted)
  const start = { state, bytes: packed(words), words, interpreted, decoded: compiled.decode(words) }
  assertSame(start, 'before the first step')
  return start
}

/**
 * The state after a transition. Only what the transition changed is read and compared, in either semantics: the rest
 * is what it was.
 *
 * @throws Disagreement if the two states differ
 */
export function agreedAfter(
  compiled: Compiled,
  machine: Machine,
  before: Agreed,
  { state, bytes }: Pick<Agreed, 'state' | 'bytes'>,
  where: string,
): Agreed {
  const words = unpacked(bytes)
  const after = {
    state,
    bytes,
    words,
    interpreted: plainState(machine, state, { state: before.state, plain: before.interpreted }),
    decoded: compiled.decode(words, { words: before.words, plain: before.decoded }),
  }
  assertSame(after, where)
  return after
}

/** Parts by the equal ones that they were compared with last: from one step to the next most are the same objects. */
const equals = new WeakMap<object, object>()

function isSame<Part>(mine: Part, theirs: Part, compare: (mine: Part, theirs: Part) => boolean): boolean {
  if (typeof mine !== 'object' || typeof theirs !== 'object' || mine === null || theirs === null) return mine === theirs
  if (equals.get(mine) === theirs) return true
  if (!compare(mine, theirs)) return false
  equals.set(mine, theirs)
  return true
}

const textOf = (part: unknown): string => JSON.stringify(part)
const isSameValue = (mine: Plain | undefined, theirs: Plain | undefined): boolean =>
  isSame(mine, theirs, (one, other) => textOf(one) === textOf(other))
const isSameThread = (mine: ThreadPart | undefined, theirs: ThreadPart | undefined): boolean =>
  isSame(mine, theirs, (one, other) => {
    const [locals = {}, others = {}] = [one?.locals, other?.locals]
    const ids = Object.keys(locals)
    return (
      one?.point === other?.point &&
      ids.length === Object.keys(others).length &&
      ids.every((id) => isSameValue(locals[id], others[id]))
    )
  })

type ThreadPart = PlainState['threads'][number]

function assertSame({ interpreted, decoded }: Pick<Agreed, 'interpreted' | 'decoded'>, where: string): void {
  const differ = (name: string, mine: unknown, theirs: unknown): never => {
    throw new Disagreement(`${where}: ${name} is ${textOf(mine)} against ${textOf(theirs)}`)
  }
  for (const [name, mine] of Object.entries(interpreted.shared)) {
    const theirs = decoded.shared[name]
    if (!isSameValue(mine, theirs)) differ(name, mine, theirs)
  }
  interpreted.threads.forEach((mine, n) => {
    const theirs = decoded.threads[n]
    if (!isSameThread(mine, theirs)) differ(`thread ${n}`, mine, theirs)
  })
}
