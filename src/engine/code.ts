/** The code of a compiled model, assembled: what is too large for that is a mistake of the model. */
import type { Compiled } from '../compiler/compile.ts'
import { withinStack } from '../compiler/stack.ts'
import { modelError } from '../language/errors.ts'
import type { EmitOptions } from './emit/scope.ts'
import { emitEngine } from './module.ts'

/**
 * Functions have a largest size, which a step with very many ways through it can pass.
 *
 * @throws ModelError HMM035
 */
export function moduleOf(compiled: Compiled, options: EmitOptions): WebAssembly.Module {
  const { model } = compiled
  const bytes = withinStack(model, () => emitEngine(compiled, options))
  try {
    return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error
    throw modelError('HMM035', `its code of ${bytes.length} bytes is too large: ${error.message}`, model.name)
  }
}
