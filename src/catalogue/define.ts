/** Checks what a protocol offers: that its variants, scenarios and expectations speak of what its model has. */
import type { Model } from '../language/ast.ts'
import { isOverflow } from '../language/depth.ts'
import { modelError } from '../language/errors.ts'
import { withHangs } from '../language/hangs.ts'
import { leftOutOf, mistakesIn } from './left-out.ts'
import { didYouMean } from '../language/near.ts'
import type { Catalogue, Protocol } from './protocol.ts'
import { ThrownByModel, UsageError } from './usage.ts'

/** A protocol as it is written: its model, or a function that makes it. */
export interface ProtocolDefinition extends Omit<Protocol, 'model'> {
  /** The result of `model(...)`, or a function that returns one. */
  readonly model: Model | (() => Model)
}

/**
 * Offers a protocol to users: give it the model, its variants and scenarios, and put the result into a catalogue.
 *
 *     export const catalogue = [
 *       defineProtocol({ name: 'my-driver', title: 'My driver', model: myModel, parameters: {}, ... }),
 *     ]
 *
 * A function is called when the model is first asked for, and the protocol is looked at then: a catalogue of many
 * large models need not build them all.
 *
 * @throws UsageError HMM212 if something in it has no name, a name twice, or a name that the model does not know
 */
export function defineProtocol(definition: ProtocolDefinition): Protocol {
  const { model: given, ...others } = definition
  if (typeof given !== 'function') return looked({ ...others, model: given })
  let made: Protocol | undefined
  const lazy = {
    ...others,
    get model() {
      return (made ??= looked({ ...others, model: built(others.name, given) })).model
    },
  }
  unbuilt.add(lazy)
  return lazy
}

/** Runs the text of a model. An error that it throws is the model's, not one of this program. */
function built(name: string, text: () => Model): Model {
  try {
    return text()
  } catch (error) {
    if (isOverflow(error))
      throw modelError(
        'HMM041',
        'the text of the model calls itself, or nests blocks or expressions, deeper than the stack allows',
        `the model of ${name}`,
      )
    // By name: the text may come with a copy of the language of its own.
    throw error instanceof Error && ['ModelError', 'UsageError'].includes(error.name) ? error : new ThrownByModel(error)
  }
}

/** Protocols of `defineProtocol` whose model has not been asked for: a mistake in one is not a mistake of another. */
const unbuilt = new WeakSet<object>()
const isUnbuilt = (value: unknown): value is Protocol => isObject(value) && unbuilt.has(value)

/** The protocol, with what is judged of every model, if nothing in it is wrong. */
function looked(given: Protocol): Protocol {
  const missing = missingPart(given)
  if (missing !== undefined)
    throw new UsageError(
      'HMM212',
      `the protocol ${typeof given.name === 'string' ? nameOf(given) : 'without a name'}: ${missing}`,
    )
  const protocol = { ...given, model: withHangs(given.model) }
  const [mistake] = mistakesOf(protocol)
  if (mistake === undefined) return protocol
  throw new UsageError('HMM212', `the protocol ${nameOf(protocol)}: ${mistake}`)
}

/**
 * Takes a value from a user's file as a catalogue: a protocol, or an array of them.
 *
 * @param file its name, for messages
 * @throws UsageError HMM212
 */
export function asCatalogue(value: unknown, file: string): Catalogue {
  const protocols: readonly unknown[] = Array.isArray(value) ? value : [value]
  return protocols.map((protocol) => {
    if (isUnbuilt(protocol)) return protocol
    const missing = missingPart(protocol)
    if (missing === undefined && isProtocol(protocol)) return defineProtocol(protocol)
    throw new UsageError(
      'HMM212',
      `${file} exports something that is not a protocol: ${missing ?? 'it is missing'}`,
      'export const catalogue = [defineProtocol({ ... })]',
    )
  })
}

/** Whether a value from outside the type system is a protocol, as far as its parts are there. */
export function isProtocol(value: unknown): value is Protocol {
  return missingPart(value) === undefined
}

/** The kind of value that a part of a protocol must be. */
type Part =
  | 'text'
  | 'object'
  | 'number'
  | { readonly each: Readonly<Record<string, Part>> }
  | { readonly list: Readonly<Record<string, Part>> }

const parts: Readonly<Record<string, Part>> = {
  name: 'text',
  title: 'text',
  parameters: { each: { sort: 'text', min: 'number', max: 'number', summary: 'text' } },
  fixes: { list: { name: 'text', kind: 'text', summary: 'text', source: 'text' } },
  variants: { list: { name: 'text', summary: 'text', constants: 'object' } },
  scenarios: { list: { name: 'text', summary: 'text', sizes: 'object' } },
  expectations: { list: { variant: 'text', scenario: 'text', verdict: 'text', source: 'text' } },
}

/**
 * The first part that a value from outside the type system lacks to be a protocol, by its path: `scenarios[1].sizes
 * is missing`.
 */
export function missingPart(value: unknown): string | undefined {
  if (!isObject(value)) return 'everything is missing'
  const missing = missingIn(value, parts, '')
  if (missing !== undefined) return missing
  const { model } = value
  const lists = isObject(model)
    ? ['threads', 'variables', 'properties'].find((name) => !Array.isArray(model[name]))
    : ''
  return lists === undefined
    ? undefined
    : model === undefined
      ? 'model is missing'
      : `model is not a model: pass the result of model(...), or a function that returns it`
}

function missingIn(
  value: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, Part>>,
  path: string,
): string | undefined {
  for (const [name, part] of Object.entries(expected)) {
    const found = lacking(value[name], part, `${path}${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

function lacking(value: unknown, part: Part, path: string): string | undefined {
  if (value === undefined) return `${path} is missing`
  const not = (what: string): string =>
    `${path} is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value}, where ${what} is expected`
  switch (part) {
    case 'text':
      return typeof value === 'string' ? undefined : not('text')
    case 'number':
      return typeof value === 'number' ? undefined : not('a number')
    case 'object':
      return isObject(value) ? undefined : not('an object')
    default:
      break
  }
  if ('list' in part) {
    if (!Array.isArray(value)) return not('a list')
    const all: readonly unknown[] = value
    return firstOf(
      all.map((one, n) => [`${path}[${n}]`, one]),
      part.list,
    )
  }
  return isObject(value)
    ? firstOf(
        Object.entries(value).map(([name, one]) => [`${path}.${name}`, one]),
        part.each,
      )
    : not('an object')
}

function firstOf(
  all: readonly (readonly [path: string, value: unknown])[],
  expected: Readonly<Record<string, Part>>,
): string | undefined {
  for (const [path, one] of all) {
    const found = isObject(one) ? missingIn(one, expected, `${path}.`) : lacking(one, 'object', path)
    if (found !== undefined) return found
  }
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const nameOf = ({ name }: Protocol): string => (name === '' ? 'without a name' : name)

function mistakesOf(protocol: Protocol): readonly string[] {
  const { model, parameters, fixes, variants, scenarios, expectations, view = {} } = protocol
  const { pages, tables = {}, locks = [] } = view
  const names = <T extends { readonly name: string }>(all: readonly T[]): readonly string[] =>
    all.map(({ name }) => name)
  return [
    ...(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(protocol.name)
      ? []
      : ['its name must be made of letters, digits, dots and dashes, to be typed on a command line']),
    ...twice('variant', names(variants)),
    ...twice('scenario', names(scenarios)),
    ...twice('fix', names(fixes)),
    ...(variants.length > 0 ? [] : ["it has no variant; { name: 'fixed', summary: ..., constants: {} } is enough"]),
    ...(scenarios.length > 0 ? [] : ['it has no scenario; its first one is the default']),
    ...Object.entries(parameters).flatMap(([name, { sort, min, max }]) => [
      ...unknown(`the sort of parameter ${name}`, sort, model.sorts),
      ...(Number.isInteger(min) && Number.isInteger(max) && min >= 0 && min <= max
        ? []
        : [`the limits ${min} and ${max} of parameter ${name} are not a range of whole numbers`]),
    ]),
    ...fixes.flatMap(({ name }) => unknown('the fix', name, constantsOf(model))),
    ...variants.flatMap(({ name, constants, notClaimed = [] }) => [
      ...Object.keys(constants).flatMap((constant) =>
        unknown(`a constant of variant ${name}`, constant, constantsOf(model)),
      ),
      ...notClaimed.flatMap((property) =>
        unknown(`a property that variant ${name} does not claim`, property, names(model.properties)),
      ),
    ]),
    ...scenarios.flatMap(({ name, sizes, threads = [], constants = {}, without = {} }) => [
      ...mistakesIn({ name, without }),
      ...leftOutOf({ without }).flatMap(({ hang, but }) =>
        but.flatMap((variant) =>
          unknown(`a variant of which the scenario ${name} judges ${hang}`, variant, names(variants)),
        ),
      ),
      ...Object.keys(sizes).flatMap((parameter) =>
        unknown(`a size of scenario ${name}`, parameter, Object.keys(parameters)),
      ),
      ...Object.keys(parameters)
        .filter((parameter) => sizes[parameter] === undefined)
        .map((parameter) => `the scenario ${name} has no size for ${parameter}`),
      ...Object.entries(sizes).flatMap(([parameter, size]) =>
        outside(`the scenario ${name}`, protocol, parameter, size),
      ),
      ...threads.flatMap((thread) => unknown(`a thread of scenario ${name}`, thread, names(model.threads))),
      ...Object.keys(constants).flatMap((constant) =>
        unknown(`a constant of scenario ${name}`, constant, constantsOf(model)),
      ),
    ]),
    ...(pages === undefined ? [] : unknown('the sort of the pages in view', pages, model.sorts)),
    ...[...Object.keys(tables).map((path) => path.replace(/\..*/, '')), ...locks].flatMap((variable) =>
      unknown('a variable in view', variable, names(model.variables)),
    ),
    ...expectations.flatMap(({ variant, scenario, violated = [] }) => [
      ...unknown('the variant of an expectation', variant, names(variants)),
      ...unknown('the scenario of an expectation', scenario, names(scenarios)),
      ...violated
        .filter((property) => !isImplicit(property))
        .flatMap((property) =>
          unknown(`a property that is expected to be violated in ${variant}`, property, names(model.properties)),
        ),
    ]),
  ]
}

const constantsOf = ({ constants }: Model): readonly string[] => constants.map(({ name }) => name)

/** Whether a property is checked without having been declared. */
const isImplicit = (property: string): boolean => property === 'domain' || property.startsWith('misuse')

function unknown(what: string, name: string, known: readonly string[]): readonly string[] {
  return known.includes(name)
    ? []
    : [`${what}, ${name}, is not in the protocol; ${didYouMean(name, known, 'hmmcheck list, once this is corrected,')}`]
}

function twice(what: string, names: readonly string[]): readonly string[] {
  const double = names.find((name, at) => names.indexOf(name) !== at)
  return double === undefined ? [] : [`it has the ${what} ${double} twice`]
}

function outside(what: string, { parameters }: Protocol, parameter: string, size: number): readonly string[] {
  const limits = parameters[parameter]
  if (limits === undefined || (Number.isInteger(size) && size >= limits.min && size <= limits.max)) return []
  return [`${what} has ${parameter}=${size}, outside ${limits.min}..${limits.max}`]
}
