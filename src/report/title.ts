/** The titles of runs and of schedules. */
import type { Schedule } from '../schedules/schedule.ts'
import { showSizes } from './text.ts'

/** The parts of a title. */
export interface Titled {
  readonly model: string
  readonly variant: string
  readonly scenario: string
  /** `cpus=2,devices=1`; empty if there are none. */
  readonly sizes: string
}

/** `mirror-2017@as-posted, scenario core with cpus=2` */
export function runTitle({ model, variant, scenario, sizes }: Titled): string {
  return `${model}@${variant}, scenario ${scenario}${sizes === '' ? '' : ` with ${sizes}`}`
}

/** The title of the run that the schedule is of. */
export function scheduleTitle({
  model,
  variant,
  configuration: { scenario, sizes },
}: Pick<Schedule, 'model' | 'variant' | 'configuration'>): string {
  return runTitle({ model, variant, scenario, sizes: showSizes(sizes) })
}
