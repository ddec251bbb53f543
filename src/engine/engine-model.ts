/** What the engine must know of a compiled model beside its code. */
import type { Compiled } from '../compiler/compile.ts'
import type { CompiledScalarset } from '../compiler/symmetry/compiled-symmetry.ts'
import type { ConfiguredModel } from '../language/ast.ts'

interface Counted {
  readonly length: number
}

/** A compiled model is one. That of `engineModelOf` is small, and plain data: another thread can be given it. */
export interface EngineModel {
  readonly model: ConfiguredModel
  readonly layout: { readonly words: number }
  /** The most successors of one state. */
  readonly fanOut: number
  readonly watched: Counted
  readonly edges: Counted
  readonly arms: Counted
  readonly symmetry: {
    readonly permutations: number
    readonly scalarsets: readonly Pick<CompiledScalarset, 'scalarset' | 'firstElement'>[]
  }
}

export const engineModelOf = ({ model, layout, fanOut, watched, edges, arms, symmetry }: Compiled): EngineModel => ({
  model,
  layout: { words: layout.words },
  fanOut,
  watched: { length: watched.length },
  edges: { length: edges.length },
  arms: { length: arms.length },
  symmetry: {
    permutations: symmetry.permutations,
    scalarsets: symmetry.scalarsets.map(({ scalarset, firstElement }) => ({ scalarset, firstElement })),
  },
})
