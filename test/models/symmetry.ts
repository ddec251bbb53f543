/** The proof of symmetry on the catalogue: a search of one state for each orbit says what a search of all states says. */
import { expect, test } from 'vitest'
import type { RunTarget } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { modelOf } from '../support/targets.ts'
import { told } from '../support/told.ts'
import type { CountedRun } from './counted-runs.ts'

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
