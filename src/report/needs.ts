/** The last lines of a check that memory ended: what it would need, and the command that searches on many hosts. */
import type { CheckResult } from '../explorer/result.ts'
import type { Checked, Needs } from './checked.ts'
import { plural, showBytes, showRough } from './numbers.ts'
import { wrap } from './wrap.ts'

/** Levels whose growth is shown. */
const SHOWN = 3

/** The parts of a result that the lines are made of. */
type Ended = Pick<CheckResult, 'stored' | 'bytesPerState' | 'levelSizes'>

/** Nothing if memory did not end it. The command is one line, however long. */
export function needsLines(
  { result, needs }: Pick<Checked, 'needs'> & { readonly result: Ended },
  width: number,
): readonly string[] {
  if (needs === undefined) return []
  const { stored, bytesPerState } = result
  return [
    ...wrap(
      `memory ended it: ${plural(stored, 'stored state')} in ${showBytes(bytesPerState * stored)}${growthText(result)}`,
      width,
    ),
    ...wrap(estimateText(needs), width),
    `search on many hosts with: ${needs.command}`,
    ...wrap('HOSTS has a line for each host, `name slots=8`: docs/beyond-one-machine.md', width),
  ]
}

/** `; the last levels grew by 1.31, 1.27, 1.22` */
function growthText({ levelSizes }: Ended): string {
  const factors = levelSizes.slice(1).map((size, n) => size / (levelSizes[n] ?? size))
  const last = factors.slice(-SHOWN).map((factor) => factor.toFixed(2))
  return last.length === 0 ? '' : `; the last levels grew by ${last.join(', ')}`
}

function estimateText({ estimate }: Needs): string {
  if (estimate === undefined) return 'no estimate of the whole: the growth of the levels does not fall enough yet'
  const { states, bytes, bytesInLtsmin, hosts } = estimate
  const here = `${showRough(states)} states; ${showBytes(bytes)} here`
  const there = `${showBytes(bytesInLtsmin)} in LTSmin, which has no symmetry`
  return `estimate, at times wrong by a factor of 4: ${here}; ${there}: ${plural(hosts, 'host')} with the memory of this run`
}
