/** Plays a schedule from a file on the model it names, for `replay`, `show` and `minimize`. */
import type { ConfiguredModel } from '../language/ast.ts'
import { errorText } from '../language/error-text.ts'
import { configure } from '../language/configure.ts'
import type { Catalogue, Protocol } from '../catalogue/protocol.ts'
import { selectProperties } from '../language/select.ts'
import { claimedIn, settingOf } from '../catalogue/setting.ts'
import type { Setting } from '../catalogue/setting.ts'
import { readScheduleOrLock } from '../schedules/read.ts'
import { replay } from '../schedules/replay.ts'
import type { Replay } from '../schedules/replay.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { outcomeOf, refusalOf } from '../report/replay.ts'
import { resolve } from 'node:path'
import { allCatalogues, protocolNamed } from './catalogues.ts'
import { HOLDS, MISTAKE, VIOLATED } from './exit-codes.ts'
import { print } from './context.ts'
import type { Context } from './context.ts'
import { readText } from './files.ts'

export interface Played {
  /** The schedule as it was played, with its steps as they are in the model. */
  readonly schedule: Schedule
  readonly isLock: boolean
  readonly replay: Replay
  /** The model it was played on, with all that its variant claims. */
  readonly claims: ConfiguredModel
  readonly view: Protocol['view']
}

/** @throws UsageError if the file is not a schedule, or names something that does not exist */
export async function playFile(
  { catalogue: own, environment }: Context,
  file: string,
  catalogues: readonly string[],
): Promise<Played> {
  const { lock, ...schedule } = readScheduleOrLock(readText(resolve(environment.cwd, file)), file)
  const catalogue: Catalogue = await allCatalogues(own, catalogues, environment.cwd)
  const protocol = protocolNamed(catalogue, schedule.model)
  const played = replay(protocol, schedule)
  const { scenario, sizes } = schedule.configuration
  return {
    schedule: played.schedule,
    isLock: lock !== undefined,
    replay: played,
    view: protocol.view,
    claims: claimsOf(settingOf(protocol, { variant: schedule.variant, scenario, sizes })),
  }
}

/** The model of a setting with all that its variant claims. */
export function claimsOf(setting: Setting): ConfiguredModel {
  return selectProperties(configure(setting.protocol.model, setting.configuration), claimedIn(setting))
}

/**
 * Says on standard error what no longer fits, and gives the exit code: 0 the schedule still shows its property, 1 it
 * does not, 2 a step can't be taken.
 */
export function reportReplay(
  { environment: { stderr } }: Context,
  file: string,
  { schedule, isLock, replay: played }: Played,
): number {
  const refusal = refusalOf(played)
  const renew = isLock ? `regress --update ${file}` : `check ${schedule.model}@${schedule.variant} --out FILE`
  const { changes } = played
  const changed = changes.length === 0 ? '' : `the model has changed since it was recorded (${changes.join('; ')})`
  if (refusal === undefined) {
    if (changed !== '')
      print(stderr, [
        errorText({
          code: 'HMM225',
          what: `${file} still shows that ${outcomeOf(schedule)}, but ${changed}`,
          remedy: `record it again with: ${renew}`,
        }),
      ])
    return HOLDS
  }
  const why = changed === '' ? '' : `; ${changed}`
  const code = played.kind === 'refused' ? 'HMM223' : 'HMM224'
  print(stderr, [
    errorText({
      code,
      what: `${file} is outdated${why}: ${refusal}`,
      remedy: isLock || played.notCarried !== undefined ? `record it again with: ${renew}` : undefined,
    }),
  ])
  return played.kind === 'refused' ? MISTAKE : VIOLATED
}
