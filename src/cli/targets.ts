/** What a check is to be of: one named model, or the runs of the whole catalogue. */
import type { Catalogue, Expectation, Protocol } from '../language/protocol.ts'
import { settingOf } from '../language/setting.ts'
import type { Setting } from '../language/setting.ts'
import { didYouMean } from '../language/near.ts'
import { UsageError } from '../language/usage.ts'
import { protocolNamed } from './catalogues.ts'

/** One run. */
export interface Target {
  readonly setting: Setting
  /** Names of the properties to judge. */
  readonly properties: readonly string[]
  /** Whether they were asked for by name. */
  readonly chosen: boolean
  readonly expectation?: Expectation
}

/** What the command line says of a target. */
export interface Chosen {
  readonly scenario?: string | undefined
  readonly sizes?: Readonly<Record<string, number>> | undefined
  readonly properties?: readonly string[] | undefined
}

/** `mirror-2017@as-posted` in its parts. */
export function parseModel(text: string): { readonly model: string; readonly variant?: string } {
  const [, model, variant] = /^([^@]+)(?:@([^@]+))?$/.exec(text) ?? []
  if (model === undefined) throw new UsageError('HMM201', `${text} names no model; expected MODEL or MODEL@VARIANT, like mirror-2017@as-posted`)
  return { model, ...(variant === undefined ? {} : { variant }) }
}

/** The run that a name stands for. */
export function namedTarget(catalogue: Catalogue, text: string, { scenario, sizes, properties }: Chosen): Target {
  const { model, variant } = parseModel(text)
  const protocol = protocolNamed(catalogue, model)
  const setting = settingOf(protocol, { variant, scenario, sizes })
  return targetOf(setting, properties)
}

/** A run for each expectation of seconds, or for each of those that take more; of a protocol that has none at all, its default. */
export function catalogueTargets(catalogue: Catalogue, { large = false }: { readonly large?: boolean | undefined } = {}): readonly Target[] {
  return catalogue.flatMap((protocol) => {
    const pairs = protocol.expectations
      .filter(({ scenario }) => (protocol.scenarios.find(({ name }) => name === scenario)?.large === true) === large)
      .map(({ variant, scenario }) => settingOf(protocol, { variant, scenario }))
    const settings = protocol.expectations.length === 0 && !large ? [settingOf(protocol)] : pairs
    return settings.filter((one, at) => settings.findIndex((other) => isSame(one, other)) === at).map((setting) => targetOf(setting, undefined))
  })
}

const isSame = (a: Setting, b: Setting): boolean => a.variant.name === b.variant.name && a.scenario.name === b.scenario.name

function targetOf(setting: Setting, chosen: readonly string[] | undefined): Target {
  const { protocol, variant, scenario, asScenario } = setting
  if (chosen !== undefined && chosen.length > 0) return { setting, properties: chosenProperties(protocol, chosen), chosen: true }
  const expectation = asScenario ? protocol.expectations.find((one) => one.variant === variant.name && one.scenario === scenario.name) : undefined
  return {
    setting, chosen: false,
    // Asked for when its turn has come: of a catalogue, not every model is built at once.
    get properties() { return protocol.model.properties.map(({ name }) => name).filter((name) => variant.notClaimed?.includes(name) !== true) },
    ...(expectation === undefined ? {} : { expectation }),
  }
}

function chosenProperties({ name, model }: Protocol, chosen: readonly string[]): readonly string[] {
  const known = model.properties.map((property) => property.name)
  const unknown = chosen.find((property) => !known.includes(property))
  if (unknown !== undefined) throw new UsageError('HMM204', `${name} has no property ${unknown}; ${didYouMean(unknown, known)}`)
  return known.filter((property) => chosen.includes(property))
}
