/** The symmetry of a model in terms of its packed states: what the engine needs to find the form of an orbit. */
import type { ConfiguredModel } from '../../language/ast.ts'
import type { Layout } from '../layout.ts'
import { actionOf, type Action } from './action.ts'
import { exchangeOf, type Scalarset } from './scalarset.ts'
import { signatureOf, type SignatureColumn } from './signature.ts'
import { permutationsOf } from './symmetry.ts'

export interface CompiledSymmetry {
  readonly scalarsets: readonly CompiledScalarset[]
  /** Permutations of all of them together: 1 if there is nothing to permute. */
  readonly permutations: number
}

export interface CompiledScalarset {
  readonly scalarset: Scalarset
  /** The number of its first element among those of all scalarsets. */
  readonly firstElement: number
  /** The actions that exchange an element with the next, by the first of the two. */
  readonly exchanges: readonly Action[]
  readonly signature: readonly SignatureColumn[]
}

export function compileSymmetry(
  model: ConfiguredModel,
  layout: Layout,
  scalarsets: readonly Scalarset[],
): CompiledSymmetry {
  const actions = scalarsets.map((scalarset) =>
    Array.from({ length: scalarset.size - 1 }, (_, first) =>
      actionOf(model, layout, exchangeOf(model, scalarset, first)),
    ),
  )
  let firstElement = 0
  return {
    permutations: permutationsOf(scalarsets),
    scalarsets: scalarsets.map((scalarset, n) => {
      const compiled: CompiledScalarset = {
        scalarset,
        firstElement,
        exchanges: actions[n] ?? [],
        signature: signatureOf(actions, n),
      }
      firstElement += scalarset.size
      return compiled
    }),
  }
}
