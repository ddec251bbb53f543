/** The warnings that need only a model's text, not a run of it. */
import type { ConfiguredModel } from '../language/ast.ts'
import { wholeOf } from '../language/configure.ts'
import { assertionWarnings } from './assertions.ts'
import { idleWarnings } from './idle.ts'
import { unchangedWarnings } from './unchanged.ts'
import { distinct, type Warning } from './warning.ts'

/**
 * @param model configured, with all of its properties: what is not selected is declared all the same
 * @param elsewhere fields that another model of the same text changes
 */
export function staticWarnings(model: ConfiguredModel, elsewhere: readonly string[] = []): readonly Warning[] {
  return distinct([
    ...assertionWarnings(wholeOf(model)),
    ...unchangedWarnings(wholeOf(model), elsewhere),
    ...idleWarnings(model),
  ])
}
