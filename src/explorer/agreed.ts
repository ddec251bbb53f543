/** One state as the interpreter and the engine have it: both must mean the same. */
import type { Compiled } from '../compiler/compile.ts'
import { plainState, type Machine, type PlainState, type State } from '../semantics/machine.ts'
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
  assertSame(start, undefined, 'before the first step')
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
  assertSame(after, before, where)
  return after
}

type Part = PlainState['shared'][string] | PlainState['threads'][number]

function assertSame(now: Agreed, before: Agreed | undefined, where: string): void {
  const compare = (name: string, partOf: (state: PlainState) => Part | undefined): void => {
    const [mine, theirs] = [partOf(now.interpreted), partOf(now.decoded)]
    const isAsBefore = before !== undefined && mine === partOf(before.interpreted) && theirs === partOf(before.decoded)
    if (isAsBefore) return
    const [one, other] = [JSON.stringify(mine), JSON.stringify(theirs)]
    if (one !== other) throw new Disagreement(`${where}: ${name} is ${one} against ${other}`)
  }
  for (const name of Object.keys(now.interpreted.shared)) compare(name, ({ shared }) => shared[name])
  now.interpreted.threads.forEach((_, n) => {
    compare(`thread ${n}`, ({ threads }) => threads[n])
  })
}
