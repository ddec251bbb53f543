/** The steps of a model that nothing explored has taken. */
import type { Compiled } from '../compiler/compile.ts'
import { statementLabel } from '../language/labels.ts'
import type { BranchTaken } from '../analysis/untaken.ts'
import type { NeverTaken } from './result.ts'

/** @param taken by edge: 1 if it was */
export function neverTaken({ edges, model }: Compiled, taken: Uint8Array): readonly NeverTaken[] {
  return edges.flatMap(({ thread: number, statement, path, arm }, n) => {
    const thread = model.threads[number]
    if (taken[n] !== 0 || statement === undefined || thread === undefined) return []
    return [{ thread: thread.name, path, label: statementLabel(statement, thread, arm) }]
  })
}

/**
 * Every step and branch that the model has, and whether it was taken.
 *
 * @param taken by edge, then by arm
 * @param begun by thread, the paths that were gone through before the first state, which are not part of a transition
 */
export function branchesTaken(
  { edges, arms }: Compiled,
  taken: Uint8Array,
  begun: readonly (readonly string[])[],
): readonly BranchTaken[] {
  return [...edges, ...arms].flatMap(({ thread, statement, path, arm }, n) =>
    statement === undefined
      ? []
      : [
          {
            thread,
            path,
            statement,
            arm,
            taken: taken[n] !== 0 || begun[thread]?.includes(path) === true,
          },
        ],
  )
}
