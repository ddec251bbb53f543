/** The runs of the whole catalogue, as `hmmcheck check` makes them, for tests. */
import { catalogueTargets, type RunTarget } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import type { CheckResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import type { Catalogue } from '../../src/catalogue/protocol.ts'
import { selectProperties } from '../../src/language/select.ts'
import { violatedOf } from '../../src/report/checked.ts'

export interface NamedTarget {
  readonly title: string
  readonly target: RunTarget
}

/** Every expectation of these protocols that takes seconds. */
export function targetsOf(protocols: Catalogue): readonly NamedTarget[] {
  return catalogueTargets(protocols).map((target) => {
    const { protocol, variant, scenario } = target.setting
    return { title: `${protocol.name}@${variant.name} in ${scenario.name}`, target }
  })
}

/** The model of a run, with the properties that are judged. */
export function modelOf({ setting, properties }: RunTarget): ConfiguredModel {
  return selectProperties(configure(setting.protocol.model, setting.configuration), properties)
}

const results = new WeakMap<RunTarget, Promise<CheckResult>>()

/** What `check` says of a run: asked once. */
export function resultOf(target: RunTarget): Promise<CheckResult> {
  const known = results.get(target) ?? check(modelOf(target))
  results.set(target, known)
  return known
}

/**
 * The violated properties that have a schedule, with its length: a `sometimes` that is never met has none, a relation
 * one for each pair of its cycle.
 */
export async function lengthsOf(target: RunTarget): Promise<Readonly<Record<string, number>>> {
  const violated = violatedOf(await resultOf(target))
  return Object.fromEntries(
    violated
      .flatMap((property) => property.cycle ?? [property])
      .flatMap(({ name, steps }) => (steps === undefined ? [] : [[name, steps]])),
  )
}
