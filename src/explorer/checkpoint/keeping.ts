/** What a check keeps in a file, and goes on from, by its options. */
import { definedFields } from '../../language/defined-fields.ts'
import type { Keeping } from '../host.ts'
import type { Prepared } from '../prepare.ts'
import type { CheckSettings } from '../result.ts'
import { checkpointsTo, resumedFrom } from './checkpoints.ts'
import { assertWritable } from './file.ts'
import { checkIdentityOf, type CheckIdentity } from './identity.ts'

/** Default for the seconds from one checkpoint to the next. */
const everyTenMinutes = 600

/**
 * @param workers that are asked for
 * @throws UsageError HMM210 if the file can't be written, HMM270 to HMM274 if a check can't go on from another
 */
export function keepingFor(prepared: Prepared, settings: CheckSettings, workers: number): Keeping {
  const { resume, checkpoint } = settings
  const identity = checkIdentityOf(prepared, settings)
  const withWorkers = (count: number): CheckIdentity => ({ ...identity, workers: count })
  const asked = settings.workers === undefined ? undefined : workers
  const resumed = resume === undefined ? undefined : resumedFrom(resume, (saved) => withWorkers(asked ?? saved))
  const count = resumed?.workers ?? workers
  if (checkpoint !== undefined) assertWritable(checkpoint.file)
  const checkpoints =
    checkpoint === undefined
      ? undefined
      : checkpointsTo(checkpoint.file, 1000 * (checkpoint.every ?? everyTenMinutes), withWorkers(count))
  return {
    keeping: definedFields({ resumed, checkpoints }),
    checkpoint: () => checkpoints?.outcome(),
    workers: count,
  }
}
