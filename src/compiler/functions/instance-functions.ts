/**
 * Functions of single thread instances, written into a module: the successors that an instance has, and whether it
 * waits for others. Each goes by the control point that the instance is at; each point has a function of its own.
 */
import type { Functions } from '../../wasm/assembler.ts'
import type { Func, BranchTarget } from '../../wasm/function.ts'
import { binaryOp, call, get, i32, i64, loadAt, unary, type ValueType, type W } from '../../wasm/expression.ts'
import type { CompiledInstance } from '../layout.ts'
import type { Code } from '../program.ts'
import { transitionsJudged, type TransitionSystem } from '../transition-system.ts'
import { continuations } from './continuation.ts'
import { calledAt } from './names.ts'
import type { Observer } from './observer.ts'
import { stateIn, type PackedState } from './state.ts'
import { emitPaths, type Begin } from './successors.ts'
import { hasAcquisition, emitWaitsFrom } from './waits.ts'
import { writing } from './writing.ts'

/**
 * For each instance: (address of a state, where its successors go) -> the address behind the last of them.
 *
 * @param observer called for each transition while it is written
 */
export function emitSuccessors(m: Functions, system: TransitionSystem, observer: Observer): readonly number[] {
  const { model, layout } = system
  const parameters = ['i32', 'i32'] as const
  const transitions = transitionsJudged(system)
  return layout.instances.map((instance) => {
    const write = (f: Func, code: Code, begin: Begin): void => {
      const successor = 1
      const w = writing(f, model, layout)
      emitPaths({ w, instance, observer, successor, transitions, blocks }, code, begin)
      f.result(get(successor, 'i32'))
    }
    const roots = instance.thread.points.map(({ code }) => code)
    const blocks = continuations(m, layout, instance, roots, parameters, (f, block, state, { written }) => {
      // only what is said of whole transitions looks back
      const before = transitions.length === 0 ? state : stateIn(f, layout, get(0, 'i32'))
      write(f, block.next, { before, state, written })
    })
    return emitDispatch(m, system, instance, roots, parameters, {
      write: (f, parent, code) => {
        write(f, code, { before: parent, state: parent, written: new Set() })
      },
      nowhere: get(1, 'i32'),
    })
  })
}

/** For each instance: (address of a state, mask of instances) -> whether it waits for some of these alone. */
export function emitWaits(m: Functions, system: TransitionSystem, observer: Observer): readonly number[] {
  const { model, layout } = system
  const { instances } = layout
  const parameters = ['i32', 'i64'] as const
  return instances.map((instance) => {
    const write = (f: Func, code: Code, state: PackedState, inBlock: boolean): void => {
      const w = writing(f, model, layout)
      emitWaitsFrom({ w, instance, instances, observer, stuck: 1, blocks }, code, state, inBlock)
    }
    const roots = instance.thread.points.map(({ code }) =>
      code !== undefined && hasAcquisition(code) ? code : undefined,
    )
    const blocks = continuations(m, layout, instance, roots, parameters, (f, block, state) => {
      write(f, block.next, state, true)
    })
    return emitDispatch(m, system, instance, roots, parameters, {
      write: (f, parent, code) => {
        write(f, code, parent, false)
      },
      nowhere: i32(0),
    })
  })
}

interface Cases {
  /** Writes the function of one control point, over the state at the address in the first parameter. */
  readonly write: (f: Func, parent: PackedState, code: Code) => void
  /** The result at a point without code. */
  readonly nowhere: W
}

/**
 * A function that goes by the control point of an instance.
 *
 * @param roots the code of each control point
 *
 *     (block (block (block (br_table 0 1 2 (point)))
 *       (return (call $point-0 ...)))
 *       (return (call $point-1 ...)))
 *     (unreachable)
 */
function emitDispatch(
  m: Functions,
  { layout }: TransitionSystem,
  instance: CompiledInstance,
  roots: readonly (Code | undefined)[],
  parameters: readonly ValueType[],
  { write, nowhere }: Cases,
): number {
  const { point: slot } = instance
  const points = roots.map((code, n) =>
    code === undefined
      ? undefined
      : m.function(
          parameters,
          ['i32'],
          (f) => {
            write(f, stateIn(f, layout, get(0, 'i32')), code)
          },
          () => calledAt(instance, n),
        ),
  )
  return m.function(parameters, ['i32'], (f) => {
    const passed = parameters.map((type, i) => get(i, type))
    const resultAt = (point: number | undefined): W => (point === undefined ? nowhere : call(point, 'i32', ...passed))
    if (slot.packing.bits === 0) {
      f.result(resultAt(points[0]))
      return
    }
    const word = loadAt(64, get(0, 'i32'), 8 * slot.word)
    const mask = i64((1n << BigInt(slot.packing.bits)) - 1n)
    const point = unary('wrap', binaryOp('and64', binaryOp('shr64', word, i64(slot.shift)), mask))
    const choose = (targets: readonly BranchTarget[], rest: number): void => {
      if (rest === 0) {
        f.brTable([...targets].reverse(), point)
        return
      }
      f.block((t) => {
        choose([...targets, t], rest - 1)
      })
      f.return(resultAt(points[rest - 1]))
    }
    // the blocks are opened from the last point to the first, so that the first ends innermost
    choose([], points.length)
    f.unreachable()
  })
}
