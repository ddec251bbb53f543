/**
 * Assertions and their declarations: each case with the warning that it must have, and its neighbour that must have
 * none.
 */
import { describe, expect, test } from 'vitest'
import { staticWarnings } from '../../src/analysis/statics.ts'
import {
  Assert,
  assertion,
  Bool,
  configure,
  constant,
  deadlock,
  If,
  invariant,
  model,
  range,
  shared,
  Step,
  thread,
  type Property,
  type ThreadDefinition,
} from '../../src/language/index.ts'

/** What is warned of, by code and subject; each at a line of this file. */
function warned(
  threads: readonly ThreadDefinition[],
  properties: readonly Property[],
  constants: Readonly<Record<string, boolean>> = {},
  names?: readonly string[],
): readonly string[] {
  const whole = model('m', { threads, properties })
  const configured = configure(whole, { sizes: {}, constants, ...(names === undefined ? {} : { threads: names }) })
  return staticWarnings(configured).map(({ code, what, at, remedy }) => {
    expect(at).toMatch(/^test\/analysis\/assertions\.test\.ts:\d+$/)
    expect(remedy).not.toBe('')
    return `${code} ${what}`
  })
}

const x = shared('x', range(0, 3))
const asserts = (name: string): ThreadDefinition =>
  thread(name, () =>
    Step('s', () => {
      x.increment()
      Assert(name, x.eq(2))
    }),
  )

describe('assertions', () => {
  test('declared and asserted', () => {
    expect(warned([asserts('P')], [assertion('P')])).toEqual([])
  })

  test('a name with a typo is both: never asserted, and not declared; each says which name may be meant', () => {
    expect(warned([asserts('P-NOAUF')], [assertion('P-NOUAF')])).toEqual([
      'HMM061 the assertion P-NOUAF is declared and never asserted, so it cannot fail',
      'HMM062 P-NOAUF is asserted and not declared',
    ])
    const [first, second] = staticWarnings(
      configure(model('m', { threads: [asserts('P-NOAUF')], properties: [assertion('P-NOUAF')] }), {
        sizes: {},
        constants: {},
      }),
    )
    expect([first?.remedy, second?.remedy]).toEqual([
      expect.stringMatching(/did you mean P-NOAUF\?$/),
      expect.stringMatching(/did you mean P-NOUAF\?$/),
    ])
  })

  test('one that is asserted in another scenario, or in a branch that this variant does not have, is asserted', () => {
    const c = constant('c', Bool)
    const branch = thread('branch', () => {
      If(c, () =>
        Step('s', () => {
          Assert('Q', x.eq(1))
        }),
      ).Else(() => x.set(1))
    })
    expect(warned([asserts('P'), branch], [assertion('P'), assertion('Q')], { c: false }, ['branch'])).toEqual([])
  })

  test('an invariant needs no Assert', () => {
    expect(warned([thread('t', () => x.set(1))], [invariant('small', x.le(2))])).toEqual([])
  })
})

describe('a model without properties', () => {
  test('is told at the line of model()', () => {
    expect(warned([thread('t', () => x.set(1))], [])).toEqual([
      'HMM060 m declares no property, so a check judges only those that every model has',
    ])
  })

  test.each([
    ['a deadlock', [deadlock()]],
    ['an invariant', [invariant('i', x.le(3))]],
  ])('%s is one', (_, properties) => {
    expect(warned([thread('t', () => x.set(1))], properties)).toEqual([])
  })
})
