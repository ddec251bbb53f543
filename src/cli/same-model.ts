/**
 * A variant whose model, in a scenario, is that of the default variant. What sets them apart has no part there, or
 * another part takes its place in the text. So a `holds` of it is that of the default variant.
 */
import { defaultVariant, settingOf, type Setting } from '../catalogue/setting.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { canonicalJson } from '../language/canonical-json.ts'
import { configure } from '../language/configure.ts'
import { isDocumentation } from '../language/documentation.ts'

/** The parts of a configured model on which a search depends: variants share most of them. */
const partsOf = ({ variables, initially, threads, instances, properties }: ConfiguredModel): readonly unknown[] => [
  variables,
  initially ?? null,
  instances,
  properties,
  ...threads,
]

/**
 * The name of the default variant, if it is another one and its model is the same in this scenario, at these sizes.
 *
 * @param model that of the setting
 */
export function sameAs(setting: Setting, model: ConfiguredModel): string | undefined {
  const { protocol, variant, scenario, sizes } = setting
  const name = defaultVariant(protocol)
  if (name === undefined || name === variant.name) return undefined
  const other = configure(protocol.model, settingOf(protocol, { scenario: scenario.name, sizes }).configuration)
  const [mine, theirs] = [partsOf(model), partsOf(other)]
  const isSame = (part: unknown, n: number): boolean =>
    part === theirs[n] || canonicalJson(part, isDocumentation) === canonicalJson(theirs[n], isDocumentation)
  return mine.length === theirs.length && mine.every(isSame) ? name : undefined
}
