/** What a matcher checks: a protocol in a variant, scenario and sizes, with limits. */
import { check } from '../explorer/check.ts'
import type { CheckOptions, CheckResult } from '../explorer/result.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { alwaysJudged } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import { didYouMean } from '../language/near.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { claimedIn, settingOf } from '../catalogue/setting.ts'
import type { Setting, SettingNames } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'

/** The variant, scenario and sizes to check a protocol in, its properties, and limits. */
export interface CheckedAs
  extends SettingNames,
    Pick<CheckOptions, 'workers' | 'maxStates' | 'maxMemory' | 'timeout' | 'keepDeadLocals' | 'minimize'> {
  /** Names of the properties to judge; those that the variant claims if absent. */
  readonly properties?: readonly string[]
}

/** A check that is over. */
export interface Run {
  readonly setting: Setting
  readonly model: ConfiguredModel
  readonly result: CheckResult
}

/** @throws UsageError if the protocol has no such variant, scenario, parameter, size or property */
export async function run(
  protocol: Protocol,
  { variant, scenario, sizes, properties, ...limits }: CheckedAs,
): Promise<Run> {
  const setting = settingOf(protocol, { variant, scenario, sizes })
  const declared = protocol.model.properties.map(({ name }) => name)
  const implicit = alwaysJudged(protocol.model).map(({ name }) => name)
  const unknown = properties?.find((name) => !declared.includes(name) && !implicit.includes(name))
  if (unknown !== undefined)
    throw new UsageError('HMM204', `${protocol.name} has no property ${unknown}`, didYouMean(unknown, declared))
  const model = configure(protocol.model, setting.configuration)
  return { setting, model, result: await check(model, { ...limits, properties: properties ?? claimedIn(setting) }) }
}
