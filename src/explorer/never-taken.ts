/** The steps of a model that nothing explored has taken. */
import type { Compiled } from '../compiler/compile.ts'
import { statementLabel } from '../language/labels.ts'
import type { NeverTaken } from './result.ts'

/** @param taken by edge: 1 if it was */
export function neverTaken({ edges, model }: Compiled, taken: Uint8Array): readonly NeverTaken[] {
  return edges.flatMap(({ thread: number, statement, path, arm }, n) => {
    const thread = model.threads[number]
    if (taken[n] !== 0 || statement === undefined || thread === undefined) return []
    return [{ thread: thread.name, path, label: statementLabel(statement, thread, arm) }]
  })
}
