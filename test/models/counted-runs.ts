/** The runs of the catalogue that have an expectation, with the number of their states. */
import { catalogue } from '../../models/catalogue.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import { catalogueTargets, type RunTarget } from '../../src/cli/targets.ts'

/** A run of the catalogue, and the states that it has. */
export interface CountedRun {
  readonly target: RunTarget
  readonly states: number
}

/** The runs of each model, those with fewer states first. */
export const countedRuns: readonly (readonly CountedRun[])[] = catalogue.map((protocol) =>
  [false, true]
    .flatMap((large) => catalogueTargets([protocol], { large }))
    .map((target) => {
      const { variant, scenario } = target.setting
      return { target, states: counts[protocol.name]?.[countKey(variant.name, scenario.name)]?.states ?? Infinity }
    })
    .sort((a, b) => a.states - b.states),
)
