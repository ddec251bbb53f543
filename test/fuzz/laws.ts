/**
 * What is said of a property does not depend on what else is asked: verdict, shortest length and replay are the same
 * alone and beside others, with dead locals kept, with all bits of the types, with more workers; and random runs see
 * nothing that the check denies.
 */
import { exampleOf } from '../../src/semantics/counterexample.ts'
import { check } from '../../src/explorer/check.ts'
import type { CheckSettings, CheckResult, PropertyResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { claimKey } from '../../src/language/claims.ts'
import { selectProperties } from '../../src/language/select.ts'
import { fuzz, uniform } from '../../src/schedules/index.ts'
import { isBeyondRuns } from '../../src/semantics/kinds/index.ts'
import { record } from '../../src/schedules/record.ts'
import { follow } from '../../src/schedules/replay.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { chance } from './draw.ts'
import type { Draw } from './draw.ts'

export interface LawOptions {
  /** What else the whole is asked with, beside the forms of a model. */
  readonly flags?: readonly CheckSettings[]
  /** Larger models are let off. */
  readonly maxTransitions?: number
  /** Picks sets of properties to be asked for together. */
  readonly draw: Draw
}

const small: CheckSettings = { partitionBytes: 2 ** 22 }

/** How the laws are broken; nothing if they hold. */
export async function breaches(
  model: ConfiguredModel,
  { flags = [], maxTransitions = 2_000, draw }: LawOptions,
): Promise<readonly string[]> {
  const reference = referenceCheck(model, { maxTransitions })
  if (!reference.complete) return []
  const names = model.properties.filter(({ kind }) => kind !== 'pair').map(({ name }) => name)
  const together = await check(model, small)
  const said = table(together)
  const found: string[] = []
  const expect = (asked: string, result: CheckResult): void => {
    for (const [claim, verdict] of table(result))
      if (said.get(claim) !== verdict)
        found.push(`${claim}: ${String(said.get(claim))} beside all others, ${verdict} ${asked}`)
    found.push(...unplayable(model, result).map((claim) => `${claim}: the schedule does not replay ${asked}`))
  }
  expect('beside all others', together)
  for (const name of names) expect('alone', await check(model, { ...small, properties: [name] }))
  const some = names.filter(() => chance(draw, 50))
  expect(`beside ${some.join(', ')}`, await check(model, { ...small, properties: some }))
  for (const flag of [{ keepDeadLocals: true }, { wholeTypes: true, symmetry: false }, { noCopies: true }, ...flags]) {
    expect(`with ${JSON.stringify(flag)}`, await check(model, { ...small, ...flag }))
    expect(
      `beside ${some.join(', ')} with ${JSON.stringify(flag)}`,
      await check(model, { ...small, ...flag, properties: some }),
    )
  }
  return [...found, ...cuts(model, names, some, maxTransitions), ...(await denied(model, said))]
}

/** By claim what is said of it. */
function table({ properties }: CheckResult): ReadonlyMap<string, string> {
  return new Map(
    properties.map((one) => [claimKey(one), `${one.verdict}${one.steps === undefined ? '' : ` in ${one.steps}`}`]),
  )
}

/** The claims of which the schedule, written down as a file has it, does not show them when it is played. */
function unplayable(model: ConfiguredModel, { properties }: CheckResult): readonly string[] {
  const origin = {
    model: model.name,
    variant: 'test',
    configuration: { scenario: 'test', sizes: {}, constants: {}, threads: null },
  }
  return properties.flatMap((one: PropertyResult) => {
    const example = exampleOf(one)
    if (example === undefined) return []
    const schedule = record(origin, example)
    return follow(model, schedule).kind === 'confirmed' ? [] : [claimKey(one)]
  })
}

/** An assertion ends nothing: the graph is the same whatever is asserted, and whatever is asked for. */
function cuts(
  model: ConfiguredModel,
  names: readonly string[],
  some: readonly string[],
  maxTransitions: number,
): readonly string[] {
  const extent = (asked: readonly string[]): string => {
    const { states, transitions, depth } = referenceCheck(selectProperties(model, asked), { maxTransitions })
    return `${states} states, ${transitions} transitions, ${depth} levels`
  }
  const all = extent(names)
  return [[], some].flatMap((asked) =>
    extent(asked) === all ? [] : [`the graph has ${all}, and of [${asked.join(', ')}] alone ${extent(asked)}`],
  )
}

/** What random runs see and the check denies. */
async function denied(model: ConfiguredModel, said: ReadonlyMap<string, string>): Promise<readonly string[]> {
  if (model.properties.length > 0 && model.properties.every(({ kind }) => isBeyondRuns(kind) || kind === 'pair'))
    return []
  const { properties } = await fuzz(model, { runs: 20, seed: 1, strategy: uniform, maxSteps: 40 })
  return properties.flatMap((one) => {
    const verdict = said.get(claimKey(one))
    const isShown = one.kind === 'sometimes' ? 'holds' : 'violated'
    const steps = Number(verdict?.split(' in ')[1])
    if (one.seen !== 'violated' && one.seen !== 'witnessed') return []
    return verdict?.startsWith(isShown) === true && steps <= (exampleOf(one)?.run.steps.length ?? 0)
      ? []
      : [`${claimKey(one)}: ${String(verdict)} in a check, ${one.seen} by a random run`]
  })
}
