/**
 * The runs that a check consists of: one run that is named outright, those that patterns and several names stand for,
 * or those of a whole catalogue.
 */
import type { Family } from '../analysis/family.ts'
import type { Warning } from '../analysis/warning.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { Catalogue, Expectation, Protocol } from '../catalogue/protocol.ts'
import { alwaysJudged } from '../language/claims.ts'
import { claimedIn, settingOf } from '../catalogue/setting.ts'
import type { Setting } from '../catalogue/setting.ts'
import { didYouMean } from '../language/near.ts'
import { UsageError } from '../catalogue/usage.ts'
import { everyProtocol, protocolNamed, catalogueInUse, unknownModel } from './catalogues.ts'
import type { Catalogues } from './catalogues.ts'
import type { Environment } from './environment.ts'
import { unlessMistaken } from '../catalogue/mistakes.ts'
import type { CheckSelection } from './options/check.ts'
import { isPattern, matching } from './patterns.ts'

/** One run. */
export interface RunTarget {
  readonly setting: Setting
  /** Names of the properties to judge. */
  readonly properties: readonly string[]
  /** Whether they were asked for by name. */
  readonly chosen: boolean
  readonly expectation?: Expectation
  /** Scenarios of the protocol in which the command does not check the variant. */
  readonly notChecked: readonly string[]
  /** Whether the model is the user's. */
  readonly isUsers?: true
  /** The other models of its catalogue. */
  readonly family?: Family
  /**
   * For the first run of a user's model: the procedures and threads of the user's files that none of the user's models
   * has.
   */
  readonly unrecorded?: () => Promise<readonly Warning[]>
}

/** Whether the words name one run: then its exit code is its verdict, and it is printed in full. */
export function isOneRun(words: readonly string[], { scenario = [] }: Pick<CheckSelection, 'scenario'>): boolean {
  return words.length === 1 && scenario.length <= 1 && ![...words, ...scenario].some(isPattern)
}

/**
 * The runs that a command line stands for, each once.
 *
 * @param words models as they were typed, `my-driver`, `my-driver@fixed`, `my-*@*`; without any, the catalogue
 * @param relativeOf what is known of a model without reading it
 * @throws UsageError if a model, variant, scenario, parameter, size or property does not exist, or nothing matches a
 *   pattern
 */
export function targetsOf(
  catalogues: Catalogues,
  words: readonly string[],
  wanted: CheckSelection,
  relativeOf?: Environment['relativeOf'],
): readonly RunTarget[] {
  const { scenario, config, property, large, all } = wanted
  const targets =
    words.length === 0
      ? catalogueTargets(catalogueInUse(catalogues, all), { large })
      : targetsFor(
          words.flatMap((word) => settingsOf(catalogues, word, { scenario, sizes: config, large, all })),
          property,
        )
  const isUsers = ({ setting: { protocol } }: RunTarget): boolean => catalogues.users.includes(protocol)
  const first = targets.findIndex(isUsers)
  return targets.map((target, n) => ({
    setting: target.setting,
    chosen: target.chosen,
    notChecked: target.notChecked,
    ...definedFields({ expectation: target.expectation }),
    get properties() {
      return target.properties
    },
    family: familyIn(isUsers(target) ? catalogues.users : catalogues.own, target.setting.protocol, relativeOf),
    ...(isUsers(target) ? { isUsers: true } : {}),
    ...(n === first ? { unrecorded: () => unrecorded(catalogues.users) } : {}),
  }))
}

/** Few checks are of a user's models: all others do without the words of the language. */
async function unrecorded(users: Catalogue): Promise<readonly Warning[]> {
  const { unrecordedOf } = await import('./unrecorded.ts')
  return unrecordedOf(users)
}

/** The models of the others; one that cannot be recorded says nothing. */
const familyIn = (catalogue: Catalogue, mine: Protocol, relativeOf: Environment['relativeOf']): Family =>
  function* () {
    for (const protocol of catalogue) {
      if (protocol === mine) continue
      const relative = relativeOf?.(protocol) ?? unlessMistaken(() => protocol.model)
      if (relative !== undefined) yield relative
    }
  }

interface Meant {
  readonly scenario: readonly string[] | undefined
  readonly sizes: Readonly<Record<string, number>> | undefined
  readonly large: true | undefined
  readonly all: true | undefined
}

function settingsOf(catalogues: Catalogues, word: string, { scenario, sizes, large, all }: Meant): readonly Setting[] {
  const { model, variant } = parseModel(word)
  return protocolsOf(catalogues, model, all).flatMap((protocol) => {
    const variants =
      variant === undefined
        ? [variant]
        : namesOf(
            protocol,
            'HMM202',
            'variant',
            variant,
            protocol.variants.map(({ name }) => name),
          )
    const scenarios =
      scenario === undefined
        ? [scenario]
        : scenario.flatMap((name) => (isPattern(name) ? scenariosOf(protocol, name, large) : [name]))
    return scenarios.flatMap((one) =>
      variants.map((name) => settingOf(protocol, { variant: name, scenario: one, sizes })),
    )
  })
}

/**
 * The protocols that match a name or a pattern. A pattern matches in the catalogue in use; only if nothing matches
 * there, in the others.
 *
 * @throws UsageError HMM201
 */
export function protocolsOf(catalogues: Catalogues, model: string, all: true | undefined): Catalogue {
  const every = everyProtocol(catalogues)
  if (!isPattern(model)) return [protocolNamed(every, model)]
  const of = (catalogue: Catalogue): Catalogue => catalogue.filter(({ name }) => matching(model)(name))
  const spoken = of(catalogueInUse(catalogues, all))
  const found = spoken.length > 0 ? spoken : of(every)
  if (found.length > 0) return found
  throw unknownModel(every, model, `no model is called ${model}`)
}

function namesOf(
  { name: model }: Protocol,
  code: string,
  what: string,
  name: string,
  all: readonly string[],
): readonly string[] {
  if (!isPattern(name)) return [name]
  const found = all.filter(matching(name))
  if (found.length > 0) return found
  throw new UsageError(code, `${model} has no ${what} called ${name}`, didYouMean(name, all))
}

/** The small scenarios, or the large ones: a pattern alone must not start half an hour of work. */
function scenariosOf(protocol: Protocol, pattern: string, large = false): readonly string[] {
  const found = namesOf(
    protocol,
    'HMM203',
    'scenario',
    pattern,
    protocol.scenarios.map(({ name }) => name),
  )
  const meant = found.filter((scenario) => isLarge(protocol, scenario) === large)
  if (meant.length > 0) return meant
  throw new UsageError(
    'HMM203',
    `${protocol.name} has ${large ? 'no large scenario' : 'only large scenarios'} called ${pattern}`,
    large ? `leave out --large to get ${found.join(', ')}` : `add --large, or name one of ${found.join(', ')}`,
  )
}

const isLarge = ({ scenarios }: Protocol, scenario: string): boolean =>
  scenarios.find(({ name }) => name === scenario)?.large === true

/** Whether a run takes more than seconds. */
export const isLargeTarget = ({ setting: { protocol, scenario } }: RunTarget): boolean =>
  isLarge(protocol, scenario.name)

/** The part of the command line that chooses a target. */
export interface TargetFlags {
  readonly scenario?: string | undefined
  readonly sizes?: Readonly<Record<string, number>> | undefined
  readonly properties?: readonly string[] | undefined
}

/** `mirror-2017@as-posted` in its parts. */
export function parseModel(text: string): { readonly model: string; readonly variant?: string } {
  const [, model, variant] = /^([^@]+)(?:@([^@]+))?$/.exec(text) ?? []
  if (model === undefined)
    throw new UsageError(
      'HMM201',
      `${text} is not the name of a model`,
      'write MODEL or MODEL@VARIANT, for example mirror-2017@as-posted',
    )
  return { model, ...definedFields({ variant }) }
}

/** The run that a name stands for. */
export function namedTarget(
  catalogue: Catalogue,
  text: string,
  { scenario, sizes, properties }: TargetFlags,
): RunTarget {
  const { model, variant } = parseModel(text)
  const setting = settingOf(protocolNamed(catalogue, model), { variant, scenario, sizes })
  return targetOf(setting, properties, [setting])
}

/**
 * A run for each expectation of seconds, or for each of those that take more; of a protocol that has none at all, its
 * default.
 */
export function catalogueTargets(
  catalogue: Catalogue,
  { large = false }: { readonly large?: boolean | undefined } = {},
): readonly RunTarget[] {
  return targetsFor(
    catalogue.flatMap((protocol) => {
      const { expectations } = protocol
      if (expectations.length === 0 && !large) return [settingOf(protocol)]
      return expectations
        .filter((one) => (one.large === true || isLarge(protocol, one.scenario)) === large)
        .map(({ variant, scenario }) => settingOf(protocol, { variant, scenario }))
    }),
  )
}

/** A run for each setting that is not the same as one before it. */
function targetsFor(settings: readonly Setting[], chosen?: readonly string[]): readonly RunTarget[] {
  return settings
    .filter((one, at) => settings.findIndex((other) => isSame(one, other)) === at)
    .map((setting) => targetOf(setting, chosen, settings))
}

const isSameVariant = (a: Setting, b: Setting): boolean =>
  a.protocol.name === b.protocol.name && a.variant.name === b.variant.name
const isSame = (a: Setting, b: Setting): boolean => isSameVariant(a, b) && a.scenario.name === b.scenario.name

/** @param all everything that is checked, including it */
function targetOf(setting: Setting, chosen: readonly string[] | undefined, all: readonly Setting[]): RunTarget {
  const { protocol, variant, scenario, asScenario } = setting
  const checked = all.filter((one) => isSameVariant(one, setting)).map((one) => one.scenario.name)
  const notChecked = protocol.scenarios.map(({ name }) => name).filter((name) => !checked.includes(name))
  if (chosen !== undefined && chosen.length > 0)
    return { setting, notChecked, properties: chosenProperties(protocol, chosen), chosen: true }
  const expectation = asScenario
    ? protocol.expectations.find((one) => one.variant === variant.name && one.scenario === scenario.name)
    : undefined
  return {
    setting,
    notChecked,
    chosen: false,
    // Asked for when its turn has come: of a catalogue, not every model is built at once.
    get properties() {
      return claimedIn(setting)
    },
    ...definedFields({ expectation }),
  }
}

/** Properties that are judged of every model can be asked for, too: `--property domain`. */
function chosenProperties({ name, model }: Protocol, chosen: readonly string[]): readonly string[] {
  const known = [...new Set([...model.properties, ...alwaysJudged(model)].map((property) => property.name))]
  const unknown = chosen.find((property) => !known.includes(property))
  if (unknown !== undefined)
    throw new UsageError('HMM204', `${name} has no property ${unknown}`, didYouMean(unknown, known))
  return known.filter((property) => chosen.includes(property))
}
