/** Changes of a schedule between threads. */
import { switchesIn } from '../semantics/size.ts'
import type { ScheduleStep } from './schedule.ts'

/**
 * Context switches of a schedule: how often a step is another thread's than the one before it.
 *
 *     contextSwitches(schedule.steps) // 0 if one thread alone runs
 */
export function contextSwitches(steps: readonly Pick<ScheduleStep, 'thread'>[]): number {
  return switchesIn(steps.map(({ thread }) => thread))
}
