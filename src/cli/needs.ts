/** What a check that memory ended would need. */
import { treeBytes } from '../c/exported.ts'
import { estimatedStates } from '../explorer/estimate.ts'
import type { CheckResult } from '../explorer/result.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { Needs } from '../report/checked.ts'
import type { CheckPlan } from './options/check.ts'
import { hostsCommand } from './repeat.ts'
import type { RunTarget } from './targets.ts'

/** Of the memory of a host, the part that states may take: the rest is for MPI, and for tables that grow. */
const USABLE = 0.5

/** Nothing if memory did not end it. */
export function memoryNeeds(
  program: string,
  target: RunTarget,
  plan: CheckPlan,
  result: CheckResult,
): Needs | undefined {
  if (result.incomplete !== 'max-memory') return undefined
  return {
    command: hostsCommand(program, target, plan),
    ...definedFields({ estimate: estimateOf(result, plan.maxMemory) }),
  }
}

function estimateOf(result: CheckResult, maxMemory: number | undefined): Needs['estimate'] {
  const { levelSizes, stored, states, bytesPerState, stateBits } = result
  const known = levelSizes.reduce((sum, size) => sum + size, 0)
  const whole = estimatedStates(levelSizes)
  if (whole === undefined) return undefined
  // A check that went on from a file does not know the sizes of the levels before.
  const inAll = Math.max(stored, whole + Math.max(0, stored - known))
  const all = (inAll * states) / stored
  const bytesInLtsmin = all * treeBytes(Math.ceil(stateBits / 64))
  const memory = (maxMemory ?? bytesPerState * stored) * USABLE
  return {
    states: all,
    bytes: inAll * bytesPerState,
    bytesInLtsmin,
    hosts: Math.max(2, Math.ceil(bytesInLtsmin / memory)),
  }
}
