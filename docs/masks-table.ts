/**
 * The table in docs/models/*.md of what masks what: two locks, checks or corrections each of which can be left out
 * alone, in a scenario, and nothing falls; and without both, something does. A bug in the one does not show there
 * while the other is in its place.
 */
import type { CheckResult } from '../src/explorer/result.ts'
import { check } from '../src/explorer/check.ts'
import { configure } from '../src/language/configure.ts'
import type { Protocol } from '../src/catalogue/protocol.ts'
import { selectProperties } from '../src/language/select.ts'
import { settingOf } from '../src/catalogue/setting.ts'
import { violatedOf } from '../src/report/checked.ts'
import { between } from './marked.ts'

const NAME = 'masks'

export interface Pair {
  readonly one: string
  readonly other: string
  readonly scenario: string
}

/** The verdict that the catalogue expects of `fixed` without one fix in a scenario; undefined if it expects none. */
const verdictWithout = (
  expectations: Protocol['expectations'],
  fix: string,
  scenario: string,
): Protocol['expectations'][number]['verdict'] | undefined =>
  expectations.find((one) => one.variant === `without-${fix}` && one.scenario === scenario)?.verdict

/**
 * The places where two fixes could mask each other: a scenario in which, by the catalogue, everything holds without the
 * one, and which does not show the other.
 */
export function pairsOf({ fixes, scenarios, expectations }: Protocol): readonly Pair[] {
  const small = new Set(scenarios.filter(({ large }) => large !== true).map(({ name }) => name))
  const known = (name: string, scenario: string) => verdictWithout(expectations, name, scenario)
  const holding = expectations.flatMap(({ variant, scenario, verdict }) =>
    verdict === 'holds' && small.has(scenario) && variant.startsWith('without-')
      ? [{ name: variant.slice('without-'.length), scenario }]
      : [],
  )
  const everHolds = new Set(holding.map(({ name }) => name))
  const pairs = holding.flatMap(({ name, scenario }) =>
    fixes
      .map((fix) => fix.name)
      .filter((other) => other !== name && everHolds.has(other) && known(other, scenario) !== 'violated')
      .map(
        (other): Pair => ({
          one: [name, other].toSorted()[0] ?? '',
          other: [name, other].toSorted()[1] ?? '',
          scenario,
        }),
      ),
  )
  return [...new Map(pairs.map((pair) => [Object.values(pair).join(' '), pair])).values()]
}

/** `fixed` but for some of its fixes. */
function checkWithout(
  protocol: Protocol,
  left: readonly string[],
  scenario: string,
  stopAtFirst: boolean,
): Promise<CheckResult> {
  const { configuration } = settingOf(protocol, { variant: 'fixed', scenario })
  const constants = { ...configuration.constants, ...Object.fromEntries(left.map((name) => [name, false])) }
  const model = configure(protocol.model, { ...configuration, constants })
  const claimed = model.properties
    .filter(({ kind }) => kind !== 'recoverable' && kind !== 'sometimes' && kind !== 'pair')
    .map(({ name }) => name)
  return check(selectProperties(model, claimed), { stopAtFirst })
}

/**
 * The properties violated without both, and not without one of them alone; none if one alone is enough.
 */
export async function masked(protocol: Protocol, { one, other, scenario }: Pair): Promise<readonly string[]> {
  const falls = async (left: readonly string[]): Promise<boolean> =>
    violatedOf(await checkWithout(protocol, left, scenario, true)).length > 0
  // that all holds without the one is checked where it is expected
  const fallsAlone = async (name: string): Promise<boolean> =>
    verdictWithout(protocol.expectations, name, scenario) !== 'holds' && falls([name])
  if (!(await falls([one, other])) || (await fallsAlone(one)) || (await fallsAlone(other))) return []
  return violatedOf(await checkWithout(protocol, [one, other], scenario, false)).map(({ name, steps }) =>
    steps === undefined ? name : `${name} ${steps}`,
  )
}

export interface Mask extends Pair {
  readonly falls: readonly string[]
}

/** The document with the table of these masks in place of its own. */
export function withMasks(document: string, masks: readonly Mask[]): string {
  const rows = masks.map(
    ({ one, other, scenario, falls }) => `| \`${one}\`, \`${other}\` | ${scenario} | ${falls.join(', ')} |`,
  )
  const { before, after } = between(document, NAME)
  const table = ['| left out together | scenario | falls, in steps |', '|---|---|---|', ...rows]
  return `${before}\n${rows.length === 0 ? 'None was found.' : table.join('\n')}\n${after}`
}

/** The masks that a document has. */
export function masksIn(document: string): readonly Mask[] {
  const rows = between(document, NAME).text.matchAll(/^\| `([^`]+)`, `([^`]+)` \| (\S+) \| ([^|]+) \|$/gm)
  return [...rows].map(([, one = '', other = '', scenario = '', falls = '']) => ({
    one,
    other,
    scenario,
    falls: falls.split(', '),
  }))
}
