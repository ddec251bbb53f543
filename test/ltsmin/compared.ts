/** A check by LTSmin beside the same check by our own engine. */
import type { CheckResult, PropertyResult } from '../../src/explorer/result.ts'
import { isBeyondRuns, kinds } from '../../src/semantics/kinds/index.ts'

/** Whether an engine that sees states and steps alone judges it. */
const isJudged = ({ kind }: PropertyResult): boolean => !(isBeyondRuns(kind) && kinds[kind].judgedOn === 'end')

/**
 * The differences: of counts, and of every property's verdict and length. What LTSmin does not judge must say so.
 *
 * @param ours searched without symmetry
 */
export function differencesOf(theirs: CheckResult, ours: CheckResult): readonly string[] {
  const told = (of: CheckResult): Readonly<Record<string, unknown>> => ({
    states: of.states,
    transitions: of.transitions,
    depth: of.depth,
    incomplete: of.incomplete,
    neverTaken: of.neverTaken.map(({ thread, path, label }) => `${thread} ${path} ${label}`),
    warnings: of.warnings.map(({ code, what }) => `${code} ${what}`),
    ...Object.fromEntries(of.properties.filter(isJudged).map((one) => [`${one.kind} ${one.name}`, verdictText(one)])),
  })
  const [mine, other] = [told(ours), told(theirs)]
  return [
    ...[...new Set([...Object.keys(mine), ...Object.keys(other)])].flatMap((key) => {
      const [one, two] = [JSON.stringify(mine[key]), JSON.stringify(other[key])]
      return one === two ? [] : [`${key}: ${two} and not ${one}`]
    }),
    ...theirs.properties
      .filter((one) => !isJudged(one) && one.why !== 'not judged by this engine')
      .map(({ name, verdict }) => `${name}: ${verdict}, which this engine does not judge`),
  ]
}

/** Verdict, length, switches, and the same of the pairs of a cycle. */
function verdictText({ verdict, steps, switches, minimal, cycle }: PropertyResult): string {
  // a witness that was not asked for is some shortest one
  const size = minimal === undefined ? `${steps}` : `${steps} ${switches} ${minimal}`
  return [`${verdict} ${size}`, ...(cycle ?? []).map((pair) => `${pair.name} ${pair.steps}`)].join('; ')
}
