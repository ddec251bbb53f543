/**
 * Functions of single thread instances, written into a module: the successors that an instance has, and whether it
 * waits for others. Each goes by the control point that the instance is at; each point has a function of its own.
 */
import type { Property } from '../language/ast.ts'
import { call, get, i32, i64, binary, load, unary, type ValueType, type W } from '../wasm/expression.ts'
import type { Func, Module, Target } from '../wasm/assembler.ts'
import type { Compiled } from './compile.ts'
import { continuations } from './continuation.ts'
import { internal } from './encoding.ts'
import type { Code, Program } from './program.ts'
import type { State } from './state.ts'
import { acquires, stateIn, writePoint, writer, writeWaiting, type Begin, type Observer } from './transition.ts'

/** The parts of a compiled model that functions are written from. */
export type Functional = Pick<Compiled, 'model' | 'layout' | 'programs' | 'watched'>

const programOf = ({ model, programs }: Functional, instance: number): Program =>
  programs[model.instances[instance]?.thread ?? -1] ?? internal('no program')

/** The properties of transitions that are judged. */
const transitionsJudged = ({ watched }: Functional): readonly Property[] =>
  watched.flatMap(({ property, by }) => (property?.kind === 'transition' && by === 'itself' ? [property] : []))

/**
 * For each instance: (address of a state, where its successors go) -> the address behind the last of them.
 *
 * @param observer is told of each transition while it is written
 */
export function emitSuccessors(m: Module, compiled: Functional, observer: Observer): readonly number[] {
  const { model, layout } = compiled
  const parameters = ['i32', 'i32'] as const
  const transitions = transitionsJudged(compiled)
  return model.instances.map((_, instance) => {
    const program = programOf(compiled, instance)
    const write = (f: Func, code: Code, begin: Begin): void => {
      const successor = 1
      const w = writer(f, model, layout)
      writePoint(w, model, layout, program, instance, code, begin, successor, observer, transitions, blocks)
      f.result(get(successor, 'i32'))
    }
    const blocks = continuations(m, layout, instance, program, parameters, (f, block, state, { written }) => {
      // only what is said of whole transitions looks back
      const before = transitions.length === 0 ? state : stateIn(f, layout, get(0, 'i32'))
      write(f, block.next, { before, state, written })
    })
    return emitDispatch(m, compiled, instance, program, parameters, {
      write: (f, parent, code) => {
        write(f, code, { before: parent, state: parent, written: new Set() })
      },
      nowhere: get(1, 'i32'),
    })
  })
}

/** For each instance: (address of a state, mask of instances) -> whether it waits for some of these alone. */
export function emitWaits(m: Module, compiled: Functional, observer: Observer): readonly number[] {
  const { model, layout } = compiled
  const parameters = ['i32', 'i64'] as const
  return model.instances.map((_, instance) => {
    const whole = programOf(compiled, instance)
    const program = { ...whole, code: whole.code.map((c) => (acquires(c) ? c : undefined)) }
    const write = (f: Func, code: Code, state: State, inBlock: boolean): void => {
      writeWaiting(writer(f, model, layout), model, layout, instance, code, state, 1, observer, blocks, inBlock)
    }
    const blocks = continuations(m, layout, instance, program, parameters, (f, block, state) => {
      write(f, block.next, state, true)
    })
    return emitDispatch(m, compiled, instance, program, parameters, {
      write: (f, parent, code) => {
        write(f, code, parent, false)
      },
      nowhere: i32(0),
    })
  })
}

interface Cases {
  /** Writes the function of one control point, over the state at the address in the first parameter. */
  readonly write: (f: Func, parent: State, code: Code) => void
  /** The result at a point without code. */
  readonly nowhere: W
}

/**
 * A function that goes by the control point of an instance.
 *
 *     (block (block (block (br_table 0 1 2 (point)))
 *       (return (call $point-0 ...)))
 *       (return (call $point-1 ...)))
 *     (unreachable)
 */
function emitDispatch(
  m: Module,
  { layout }: Functional,
  instance: number,
  program: Program,
  parameters: readonly ValueType[],
  { write, nowhere }: Cases,
): number {
  const points = program.code.map((code) =>
    code === undefined
      ? undefined
      : m.function(parameters, ['i32'], (f) => {
          write(f, stateIn(f, layout, get(0, 'i32')), code)
        }),
  )
  return m.function(parameters, ['i32'], (f) => {
    const slot = layout.points[instance] ?? internal('no control point')
    const passed = parameters.map((type, i) => get(i, type))
    const resultAt = (point: number | undefined): W => (point === undefined ? nowhere : call(point, 'i32', ...passed))
    if (slot.packing.bits === 0) {
      f.result(resultAt(points[0]))
      return
    }
    const word = load(64, get(0, 'i32'), 8 * slot.word)
    const mask = i64((1n << BigInt(slot.packing.bits)) - 1n)
    const point = unary('wrap', binary('and64', binary('shr64', word, i64(slot.shift)), mask))
    const choose = (targets: readonly Target[], rest: number): void => {
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
