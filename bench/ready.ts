/**
 * A scenario as both sides get it: configured, with the properties that are judged; for SPIN after the passes of
 * `check`.
 */
import { resetDeadLocals } from '../src/compiler/passes/dead-locals.ts'
import { dropUnread } from '../src/compiler/passes/unread.ts'
import type { ConfiguredModel } from '../src/language/ast.ts'
import { configure } from '../src/language/configure.ts'
import { selectProperties } from '../src/language/select.ts'
import { promela, type Promela } from './peers/promela/promela.ts'
import type { Scenario } from './scenarios.ts'

export function configured(s: Scenario): ConfiguredModel {
  const model = configure(s.model, s.configuration)
  return s.properties === undefined ? model : selectProperties(model, s.properties)
}
export const promelaOf = (s: Scenario): Promela => promela(resetDeadLocals(dropUnread(configured(s)).model), s.name)
