/** The proof of symmetry on the catalogue: a search of one state for each orbit says what a search of all states says. */
import { expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import { catalogueTargets, type RunTarget } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { modelOf } from '../support/targets.ts'
import { told } from '../support/told.ts'

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

export function testSymmetry(runs: readonly CountedRun[]): void {
  const named = runs.map(({ target }): readonly [string, RunTarget] => {
    const { protocol, variant, scenario } = target.setting
    return [`${protocol.name}@${variant.name} in ${scenario.name}`, target]
  })
  test.each(named)('%s', async (_, target) => {
    const model = modelOf(target)
    expect(told(await check(model))).toEqual(told(await check(model, { symmetry: false })))
  })
}
