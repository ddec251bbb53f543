/**
 * The `check` of `import { check } from 'hmmcheck'`: it checks a protocol by the names of its variant and scenario.
 */
import type { ConfiguredModel } from '../language/ast.ts'
import { alwaysJudged } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import { isProtocol } from '../catalogue/define.ts'
import { didYouMean } from '../language/near.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { claimedIn, settingOf, type Setting, type SettingNames } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { check } from './check.ts'
import type { CheckOptions, CheckResult } from './result.ts'

/** The variant, scenario and sizes to check a protocol in, and how. */
export interface ProtocolCheckOptions extends CheckOptions, SettingNames {
  /** Names of the properties to judge; those that the variant claims, if absent. */
  readonly properties?: readonly string[]
}

/** The result for a protocol: with the variant, scenario and sizes that were checked. */
export interface ProtocolResult extends CheckResult {
  /** The setting that was checked. `originOf(result.setting)` is the origin of a schedule. */
  readonly setting: Setting
}

/**
 * Explores every reachable state of a protocol in one variant and scenario, and judges its properties.
 *
 *     const result = await check(my_driver, { variant: 'first-attempt', scenario: 'core' })
 *     result.verdict                               // 'violated'
 *     console.log(draw(result.counterexample))
 *
 * @param protocol of `defineProtocol`; or a model that `configure` closed, whose properties are all judged
 * @param options variant, scenario and sizes, and limits; without any, `fixed` in the first scenario, without a limit
 * @returns the verdict of each property. A violated one has its counterexample, one that must be possible its witness;
 *   `counterexample` is that of the first violated property
 * @throws UsageError if the protocol has no such variant, scenario, parameter, size or property
 * @throws ModelError if the model cannot be run: an `initially` without outcome, a state too large
 */
export function checkAny(protocol: Protocol, options?: ProtocolCheckOptions): Promise<ProtocolResult>
export function checkAny(model: ConfiguredModel, options?: CheckOptions): Promise<CheckResult>
export function checkAny(
  subject: Protocol | ConfiguredModel,
  options: ProtocolCheckOptions = {},
): Promise<CheckResult> {
  return isProtocol(subject) ? checkProtocol(subject, options) : check(subject, options)
}

/** The same, of a protocol alone. */
export async function checkProtocol(
  protocol: Protocol,
  { variant, scenario, sizes, properties, ...options }: ProtocolCheckOptions,
): Promise<ProtocolResult> {
  const setting = settingOf(protocol, { variant, scenario, sizes })
  const declared = protocol.model.properties.map(({ name }) => name)
  const implicit = alwaysJudged(protocol.model).map(({ name }) => name)
  const unknown = properties?.find((name) => !declared.includes(name) && !implicit.includes(name))
  if (unknown !== undefined)
    throw new UsageError('HMM204', `${protocol.name} has no property ${unknown}`, didYouMean(unknown, declared))
  const model = configure(protocol.model, setting.configuration)
  const names = { variant: setting.variant.name, scenario: setting.scenario.name }
  return { ...(await check(model, { ...options, names, properties: properties ?? claimedIn(setting) })), setting }
}
