/** The fingerprint of a configured model: changes when its meaning may have changed, not when a line moved. */
import { canonicalJson } from '../language/canonical-json.ts'
import type { ConfiguredModel, Statement } from '../language/ast.ts'
import { isAlwaysJudged, isSameClaim } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { isDocumentation } from '../language/documentation.ts'
import { withoutProperties } from '../language/select.ts'
import { visitStatements } from '../language/walk.ts'
import { sha256 } from './sha256.ts'

/** The behaviour of models, by the model: the same for all their properties, and large. */
const digests = new WeakMap<ConfiguredModel, string>()

/**
 * The digest of a configured model and one of its properties, without documentation.
 *
 * It covers what the model does, and what it claims so; other properties may come, go and change.
 *
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function digestOf(model: ConfiguredModel, property: Claim): string {
  const does = digests.get(model) ?? sha256(canonicalJson(withoutProperties(model), isDocumentation))
  digests.set(model, does)
  const claims: unknown[] = model.properties.filter((one) => isSameClaim(one, property))
  const says = (statement: Statement): boolean =>
    statement.kind === 'assert'
      ? isSameClaim({ kind: statement.always ? 'misuse' : 'assertion', name: statement.property }, property)
      : statement.kind === 'cover' && !isAlwaysJudged(property.kind) && statement.property === property.name
  for (const { name: thread, body } of model.threads) {
    visitStatements(body, (statement) => {
      if (says(statement)) claims.push({ thread, ...statement })
    })
  }
  return `sha256:${sha256(does + canonicalJson(claims, isDocumentation))}`
}
