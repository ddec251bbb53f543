/** One lock, tried on both variants. */
import { resolve } from 'node:path'
import { errorText } from '../language/error-text.ts'
import type { Catalogue } from '../catalogue/protocol.ts'
import { definedFields } from '../language/defined-fields.ts'
import { projectionLines } from '../report/projection.ts'
import { outcomeOf, refusalOf } from '../report/replay.ts'
import { correctedBy } from '../schedules/corrected.ts'
import { project } from '../schedules/projected.ts'
import { readLock } from '../schedules/read.ts'
import { replay } from '../schedules/replay.ts'
import { protocolNamed } from './catalogues.ts'
import { HOLDS, INCOMPLETE, VIOLATED } from './exit-codes.ts'
import { readText } from './files.ts'

const RENEW = 'search for it again with: regress --update '

export interface LockResult {
  readonly code: number
  /** The report on it. */
  readonly lines: readonly string[]
  /** Whether the file was rewritten. */
  readonly isUpdated?: true
  /** For standard error, with its code. */
  readonly complaint?: string
}

/**
 * @param limit on the states of the corrected variant
 * @throws UsageError if the file is not a lock, or names something that does not exist
 */
export function tryLock(catalogue: Catalogue, cwd: string, file: string, limit?: number): LockResult {
  const {
    lock: { corrected },
    ...given
  } = readLock(readText(resolve(cwd, file)), file)
  const protocol = protocolNamed(catalogue, given.model)
  const other = correctedBy(protocol, given, corrected, (model) => protocolNamed(catalogue, model))
  const played = replay(protocol, given)
  const { schedule, changes, run } = played
  const since = changes.length === 0 ? undefined : `the model has changed since it was recorded (${changes.join('; ')})`
  const refusal = refusalOf(played)
  if (refusal !== undefined || run === undefined) {
    const why = since === undefined ? '' : `; ${since}`
    return {
      code: VIOLATED,
      lines: [],
      complaint: errorText({
        code: played.kind === 'refused' ? 'HMM223' : 'HMM224',
        what: `${file} is outdated${why}: ${refusal ?? ''}`,
        remedy: `${RENEW}${file}`,
      }),
    }
  }
  const projected = project(protocol, schedule, other, definedFields({ limit }))
  const compared = { schedule, corrected, projected, ended: { machine: played.machine, run } }
  const lines = [outcomeOf(schedule), ...projectionLines(compared)]
  if (projected.kind === 'reached')
    return {
      code: VIOLATED,
      lines,
      complaint: `HMM253: ${file}: ${corrected} also breaks ${schedule.property.name} with these steps in this order`,
    }
  if (projected.kind === 'incomplete')
    return { code: INCOMPLETE, lines, complaint: `HMM257: ${file}: not every path of ${corrected} was explored` }
  const renew =
    since === undefined
      ? {}
      : {
          complaint: errorText({
            code: 'HMM225',
            what: `${file} still shows that ${outcomeOf(schedule)}, but ${since}`,
            remedy: `${RENEW}${file}`,
          }),
        }
  return { code: HOLDS, lines, ...renew }
}
