/** The document of `show --format json`. docs/trace.schema.json is made from it. */
import type { Schedule } from '../../schedules/schedule.ts'
import type { Trace } from '../trace.ts'

export interface TraceDocument {
  readonly schema: 2
  /** The version of hmmcheck. */
  readonly version: string
  readonly schedule: Schedule
  /** The result of playing it. */
  readonly outcome: 'confirmed' | 'unconfirmed' | 'refused'
  /** As far as it could be played; null if the initial state does not exist. */
  readonly trace: Trace | null
}
