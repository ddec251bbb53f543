/** What is said of bugs: that they are all there, that they speak of what the catalogue has, and what is refused. */
import { describe, expect, test } from 'vitest'
import { closed, type Bug, type Finding } from '../../models/bugs/bug.ts'
import { defineBugs } from '../../models/bugs/define.ts'
import { bugs, catalogue } from '../../models/catalogue.ts'

const known = bugs.filter(({ known }) => known !== 'checker').map(({ id }) => id)

/** Faults that were read in the kernel of today; G6-01 is B-12. */
const ofToday = [
  [2, 3],
  [10, 18],
  [20, 36],
  [40, 46],
  [50, 51],
  [60, 63],
  [70, 77],
  [80, 80],
  [90, 91],
  [95, 96],
] as const

test('B-01 to B-90, with the two that were numbered later, the reports, and the faults of today', () => {
  const numbered = (letter: string, ...spans: readonly (readonly [number, number])[]): readonly string[] =>
    spans.flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, at) => `${letter}-${String(from + at).padStart(2, '0')}`),
    )
  const wanted = [
    ...numbered('B', [1, 90]),
    'B-17b',
    'B-32b',
    ...numbered('E', [1, 10], [17, 54]),
    ...numbered('G6', ...ofToday),
  ]
  expect(wanted.filter((id) => !known.includes(id))).toEqual([])
  expect(known.filter((id) => !wanted.includes(id))).toEqual([])
})

test('each is exhibited, left to temporal properties, not there for a reason, or of no model for a reason', () => {
  const unsaid = bugs.filter(({ place }) => place.kind !== 'found' && place.why.length < 8)
  expect(unsaid.map(({ id }) => id)).toEqual([])
})

test('no bug is of a driver that is said not to be modelled, and is', () => {
  const modelled = /amdkfd|nouveau|\bxe\b|KVM|mlx5|UVM|i915/
  const said = bugs.filter(({ place }) => place.kind === 'inexpressible' && /not modelled/.test(place.why))
  expect(said.filter(({ place }) => place.kind === 'inexpressible' && modelled.test(place.why))).toEqual([])
})

test('a bug that an expected violation is known from is found by a model', () => {
  const sources = catalogue
    .flatMap(({ expectations }) => expectations)
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ source }) => source)
  const named = new Set(sources.flatMap((source) => source.match(/\b(?:[BE]-\d\db?|G6-\d\d)\b/g) ?? []))
  expect(named.size).toBeGreaterThan(40)
  expect([...named].filter((id) => bugs.find((bug) => bug.id === id)?.place.kind !== 'found')).toEqual([])
})

test('a bug that a correction is known from is found by the model that has it, or holds there without it', () => {
  const lacking = catalogue.flatMap(({ name, fixes }) =>
    fixes
      .filter(({ kind, source }) => kind === 'correction' && !source.startsWith('found here'))
      .flatMap(({ name: fix, source }) => (source.match(/\b[BE]-\d\db?\b/g) ?? []).map((id) => ({ id, fix })))
      .filter(
        ({ id, fix }) =>
          !bugs.some(
            ({ id: of, place }) =>
              of === id &&
              ((place.kind === 'found' &&
                place.findings.some(({ model, fixes: by }) => model === name && by.includes(fix))) ||
                (place.kind === 'closed' &&
                  place.holds.some(({ model, variant }) => model === name && variant === `without-${fix}`))),
          ),
      )
      .map(({ id, fix }) => `${id} by ${fix} in ${name}`),
  )
  expect(lacking).toEqual([])
})

describe('refused', () => {
  const finding: Finding = {
    model: 'mirror-2017',
    variant: 'without-driver-lock',
    scenario: 'mirror',
    property: 'P-INV',
    fixes: ['driver-lock'],
  }
  const bug = (change: Partial<Bug>): Bug => ({
    id: 'B-01',
    title: 't',
    versions: 'v',
    known: 'report',
    fix: 'f',
    place: { kind: 'found', findings: [finding] },
    ...change,
  })
  const found = (change: Partial<Finding>): readonly Bug[] => [
    bug({ place: { kind: 'found', findings: [{ ...finding, ...change }] } }),
  ]

  test('not this one', () => {
    expect(defineBugs(catalogue, [bug({})])).toHaveLength(1)
  })

  test.each([
    ['an id twice', [bug({}), bug({})], 'it is there twice'],
    ['no id', [bug({ id: 'B-1' })], 'its id is none'],
    ['found nowhere', [bug({ place: { kind: 'found', findings: [] } })], 'it is found nowhere'],
    ['a model', found({ model: 'mirror-2071' }), 'there is no model mirror-2071; did you mean mirror-2017?'],
    [
      'a variant',
      found({ variant: 'without-drivr-lock' }),
      'there is no variant of mirror-2017 without-drivr-lock; did you mean without-driver-lock',
    ],
    ['a scenario', found({ scenario: 'mirrors' }), 'there is no scenario of mirror-2017 mirrors; did you mean mirror?'],
    [
      'a property that nobody expects',
      found({ property: 'P-WP' }),
      'P-WP is not expected to be violated by mirror-2017@without-driver-lock in mirror',
    ],
    [
      'a scenario of which nothing is expected',
      found({ scenario: 'exit' }),
      'P-INV is not expected to be violated by mirror-2017@without-driver-lock in exit',
    ],
    [
      'a run that is said to hold, and does not',
      [bug({ place: closed('why', { model: 'mirror-2017', variant: 'without-driver-lock', scenario: 'mirror' }) })],
      'nothing says that mirror-2017@without-driver-lock holds in mirror',
    ],
    [
      'nothing that corrects it',
      found({ fixes: [] }),
      'nothing is said to correct mirror-2017@without-driver-lock in mirror',
    ],
    [
      'a fix that the variant has',
      found({ fixes: ['pte-lock'] }),
      'pte-lock is no difference between mirror-2017@fixed and without-driver-lock',
    ],
  ])('%s', (_, all, mistake) => {
    expect(() => defineBugs(catalogue, all)).toThrow(
      `HMM212: the bug B-01: ${mistake}`.replace('B-01', all[0]?.id ?? ''),
    )
  })
})
