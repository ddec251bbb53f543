/** Blocks as functions: what several ways come to is written once, and goes on with the state as each way has it. */
import { beforeBlocks, type Before, type Block } from './blocks.ts'
import { internal } from './encoding.ts'
import type { Layout, Slot } from './layout.ts'
import type { Program } from './program.ts'
import { untouched, type State, type StateWriter } from './state.ts'
import type { Func, Module } from '../wasm/assembler.ts'
import { call, get, i32, i64, or, type ValueType, type W } from '../wasm/expression.ts'

/** Parameters that a function can have. */
const parametersLimit = 1000

export interface Continuations {
  /**
   * What goes on in a block from this state; nothing if the state is too large to be passed, and the block has to be
   * copied.
   */
  go(block: Block, states: StateWriter, state: State): W | undefined
}

/**
 * The functions of the blocks of one thread instance; each is made when it is asked for first.
 *
 * @param head types of the parameters before the state, which are passed on as they are
 * @param write writes the code of a block from a state, and its result, an i32
 */
export function continuations(
  m: Module,
  layout: Layout,
  instance: number,
  program: Program,
  head: readonly ValueType[],
  write: (f: Func, block: Block, state: State, before: Before) => void,
): Continuations {
  const { words, passing } = layout
  const before = beforeBlocks(program)
  /**
   * The words that a block needs: those of the state, and of what holds something only inside a transition, those
   * that it reads.
   */
  const needed = ({ reads }: Block): readonly number[] => {
    const all = Array.from({ length: words + passing }, (_, i) => i)
    if (reads === undefined) return all
    const read = new Set(
      [...reads].flatMap((id) => {
        const slot = layout.locals[instance]?.[id]
        return slot === undefined ? [] : wordsOf(slot)
      }),
    )
    return all.filter((i) => i < words || read.has(i))
  }
  const known = new Map<Block, number>()
  return {
    go(block, states, state) {
      const done = before.get(block) ?? internal('a block that nothing leads to')
      const covers = [...done.covers],
        passed = needed(block)
      const parameters: readonly ValueType[] = [
        ...head,
        ...passed.map(() => 'i64' as const),
        ...covers.map(() => 'i32' as const),
      ]
      if (parameters.length > parametersLimit) return undefined
      let index = known.get(block)
      if (index === undefined) {
        index = m.declare(parameters, ['i32'])
        known.set(block, index)
        m.define(index, (f) => {
          const at = new Map(passed.map((word, n) => [word, head.length + n]))
          const word = (i: number): W => {
            const local = at.get(i)
            return local === undefined ? i64(0) : get(local, 'i64')
          }
          write(
            f,
            block,
            {
              words: Array.from({ length: words + passing }, (_, i) => untouched(word(i))),
              facts: [],
              covers: covers.map((property, n) => ({ property, seen: get(head.length + passed.length + n, 'i32') })),
            },
            done,
          )
        })
      }
      const seen = covers.map((property) =>
        state.covers.filter((c) => c.property === property).reduce<W>((any, c) => or(any, c.seen), i32(0)),
      )
      return call(
        index,
        'i32',
        ...head.map((type, i) => get(i, type)),
        ...passed.map((i) => states.word(state, i)),
        ...seen,
      )
    },
  }
}

const wordsOf = (slot: Slot): readonly number[] =>
  slot.kind === 'packed' ? [slot.word] : Object.values(slot.parts).flatMap(wordsOf)
