/**
 * A variant whose model, in a scenario, is that of the default variant: what sets them apart has no part there, or
 * another part makes up for it in the text. Its `holds` is that of the default variant, and says nothing of the rest.
 */
import { defaultVariant, settingOf, type Setting } from '../catalogue/setting.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { configure } from '../language/configure.ts'

/** The parts of a configured model on which a search depends. */
const partsOf = ({ variables, initially, threads, instances, properties }: ConfiguredModel): readonly unknown[] => [
  variables,
  initially,
  instances,
  properties,
  ...threads,
]

/** A part as text, without its lines: two branches of an `If` may say the same. */
const textOf = (part: unknown): string | undefined =>
  JSON.stringify(part, (key, value: unknown) =>
    key === 'at' ? undefined : typeof value === 'bigint' ? String(value) : value,
  )

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
  const isSame = (part: unknown, n: number): boolean => part === theirs[n] || textOf(part) === textOf(theirs[n])
  return mine.length === theirs.length && mine.every(isSame) ? name : undefined
}
