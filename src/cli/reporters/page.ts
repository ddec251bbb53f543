/** The page of one schedule: that of the first violated property, or of the one that is asked for. */
import { originOf, record } from '../../schedules/record.ts'
import type { Environment } from '../environment.ts'
import { pageOf, pageOfReplay, pageText } from '../pages.ts'
import type { Reporter, ShownSchedule } from './reporter.ts'
import { oneSchedule } from './trace.ts'

export const page = (environment: Environment): Reporter<string | undefined> =>
  oneSchedule(environment, 'html', (example, { target, checked }) => {
    const schedule = record(originOf(target.setting), example)
    return pageText(
      pageOf(example, schedule, environment.cwd, { command: checked.command, view: target.setting.protocol.view }),
    )
  })

/** One schedule as a page, as far as it could be played. */
export function pageOfSchedule(shown: ShownSchedule): string {
  const document = pageOfReplay(shown)
  return document === undefined ? '' : pageText(document)
}
