/** The result of an exhaustive check, as the page shows it. */
import { definedFields } from '../language/defined-fields.ts'
import type { CheckResult } from '../explorer/result.ts'
import { shownName } from '../language/claims.ts'
import { kinds } from '../semantics/kinds/index.ts'
import type { Judged } from './messages.ts'

export function judgedOf(result: CheckResult): Judged {
  const { verdict, incomplete, states, transitions, depth, seconds, searchSeconds, warnings, neverTaken } = result
  return {
    verdict,
    ...definedFields({ incomplete }),
    states,
    transitions,
    depth,
    seconds,
    searchSeconds,
    properties: result.properties.map((property) => ({
      name: shownName(property, result.properties),
      kind: property.kind,
      verdict: property.verdict,
      meaning: kinds[property.kind].meaning,
      ...definedFields({ steps: property.steps, why: property.why }),
    })),
    warnings: warnings.map(({ code, what, at }) => `${code}: ${what} (${at})`),
    neverTaken: neverTaken.length,
  }
}
