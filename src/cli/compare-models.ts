/** Carries out `diff`: the difference of the texts, the checks of both sides, the report and the exit code. */
import { differenceOf, isEmpty } from '../analysis/difference/difference.ts'
import { settingOf } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import type { PropertyResult } from '../explorer/result.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { configure } from '../language/configure.ts'
import { definedFields } from '../language/defined-fields.ts'
import {
  comparedProperties,
  isDifferent,
  isOpen,
  type ComparedModels,
  type ComparedScenario,
} from '../report/compared.ts'
import { differenceJson } from '../report/difference-json.ts'
import { differenceMarkdown, differenceText } from '../report/difference.ts'
import { byVerdict } from '../report/judged.ts'
import { allCatalogues } from './catalogues.ts'
import { paintOf, print } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './exit-codes.ts'
import { judgedRun } from './judged-run.ts'
import type { DiffFlags } from './options/diff.ts'
import { isPattern, matching } from './patterns.ts'
import { interruptible } from './session.ts'
import { sideOf, type Side } from './sides.ts'
import { namedTarget } from './targets.ts'

/** The two sides. */
type Sides = readonly [one: Side, other: Side]

/**
 * @param words A and B, as they were typed
 * @returns the exit code
 */
export async function compareModels(
  { catalogue: own, environment }: Context,
  words: readonly [string, string],
  flags: DiffFlags,
): Promise<number> {
  const { cwd } = environment
  const known = await allCatalogues(own, flags.catalogue ?? [], cwd)
  const one = await sideOf(words[0], { known, cwd })
  const sides: Sides = [one, await sideOf(words[1], { known, cwd, before: one })]
  const names = flags.check ? scenariosOf(sides, flags) : []
  const [scenario] = names.length > 0 ? names : commonScenarios(sides)
  return interruptible(environment, async (signal) => {
    const [mine, theirs] = sides.map((side) => textOf(side, scenario)) as [ConfiguredModel, ConfiguredModel]
    const scenarios: ComparedScenario[] = []
    for (const name of names) {
      if (signal.aborted) return INTERRUPTED
      scenarios.push(await comparedIn(environment, sides, name, flags, signal))
    }
    if (signal.aborted) return INTERRUPTED
    const compared: ComparedModels = {
      one: sides[0].name,
      other: sides[1].name,
      scenario: scenario ?? 'of each side',
      difference: differenceOf(mine, theirs),
      scenarios,
    }
    await write(environment, compared, flags.format)
    return exitCode(compared, flags.check)
  })
}

/** The whole text of a side: of all threads, with the constants of its variant and of a scenario. */
function textOf({ protocol, variant }: Side, scenario: string | undefined): ConfiguredModel {
  const { sizes, constants } = settingOf(protocol, { variant, scenario }).configuration
  return configure(protocol.model, { sizes, constants })
}

const commonScenarios = ([one, other]: Sides): readonly string[] =>
  one.protocol.scenarios
    .map(({ name }) => name)
    .filter((name) => other.protocol.scenarios.some((its) => its.name === name))

/**
 * The scenarios of both sides that are wanted.
 *
 * @throws UsageError HMM296 if there is none
 */
function scenariosOf(sides: Sides, { scenario, large }: DiffFlags): readonly string[] {
  const common = commonScenarios(sides)
  const isLarge = (name: string): boolean =>
    sides.some(({ protocol }) => protocol.scenarios.some((one) => one.name === name && one.large === true))
  const wanted = (scenario ?? ['*']).flatMap((word) => {
    const found = common.filter(
      (name) => matching(word)(name) && (!isPattern(word) || large === true || !isLarge(name)),
    )
    if (found.length > 0) return found
    throw new UsageError(
      'HMM296',
      `${sides[0].name} and ${sides[1].name} have no ${word === '*' ? 'scenario of the same name' : `scenario ${word} that both have`}`,
      `${common.length === 0 ? '' : `name one of ${common.join(', ')}; or `}compare the text alone: --no-check`,
    )
  })
  return [...new Set(wanted)]
}

/** The verdicts of both sides in a scenario, each with its own sizes there. */
async function comparedIn(
  environment: Environment,
  sides: Sides,
  scenario: string,
  { property, maxStates, timeout }: DiffFlags,
  signal: AbortSignal,
): Promise<ComparedScenario> {
  const results: (readonly PropertyResult[])[] = []
  for (const { protocol, variant } of sides) {
    const target = namedTarget([protocol], `${protocol.name}@${variant}`, {
      scenario,
      ...definedFields({ properties: property }),
    })
    const plan = { format: 'text' as const, ...definedFields({ maxStates, timeout }) }
    const { checked } = await judgedRun(environment, target, {
      plan,
      judge: byVerdict,
      witnesses: false,
      profile: undefined,
      signal,
    })
    results.push(checked.result.properties)
  }
  const [one = [], other = []] = results
  return { name: scenario, properties: comparedProperties(one, other) }
}

async function write(environment: Environment, compared: ComparedModels, format: DiffFlags['format']): Promise<void> {
  const { stdout, variables } = environment
  switch (format) {
    case 'text':
      print(stdout, differenceText(compared, paintOf(stdout, variables)))
      break
    case 'markdown':
      stdout.write(differenceMarkdown(compared))
      break
    case 'json':
      stdout.write(differenceJson(compared, await environment.version()))
      break
  }
}

function exitCode({ difference, scenarios }: ComparedModels, isChecked: boolean): number {
  if (!isChecked) return isEmpty(difference) ? HOLDS : VIOLATED
  const all = scenarios.flatMap(({ properties }) => properties)
  if (all.some(isDifferent)) return VIOLATED
  return all.some(isOpen) ? INCOMPLETE : HOLDS
}
