/** The state in which every variable has its zero. */
import type { ConfiguredModel } from '../language/ast.ts'
import type { PlainState } from '../semantics/machine.ts'
import { plain, zero } from '../semantics/values.ts'

/** The shared variables at their zeros, without threads. */
export function zeroState({ variables, sizes }: ConfiguredModel): PlainState {
  return {
    shared: Object.fromEntries(variables.map(({ name, type }) => [name, plain(sizes, type, zero(sizes, type))])),
    threads: [],
  }
}
