/** What every protocol keeps of its fixes, variants, scenarios and expectations, and of where its text comes from. */
import { describe, expect, test } from 'vitest'
import { configure } from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { withoutSource } from '../support/variant-text.ts'

export interface Settings {
  /** The variant that has every lock and check, and no correction. */
  readonly base: string
  /** What the source of an expectation says of a fix without which everything holds. */
  readonly redundant: RegExp
}

export function testSettings(protocol: Protocol, { base, redundant }: Settings): void {
  const { model, fixes, variants, scenarios, expectations } = protocol

  test.each(fixes.map(({ name }) => name))(
    'without-%s is violated somewhere, or holds for a reason that is given',
    (name) => {
      const known = expectations.filter(({ variant }) => variant === `without-${name}`)
      expect(known.length).toBeGreaterThan(0)
      if (known.every(({ verdict }) => verdict === 'holds')) expect(known[0]?.source).toMatch(redundant)
    },
  )

  test(`${base} has every lock and check, and no correction; fixed has all`, () => {
    const constants = (variant: string) => variants.find(({ name }) => name === variant)?.constants
    for (const { name, kind } of fixes) {
      expect(constants(base)?.[name]).toBe(kind !== 'correction')
      expect(constants('fixed')?.[name]).toBe(true)
      expect(
        Object.entries(constants(`without-${name}`) ?? {}).filter(
          ([one, value]) => constants('fixed')?.[one] !== value,
        ),
      ).toEqual([[name, false]])
    }
  })

  test('fixed holds in every scenario, and every variant is expected to do something', () => {
    for (const { name } of scenarios)
      expect(expectations).toContainEqual(
        expect.objectContaining({ variant: 'fixed', scenario: name, verdict: 'holds' }),
      )
    for (const { name } of variants) expect(expectations.map(({ variant }) => variant)).toContain(name)
    const pairs = expectations.map(({ variant, scenario }) => `${variant} ${scenario}`)
    expect(new Set(pairs).size).toBe(pairs.length)
  })

  describe('every scenario', () => {
    test.each(variants.map(({ name }) => name))('%s can be configured in it', (variant) => {
      for (const { name } of scenarios)
        expect(() => configure(model, settingOf(protocol, { variant, scenario: name }).configuration)).not.toThrow()
    })
  })

  test('every transition says where in the kernel, or in whose hardware, it stands', () => {
    expect(withoutSource(protocol)).toEqual([])
  })
}
