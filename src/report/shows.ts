/** What a counterexample shows, in one sentence. */
import type { Schedule } from '../schedules/schedule.ts'
import { contextSwitches } from '../schedules/switches.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { messageOf, sentence } from './ending.ts'
import { plural } from './numbers.ts'

/** `P-NOUAF: the device uses a freed page; 9 steps and 4 context switches of unmap and device[0]`. */
export function showsOf(machine: Machine, run: Run, { property, steps }: Schedule): string {
  const threads = [...new Set(steps.map(({ thread }) => thread))]
  const who = threads.length === 0 ? '' : ` of ${[threads.slice(0, -1).join(', '), threads.at(-1)].filter((part) => part !== '').join(' and ')}`
  return `${whatEnds(machine, run, property)}; ${plural(steps.length, 'step')} and ${plural(contextSwitches(steps), 'context switch', 'context switches')}${who}`
}

/** What the end of a run shows: `P-NOUAF: the device uses a freed page`. */
export function whatEnds(machine: Machine, run: Run, property: Schedule['property']): string {
  const last = run.steps.at(-1)
  return sentence(machine, property, last === undefined ? run.initial.state : last.state, messageOf(run, property))
}
