/** A check of one configuration, with everything a report says of it. */
import type { Touching } from '../analysis/atomicity.ts'
import type { Setting } from '../catalogue/setting.ts'
import type { Expectation } from '../catalogue/protocol.ts'
import type { CheckResult, PropertyResult } from '../explorer/result.ts'

export interface Checked {
  readonly setting: Setting
  readonly result: CheckResult
  /**
   * The catalogue's expectation; absent if it has none, or if not all properties were checked at the scenario's sizes.
   */
  readonly expectation?: Expectation
  /** Scenarios of the protocol in which the command that did it does not check the variant. */
  readonly notChecked: readonly string[]
  /** Of a run that holds: the default variant, if it is another one and its model is the same in this scenario. */
  readonly sameAs?: string
  /** For a user's model: the shared state that each transition touches, at the lines as the user sees them. */
  readonly atomicity?: readonly Touching[]
  /** The command that repeats the run. */
  readonly command: string
  /** The command that goes on from its checkpoint, if the run ended before it was done and has one. */
  readonly resume?: string
  /** What the run would need, if memory ended it. */
  readonly needs?: Needs
}

/** What a search that memory ended would need. */
export interface Needs {
  /** An estimate from the growth of the levels; absent if that does not say. */
  readonly estimate?: {
    /** States of the whole graph. */
    readonly states: number
    /** Bytes that they take here: with symmetry, if the run had it. */
    readonly bytes: number
    /** Bytes that they take in LTSmin, which has no symmetry. */
    readonly bytesInLtsmin: number
    /** Hosts with as much memory as the run had, for LTSmin. */
    readonly hosts: number
  }
  /** The command that searches on many hosts. */
  readonly command: string
}

/** `open`: incomplete, and so far nothing contradicts the expectation. */
export type Judgement = 'expected' | 'unexpected' | 'open'

/** The properties that a result found violated. */
export function violatedOf({ properties }: CheckResult): readonly PropertyResult[] {
  return properties.filter(({ verdict }) => verdict === 'violated')
}

/** Whether a result is as expected. Without an expectation, no violation is expected. */
export function judge(result: CheckResult, expectation: Expectation | undefined): Judgement {
  const { verdict, incomplete, fingerprint } = result
  if (expectation === undefined || expectation.verdict === 'holds') {
    return verdict === 'holds' ? 'expected' : verdict === 'violated' ? 'unexpected' : 'open'
  }
  const found = violatedOf(result).map(({ name }) => name)
  const wanted = expectation.violated ?? found
  if (found.some((name) => !wanted.includes(name))) return 'unexpected'
  if (found.length > 0 && (wanted.every((name) => found.includes(name)) || incomplete === 'first-violation'))
    return 'expected'
  return incomplete === undefined && fingerprint === undefined ? 'unexpected' : 'open'
}
