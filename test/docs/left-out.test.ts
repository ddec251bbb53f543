/**
 * Where the catalogue does not ask for `recoverable`, the graph is too large for it, and the reason says so with the
 * number that models/MODEL/counts.ts has.
 */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import { leftOutOf } from '../../src/catalogue/left-out.ts'
import { reasonsOf } from '../../src/language/hangs.ts'
import { showCount } from '../../src/report/numbers.ts'

const MOST = 100_000
const hangs = ['deadlock', 'lock-deadlock', 'recoverable']

describe.each(catalogue)('$name', (protocol) => {
  test('leaves no hang out of the model, nor of a variant', () => {
    expect(reasonsOf(protocol.model)).toEqual([])
    expect(
      protocol.variants.flatMap(({ notClaimed = [] }) => notClaimed).filter((name) => hangs.includes(name)),
    ).toEqual([])
  })

  test('leaves out recoverable alone, where there are more states than that, and says how many', () => {
    const said = protocol.scenarios.map((scenario) => [
      scenario.name,
      leftOutOf(scenario).map(({ hang, reason }) => `${hang}: ${reason}`),
    ])
    expect(said).toEqual(
      protocol.scenarios.map(({ name }) => {
        const count = counts[protocol.name]?.[countKey('fixed', name)]?.states ?? 0
        return [
          name,
          count > MOST ? [`recoverable: ${showCount(count)} states where \`fixed\` holds, more than 10^5`] : [],
        ]
      }),
    )
  })

  test('asks for it in the default scenario', () => {
    expect(protocol.scenarios[0]?.without).toBeUndefined()
  })
})
