/** A protocol with a change under review: the variant that has it, and what is expected of it. */
import { describe, expect, test } from 'vitest'
import { underReview } from '../../src/catalogue/under-review.ts'
import { Bool, constant, fix } from '../../src/index.ts'
import { notifier } from '../support/notifier.ts'

const note = { summary: 'the patch', source: 'a mail' }
const change = constant('under-review', Bool, { default: false })

describe('a variant more', () => {
  const reviewed = underReview(notifier, { change, to: 'as-posted', ...note })

  test('has the change, and all else of the variant that it is to', () => {
    const before = notifier.variants.find(({ name }) => name === 'as-posted')
    expect(reviewed.variants.at(-1)).toEqual({
      ...before,
      name: 'under-review',
      summary: 'as-posted, and the patch',
      constants: { ...before?.constants, 'under-review': true },
    })
    expect(reviewed.variants.slice(0, -1)).toEqual(notifier.variants)
  })

  test('is expected to keep the verdicts', () => {
    const kept = notifier.expectations.filter(({ variant }) => variant === 'as-posted')
    expect(kept.length).toBeGreaterThan(0)
    const added = reviewed.expectations.filter(({ variant }) => variant === 'under-review')
    expect(added.map(({ scenario, verdict, violated }) => ({ scenario, verdict, violated }))).toEqual(
      kept.map(({ scenario, verdict, violated }) => ({ scenario, verdict, violated })),
    )
  })

  test('the model knows the switch before its text asks for it, once', () => {
    expect(reviewed.model.constants.map(({ name }) => name)).toContain('under-review')
    const twice = underReview(reviewed, { change: constant('second', Bool, { default: false }), to: 'fixed', ...note })
    const names = twice.model.constants.map(({ name }) => name)
    expect(names.length).toBe(new Set(names).size)
  })
})

test.each([
  ['a fix', fix('x', { kind: 'check', ...note })],
  ['a constant without a default', constant('x', Bool)],
  ['one that is true', constant('x', Bool, { default: true })],
])('%s is no change under review', (_, wrong) => {
  expect(() => underReview(notifier, { change: wrong, to: 'fixed', ...note })).toThrow(/^HMM212: .* false by default/)
})

test('an unknown variant is a mistake', () => {
  expect(() => underReview(notifier, { change, to: 'fixt', ...note })).toThrow(/^HMM202: notifier has no variant fixt/)
})
