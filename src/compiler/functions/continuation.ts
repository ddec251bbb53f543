/**
 * Blocks as functions: code that several paths reach is written once, and goes on with the state of each path.
 */
import type { Functions } from '../../wasm/assembler.ts'
import type { Func } from '../../wasm/function.ts'
import { call, get, i32, i64, either32, type ValueType, type W } from '../../wasm/expression.ts'
import { beforeBlocks, type BeforeBlock, type CodeBlock } from '../blocks.ts'
import { internal } from '../encoding.ts'
import type { CompiledInstance, Layout, Slot } from '../layout.ts'
import { identifierOf } from './names.ts'
import { currentWord, untouched, type PackedState } from './state.ts'
import type { Code } from '../program.ts'
import type { Writing } from './writing.ts'

/** Parameters that a function can have. */
const parametersLimit = 1000

export interface Continuations {
  /**
   * The call that goes on in a block from this state; nothing if the state is too large to be passed, and the block
   * has to be copied.
   */
  go(w: Writing, block: CodeBlock, state: PackedState): W | undefined
}

/** A block as it is written: the words of the state that are passed to it, and the properties of the `cover`s met. */
interface Passed {
  readonly head: readonly ValueType[]
  readonly words: readonly number[]
  readonly covers: readonly string[]
}

/**
 * The functions of the blocks of one thread instance; each is made when it is first needed.
 *
 * @param roots the code from which blocks are reached
 * @param head types of the parameters before the state, which are passed on as they are
 * @param write writes the code of a block from a state, and its result, an i32
 */
export function continuations(
  m: Functions,
  layout: Layout,
  instance: CompiledInstance,
  roots: readonly (Code | undefined)[],
  head: readonly ValueType[],
  write: (f: Func, block: CodeBlock, state: PackedState, before: BeforeBlock) => void,
): Continuations {
  const before = beforeBlocks(roots.flatMap((code) => code ?? []))
  const known = new Map<CodeBlock, number>()
  return {
    go(w, block, state) {
      const done = before.get(block) ?? internal('a block that nothing leads to')
      const passed: Passed = { head, words: wordsNeeded(layout, instance, block), covers: [...done.covers] }
      const parameters: readonly ValueType[] = [
        ...head,
        ...passed.words.map(() => 'i64' as const),
        ...passed.covers.map(() => 'i32' as const),
      ]
      if (parameters.length > parametersLimit) return undefined
      let index = known.get(block)
      if (index === undefined) {
        index = m.declare(parameters, ['i32'], () => ({ name: `${identifierOf(instance)}_block` }))
        known.set(block, index)
        m.define(index, (f) => {
          write(f, block, passedState(layout, passed), done)
        })
      }
      const seen = passed.covers.map((property) =>
        state.covers.filter((c) => c.property === property).reduce<W>((any, c) => either32(any, c.seen), i32(0)),
      )
      return call(
        index,
        'i32',
        ...head.map((type, i) => get(i, type)),
        ...passed.words.map((i) => currentWord(w, state, i)),
        ...seen,
      )
    },
  }
}

const allWords = ({ words, passing }: Layout): readonly number[] => Array.from({ length: words + passing }, (_, i) => i)

/**
 * The words that a block needs: those of the state, and of what holds something only inside a transition, those that
 * it reads.
 */
function wordsNeeded(layout: Layout, { locals }: CompiledInstance, { reads }: CodeBlock): readonly number[] {
  if (reads === undefined) return allWords(layout)
  const read = new Set([...locals].flatMap(([id, slot]) => (reads.has(id) ? wordsOf(slot) : [])))
  return allWords(layout).filter((i) => i < layout.words || read.has(i))
}
const wordsOf = (slot: Slot): readonly number[] =>
  slot.kind === 'packed' ? [slot.word] : Object.values(slot.parts).flatMap(wordsOf)

/** The state in the parameters of a block's function. */
function passedState(layout: Layout, { head, words, covers }: Passed): PackedState {
  const parameterOf = new Map(words.map((word, n) => [word, head.length + n]))
  return {
    words: allWords(layout).map((i) => {
      const parameter = parameterOf.get(i)
      return untouched(parameter === undefined ? i64(0) : get(parameter, 'i64'))
    }),
    facts: [],
    covers: covers.map((property, n) => ({ property, seen: get(head.length + words.length + n, 'i32') })),
  }
}
