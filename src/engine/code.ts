/** The code of a compiled model, assembled: what is too large for that is a mistake of the model. */
import type { Compiled } from '../compiler/compile.ts'
import { withinStack } from '../compiler/stack.ts'
import { modelError } from '../language/errors.ts'
import { undivided } from './division.ts'
import type { EmitOptions } from './emit/scope.ts'
import type { EngineModel } from './engine-model.ts'
import { emitEngine } from './module.ts'

/** The modules of each compiled model, by their options: a search and what asks about its states share one. */
const modules = new WeakMap<Compiled, Map<string, WebAssembly.Module>>()

/** The module for these options: emitted when it is first asked for. */
export function moduleOf(compiled: Compiled, options: EmitOptions): WebAssembly.Module {
  const known = modules.get(compiled) ?? new Map<string, WebAssembly.Module>()
  modules.set(compiled, known)
  const { division = undivided, hashBits = null, fingerprint = null } = options
  const key = JSON.stringify([division.workers, division.partitions, hashBits, fingerprint])
  const code = known.get(key) ?? assemble(compiled, () => emitEngine(compiled, options))
  known.set(key, code)
  return code
}

/** Where the code of a model comes from: it is emitted here, or another thread has emitted it. */
export interface CodeSource {
  readonly model: EngineModel
  codeFor(options: EmitOptions): WebAssembly.Module
}

/** The code of a model that was compiled in this thread. */
export const sourceOf = (compiled: Compiled): CodeSource => ({
  model: compiled,
  codeFor: (options) => moduleOf(compiled, options),
})

/**
 * Functions have a largest size, which a step with very many executions can exceed.
 *
 * @throws ModelError HMM035
 */
export function assemble({ model }: Compiled, emit: () => Uint8Array): WebAssembly.Module {
  const bytes = withinStack(model, emit)
  try {
    return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error
    throw modelError('HMM035', `its code of ${bytes.length} bytes is too large: ${error.message}`, model.name)
  }
}
