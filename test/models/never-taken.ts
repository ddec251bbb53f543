/** Where a protocol holds, every step was taken somewhere, or is explained. */
import { expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'

/** A step that is never taken where `fixed` holds, and why. */
export interface Reason {
  readonly label: RegExp
  /** In calls of these, if given. */
  readonly inside?: RegExp
  /** The scenarios in which it is never taken; all if absent. */
  readonly scenarios?: RegExp | readonly string[]
  readonly why: string
}

/** Where `fixed` holds, every transition was taken somewhere, but for those that are explained. */
export function testNeverTaken(protocol: Protocol, reasons: readonly Reason[]): void {
  const speaksOf = ({ scenarios }: Reason, name: string): boolean =>
    scenarios === undefined || (scenarios instanceof RegExp ? scenarios.test(name) : scenarios.includes(name))
  const small = protocol.scenarios.filter(({ large }) => large !== true)

  test.each(small)('$name', async ({ name }) => {
    const result = await check(
      configure(protocol.model, settingOf(protocol, { variant: 'fixed', scenario: name }).configuration),
    )
    expect(result.verdict).toBe('holds')
    const unexplained = result.neverTaken.filter(
      ({ label, path }) =>
        !reasons.some(
          (reason) => speaksOf(reason, name) && reason.label.test(label) && (reason.inside?.test(path) ?? true),
        ),
    )
    expect(unexplained.map(({ label, path }) => `${label}  ${path}`)).toEqual([])
  })
}
