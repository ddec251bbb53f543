/**
 * Turns to another configuration of a protocol, and does there what was done here. The statements that both have occur
 * in the same order; what only the other has goes between them. So a fix that is flipped says which step it forbids.
 */
import { explanationOf, reachOf } from '../report/projection.ts'
import { projectOn } from '../schedules/projected.ts'
import { findInitial, nameInitial } from '../schedules/steps.ts'
import { runOf, type Node } from './history.ts'
import type { Opened } from './opened.ts'
import { firstOf, playInto, scheduleOf } from './schedules.ts'

/** States that are looked at: the interpreter takes a second for some thousands. */
const LIMIT = 4_000

/** Where the other configuration has come to, and why it has come no further. */
export interface Switched {
  readonly node: Node
  readonly note?: string
  /** Whether a step of what was done is not possible there. */
  readonly isForbidden: boolean
}

/** @param path what was done */
export function switchTo(from: Opened, path: readonly Node[], to: Opened): Switched {
  const run = runOf(path)
  if (run.steps.length === 0) {
    const same = findInitial(to.history.machine, nameInitial(from.history.machine, run.initial))
    return { node: to.history.begin(same ?? firstOf(to.history.machine)), isForbidden: false }
  }
  const schedule = scheduleOf(from, path)
  const projected = projectOn(from.whole, to.whole, schedule, { limit: LIMIT })
  const { node } = playInto(to, projected.machine, projected.run)
  const compared = {
    schedule,
    corrected: to.called,
    ended: { machine: from.history.machine, run },
    projected,
  }
  const reached =
    projected.kind === 'reached' && schedule.property.kind === 'run'
      ? `${to.called} can do the same`
      : reachOf(compared)
  return {
    node,
    note: [reached, ...explanationOf(compared)].join('; '),
    isForbidden: projected.kind !== 'reached',
  }
}
