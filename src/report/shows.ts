/** One sentence on what a counterexample shows. */
import type { LockNote } from '../schedules/lock.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { contextSwitches } from '../schedules/switches.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { endText } from './ending.ts'
import { plural } from './numbers.ts'
import { showSizes } from './text.ts'

/** `P-NOUAF: the device uses a freed page; 9 steps and 4 context switches of unmap and device[0]`. */
export function showsOf(machine: Machine, run: Run, schedule: Schedule): string {
  return `${endText(machine, run, schedule.property)}; ${extentOf(schedule)}`
}

/** `9 steps and 4 context switches of unmap and device[0]`. */
function extentOf({ steps }: Schedule): string {
  const threads = [...new Set(steps.map(({ thread }) => thread))]
  const who =
    threads.length === 0
      ? ''
      : ` of ${[threads.slice(0, -1).join(', '), threads.at(-1)].filter((part) => part !== '').join(' and ')}`
  return `${plural(steps.length, 'step')} and ${plural(contextSwitches(steps), 'context switch', 'context switches')}${who}`
}

/**
 * The note of a lock for another schedule of the same bug. Its steps and sizes are brought up to date; the rest stays.
 */
export function renewedNote({ shows, command, ...note }: LockNote, before: Schedule, now: Schedule): LockNote {
  const [was, is] = [extentOf(before), extentOf(now)]
  const sizes = (of: Schedule): string => `--config ${showSizes(of.configuration.sizes)}`
  const renewed = shows.endsWith(`; ${was}`) ? shows.slice(0, -was.length) + is : shows
  return { ...note, shows: renewed, command: command.replace(sizes(before), sizes(now)) }
}
