/** What a variant claims in a scenario: all that is judged of the model, but for what one of the two leaves out. */
import { describe, expect, test } from 'vitest'
import { defineProtocol, type ProtocolDefinition } from '../../src/catalogue/define.ts'
import { claimedIn, settingOf } from '../../src/catalogue/setting.ts'
import { listProtocol } from '../../src/report/listing.ts'
import { notifier } from '../support/notifier.ts'

const [scenario] = notifier.scenarios
if (scenario === undefined) throw new Error('the notifier has a scenario')
const reason = '1,056,846 states'
const protocolOf = (change: Partial<ProtocolDefinition['scenarios'][number]>) =>
  defineProtocol({ ...notifier, scenarios: [{ ...scenario, ...change }], expectations: [] })
const judged = ['deadlock', 'lock-deadlock', 'recoverable']
const hangsOf = (protocol: ReturnType<typeof protocolOf>, variant: string): readonly string[] =>
  claimedIn(settingOf(protocol, { variant })).filter((name) => judged.includes(name))

describe('a scenario', () => {
  test('leaves out nothing by itself', () => {
    expect(hangsOf(protocolOf({}), 'fixed')).toEqual(judged)
  })
  test('leaves a hang out of every variant', () => {
    const protocol = protocolOf({ without: { recoverable: { reason } } })
    expect(protocol.variants.map(({ name }) => hangsOf(protocol, name))).toEqual(
      protocol.variants.map(() => ['deadlock', 'lock-deadlock']),
    )
  })
  test('leaves a hang out but of some variants', () => {
    const protocol = protocolOf({ without: { recoverable: { reason, but: ['fixed'] } } })
    expect([hangsOf(protocol, 'fixed'), hangsOf(protocol, 'as-posted')]).toEqual([
      judged,
      ['deadlock', 'lock-deadlock'],
    ])
  })
  test.each([
    ['of all', {}, `recoverable in ${scenario.name}  ${reason}`],
    ['but of some', { but: ['fixed'] }, `recoverable in ${scenario.name}  but of fixed: ${reason}`],
  ])('is listed with the reason, %s', (_, but, line) => {
    const lines = listProtocol(
      protocolOf({ without: { recoverable: { reason, ...but } } }),
      120,
      (_style, text) => text,
    )
    expect(lines.slice(lines.indexOf('  not asked') + 1).map((one) => one.trim())).toContain(line)
  })
})

test('a variant leaves out what it does not claim, whatever the scenario says', () => {
  const protocol = protocolOf({})
  const claimed = claimedIn(settingOf(protocol, { variant: 'without-invalidate' }))
  expect(claimed).not.toContain('P-NOUAF-possible')
  expect(claimedIn(settingOf(protocol, { variant: 'fixed' }))).toContain('P-NOUAF-possible')
})
