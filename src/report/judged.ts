/**
 * The judgement on a check: by its verdict alone where the user asks for one run, by what the catalogue expects where
 * the question is whether anything has changed.
 */
import { kinds } from '../semantics/kinds/index.ts'
import type { PropertyResult } from '../explorer/result.ts'
import type { Expectation } from '../catalogue/protocol.ts'
import { judge, type Checked } from './checked.ts'
import { incompleteText } from './incomplete.ts'
import { notFoundText } from './fingerprint.ts'
import { sizeText, whyUndecided } from './text.ts'

/** A property, and whether a build should fail over it. */
export interface JudgedProperty extends Pick<PropertyResult, 'name' | 'kind'> {
  /** Absent for a failure that is of no property: an expected violation was not found. */
  readonly result?: PropertyResult
  /** `failed`: a build should fail over it. `expected`: violated, as the catalogue expects. `open`: not decided. */
  readonly judgement: 'passed' | 'expected' | 'failed' | 'open'
  /** `violated in 9 steps`, `holds`, `incomplete: max-states` */
  readonly reason: string
}

/** Judges a check, and each property of it. */
export interface Judge {
  readonly run: (checked: Checked) => 'passed' | 'failed' | 'open'
  readonly properties: (checked: Checked) => readonly JudgedProperty[]
}

/** A violation is a failure, whether or not it was expected. */
export const byVerdict: Judge = {
  run: ({ result }) =>
    (({ holds: 'passed', violated: 'failed', incomplete: 'open', 'not-found': 'open' }) as const)[result.verdict],
  properties: (checked) => checked.result.properties.map((property) => judgedProperty(property, checked, undefined)),
}

/** A result that is not as the catalogue expects is a failure. */
export const byExpectation: Judge = {
  run: ({ result, expectation }) =>
    (({ expected: 'passed', unexpected: 'failed', open: 'open' }) as const)[judge(result, expectation)],
  properties(checked) {
    const { result, expectation } = checked
    const expected = expectation?.verdict === 'violated' ? expectation : undefined
    const properties = result.properties.map((property) => judgedProperty(property, checked, expected))
    const isMissing =
      judge(result, expectation) === 'unexpected' && properties.every(({ judgement }) => judgement !== 'failed')
    return isMissing ? [...properties, missingViolation(expectation)] : properties
  },
}

function missingViolation(expectation: Expectation | undefined): JudgedProperty {
  return {
    name: 'as expected',
    kind: 'assertion',
    judgement: 'failed',
    reason: `not as expected: a violation is expected (${expectation?.source ?? ''}), and none was found`,
  }
}

/** @param expected the violations that the catalogue expects, if it does */
function judgedProperty(
  result: PropertyResult,
  { result: whole }: Checked,
  expected: Expectation | undefined,
): JudgedProperty {
  const { name, kind, verdict } = result
  const judged = (judgement: JudgedProperty['judgement'], reason: string): JudgedProperty => ({
    name,
    kind,
    result,
    judgement,
    reason,
  })
  switch (verdict) {
    case 'incomplete':
      return judged(
        'open',
        `incomplete: ${result.why ?? (whole.incomplete === undefined ? 'not decided' : incompleteText[whole.incomplete])}`,
      )
    case 'undecided':
      return result.why === undefined
        ? judged('open', whyUndecided(whole))
        : judged(whole.fingerprint === undefined ? 'passed' : 'open', result.why)
    case 'not-found':
      return judged('open', `${notFoundText(kind)}; fingerprints may have omitted a state`)
    case 'holds':
      return expected?.violated?.includes(name) === true
        ? judged('failed', `not violated, although a violation is expected (${expected.source})`)
        : judged('passed', 'holds')
    case 'violated': {
      const how =
        kinds[kind].outcome === 'witnessed'
          ? 'violated: it is not possible'
          : `violated${result.minimal === undefined ? '' : ','} ${sizeText(result, whole.minimize)}`
      return expected !== undefined && expected.violated?.includes(name) !== false
        ? judged('expected', `${how}, as expected (${expected.source})`)
        : judged('failed', how)
    }
  }
}
