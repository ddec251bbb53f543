/** The text of `list` about a protocol. */
import type { Property } from '../language/ast.ts'
import { leftOutOf } from '../catalogue/left-out.ts'
import { reasonsOf } from '../language/hangs.ts'
import type { Protocol, Scenario } from '../catalogue/protocol.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { plural } from './numbers.ts'
import type { Paint } from './paint.ts'
import { showSizes } from './text.ts'
import { wrap } from './wrap.ts'

/** Names in one column, what is said of them in the next. */
function table(
  rows: readonly (readonly [name: string, text: string])[],
  width: number,
  paint: Paint,
): readonly string[] {
  const column = Math.min(40, Math.max(0, ...rows.map(([name]) => name.length)))
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, Math.max(20, width - column - 6), 0)
    return lines.map((line, n) =>
      `    ${n === 0 ? paint('cyan', name.padEnd(column)) : ' '.repeat(column)}  ${line}`.trimEnd(),
    )
  })
}

function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  width: number,
  paint: Paint,
): readonly string[] {
  return rows.length === 0 ? [] : ['', `  ${title}`, ...table(rows, width, paint)]
}

/** One line per protocol: its name and its title. */
export function listNames(protocols: readonly Protocol[], paint: Paint): readonly string[] {
  const column = Math.max(0, ...protocols.map(({ name }) => name.length))
  return protocols.map(
    ({ name, title, variants, scenarios }) =>
      `${paint('bold', name)}${' '.repeat(column - name.length)}  ${title} (${plural(variants.length, 'variant')}, ${plural(scenarios.length, 'scenario')})`,
  )
}

/** Variants, scenarios, parameters, properties and what is expected of them, a paragraph each. */
export function listProtocol(protocol: Protocol, width: number, paint: Paint): readonly string[] {
  const { name, title, parameters, fixes, variants, scenarios, expectations, model } = protocol
  const sized = (sizes: Readonly<Record<string, number>>): string =>
    showSizes(sizes) === '' ? '' : ` [${showSizes(sizes)}]`
  return [
    `${paint('bold', name)}  ${title}`,
    ...section(
      'variants',
      variants.map((variant) => [variant.name, `${variant.summary}${notClaimed(variant.notClaimed)}`]),
      width,
      paint,
    ),
    ...section(
      'fixes',
      fixes.map((fix) => [fix.name, `${fix.kind}: ${fix.summary} (${fix.source})`]),
      width,
      paint,
    ),
    ...section(
      'scenarios',
      scenarios.map(({ name: scenario, summary, sizes, large }, n) => [
        scenario,
        `${summary}${sized(sizes)}${n === 0 ? ', the default' : ''}${large === true ? ', takes minutes' : ''}`,
      ]),
      width,
      paint,
    ),
    ...section(
      'parameters',
      Object.entries(parameters).map(([parameter, { min, max, summary }]) => [
        parameter,
        `${min} to ${max}: ${summary}`,
      ]),
      width,
      paint,
    ),
    ...section(
      'properties',
      model.properties
        .filter(({ kind }) => kinds[kind].listed === 'always')
        .map((property) => [property.name, describe(property)]),
      width,
      paint,
    ),
    ...section('not asked', [...reasonsOf(model), ...scenarios.flatMap(notAsked)], width, paint),
    ...section(
      'expected',
      expectations.map(({ variant, scenario, verdict, violated, source }) => [
        `${variant} in ${scenario}`,
        `${verdict}${violated === undefined || violated.length === 0 ? '' : `: ${violated.join(', ')}`} (${source})`,
      ]),
      width,
      paint,
    ),
  ]
}

const notAsked = (scenario: Scenario): readonly (readonly [name: string, text: string])[] =>
  leftOutOf(scenario).map(({ hang, reason, but }) => [
    `${hang} in ${scenario.name}`,
    `${but.length === 0 ? '' : `but of ${but.join(', ')}: `}${reason}`,
  ])

const notClaimed = (properties: readonly string[] = []): string =>
  properties.length === 0 ? '' : `; does not claim ${properties.join(', ')}`

const describe = ({ kind, claim, byDefault }: Property): string =>
  `${kind}${claim === undefined ? '' : `: ${claim}`}${byDefault === true ? ', as of every model' : ''}`
