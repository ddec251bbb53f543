/** A protocol's model in one variant, one scenario and given sizes: what a check, or a schedule, is about. */
import type { Configuration } from '../language/ast.ts'
import { leftOutOf } from './left-out.ts'
import type { Protocol, Scenario, Variant } from './protocol.ts'
import { UsageError } from './usage.ts'
import { didYouMean } from '../language/near.ts'

/** A protocol's model in one variant and scenario: `configure(protocol.model, setting.configuration)` closes it. */
export interface Setting {
  /** The protocol whose model it is. */
  readonly protocol: Protocol
  /** With which constants. */
  readonly variant: Variant
  /** With which threads and sizes. */
  readonly scenario: Scenario
  /** The size of each parameter, by its name. */
  readonly sizes: Readonly<Record<string, number>>
  /** Whether the sizes are the scenario's own. */
  readonly asScenario: boolean
  /** The same, in the terms of the model. */
  readonly configuration: Configuration
}

/** The names of a setting. A name that is left out stands for the default. */
export interface SettingNames {
  /** `fixed` if the protocol has it, else its first variant. */
  readonly variant?: string | undefined
  /** The protocol's first scenario. */
  readonly scenario?: string | undefined
  /** Sizes that differ from the scenario's, by parameter. */
  readonly sizes?: Readonly<Record<string, number>> | undefined
}

/**
 * The claims of a variant in a scenario, by name: those that its model declares and those judged of every model,
 * without those that the variant or the scenario leaves out.
 */
export function claimedIn({
  protocol,
  variant,
  scenario,
}: Pick<Setting, 'protocol' | 'variant' | 'scenario'>): readonly string[] {
  const notClaimed = new Set([
    ...(variant.notClaimed ?? []),
    ...leftOutOf(scenario)
      .filter(({ but }) => !but.includes(variant.name))
      .map(({ hang }) => hang),
  ])
  return protocol.model.properties.map(({ name }) => name).filter((name) => !notClaimed.has(name))
}

/** The variant that a protocol's name alone stands for. */
export function defaultVariant({ variants }: Protocol): string | undefined {
  return (variants.find(({ name }) => name === 'fixed') ?? variants[0])?.name
}

/**
 * Joins names and numbers to what they stand for.
 *
 * @throws UsageError if a variant, scenario or parameter does not exist, or a size is outside its parameter's limits
 */
export function settingOf(protocol: Protocol, names: SettingNames = {}): Setting {
  const variant = byName(
    protocol,
    'HMM202',
    'variant',
    protocol.variants,
    names.variant ?? defaultVariant(protocol) ?? 'fixed',
  )
  const scenario = byName(
    protocol,
    'HMM203',
    'scenario',
    protocol.scenarios,
    names.scenario ?? protocol.scenarios[0]?.name ?? 'default',
  )
  const sizes = sizesOf(protocol, scenario, names.sizes ?? {})
  const configuration: Configuration = {
    sizes: Object.fromEntries(Object.entries(protocol.parameters).map(([name, { sort }]) => [sort, sizes[name] ?? 0])),
    constants: constantsOf(protocol, variant, scenario),
    ...(scenario.threads === undefined ? {} : { threads: scenario.threads }),
  }
  const asScenario = Object.keys(sizes).every((name) => sizes[name] === scenario.sizes[name])
  return { protocol, variant, scenario, sizes, asScenario, configuration }
}

function byName<T extends { readonly name: string }>(
  protocol: Protocol,
  code: string,
  what: string,
  all: readonly T[],
  name: string,
): T {
  const found = all.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new UsageError(
    code,
    `${protocol.name} has no ${what} ${name}`,
    didYouMean(
      name,
      all.map((one) => one.name),
    ),
  )
}

function sizesOf(
  protocol: Protocol,
  scenario: Scenario,
  changed: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = Object.keys(protocol.parameters)
  const unknown = Object.keys(changed).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new UsageError('HMM205', `${protocol.name} has no parameter ${unknown}`, didYouMean(unknown, names))
  return Object.fromEntries(
    Object.entries(protocol.parameters).map(([name, { min, max, summary }]) => {
      const size = changed[name] ?? scenario.sizes[name] ?? min
      if (Number.isInteger(size) && size >= min && size <= max) return [name, size]
      const limits = min === max ? `exactly ${min}` : `a whole number from ${min} to ${max}`
      throw new UsageError(
        'HMM206',
        `${protocol.name} can't be checked with ${name}=${size}`,
        `make ${name} (${summary}) ${limits}`,
      )
    }),
  )
}

/**
 * The constants of a scenario are added to those of the variant. If both set a constant, differently, that is a mistake
 * in the catalogue: neither must win silently.
 */
function constantsOf(protocol: Protocol, variant: Variant, scenario: Scenario): Configuration['constants'] {
  const constants = { ...scenario.constants, ...variant.constants }
  const clash = Object.entries(scenario.constants ?? {}).find(([name, value]) => constants[name] !== value)
  if (clash === undefined) return constants
  const [name, value] = clash
  throw new UsageError(
    'HMM214',
    `in ${protocol.name}, the scenario ${scenario.name} sets ${name} to ${String(value)}, the variant ${variant.name} to ${String(constants[name])}`,
    'let only one of them set it',
  )
}
