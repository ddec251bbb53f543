/** The threads of a model, lowered: control points with code, and slots for locals. */
import type { ConfiguredModel, Instance, ModelThread } from '../language/ast.ts'
import { identityOf, rememberedByKey } from '../language/remembered.ts'
import { internal, zeroCode } from './encoding.ts'
import { localSlots, type LocalSlots } from './local-slots.ts'
import { lowerThread } from './lowering/lower.ts'
import type { Program } from './program.ts'

export interface CompiledThread extends Omit<Program, 'points'>, LocalSlots {
  /** The thread as the model has it. */
  readonly source: ModelThread
  /** Numbers of its first edge among those of all threads, and of its first arm among those of all. */
  readonly firstEdge: number
  readonly firstArm: number
}

/** A running copy of a thread. */
export interface RunningThread extends Omit<Instance, 'thread'> {
  /** Its place among the instances, which is its id of the sort `Thread`. */
  readonly number: number
  readonly thread: CompiledThread
}

const threads = rememberedByKey<ModelThread, Omit<Program, 'points'> & LocalSlots>()

/** The program of a thread, and its slots: they depend on the types of the variables, and on the sizes. */
function lowered(model: ConfiguredModel, thread: ModelThread, copies?: number): Omit<Program, 'points'> & LocalSlots {
  const key = JSON.stringify([identityOf(model.variables), model.sizes, copies])
  return threads(thread, key, () => {
    const program = lowerThread(model, thread, copies)
    return { ...program, ...localSlots(program, thread.locals, (type) => zeroCode(type, model.sizes) === 0n) }
  })
}

/** @param copies nodes of code that may be written again for another path: `withBlocks` */
export function compileThreads(model: ConfiguredModel, copies?: number): readonly CompiledThread[] {
  let [firstEdge, firstArm] = [0, 0]
  return model.threads.map((source) => {
    const thread: CompiledThread = { ...lowered(model, source, copies), source, firstEdge, firstArm }
    firstEdge += thread.edges.length
    firstArm += thread.arms.length
    return thread
  })
}

export const runningThreads = (model: ConfiguredModel, threads: readonly CompiledThread[]): readonly RunningThread[] =>
  model.instances.map(({ thread, ...instance }, number) => ({
    ...instance,
    number,
    thread: threads[thread] ?? internal(`an instance of thread ${thread}, which is none`),
  }))
