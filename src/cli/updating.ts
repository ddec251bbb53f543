/**
 * `regress --update`: brings one lock up to date with its model. Its steps change; what is known of the bug stays.
 */
import { resolve } from 'node:path'
import { configure } from '../language/configure.ts'
import type { Catalogue } from '../catalogue/protocol.ts'
import { settingOf, type Setting } from '../catalogue/setting.ts'
import { movedLines } from '../report/moved.ts'
import { projectionLines, reachOf } from '../report/projection.ts'
import { outcomeOf } from '../report/replay.ts'
import { renewedNote } from '../report/shows.ts'
import { propertyOf, searchIn } from '../schedules/minimize.ts'
import type { MinimizeOptions } from '../schedules/minimize.ts'
import { correctedBy, type Corrected } from '../schedules/corrected.ts'
import { readLock } from '../schedules/read.ts'
import { whyOpenText } from '../report/minimized.ts'
import { originOf, record } from '../schedules/record.ts'
import { follow, replay, type Replay } from '../schedules/replay.ts'
import type { LockNote } from '../schedules/lock.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { protocolNamed } from './catalogues.ts'
import { HOLDS, INCOMPLETE, VIOLATED } from './exit-codes.ts'
import type { Context } from './context.ts'
import { readText } from './files.ts'
import { lockedAs } from './locking.ts'
import { MAX_STATES } from './options/minimize.ts'
import { progressText } from './progress.ts'
import { tryLock } from './regression.ts'
import type { LockResult } from './regression.ts'
import { writeReadable } from './save.ts'
import { withProgress } from './session.ts'

export interface UpdateOptions extends Pick<MinimizeOptions, 'timeout' | 'signal' | 'symmetry'> {
  /** On the states of the corrected variant. */
  readonly maxStates?: number | undefined
}

/**
 * Tries a lock, and rewrites it if its model has changed: with its own steps, if they still lead to the violation in
 * exactly one way; else with those that a check of its variant, scenario and property finds. A lock whose bug is not
 * found is left as it is.
 *
 * @throws UsageError if the file is not a lock, or names something that no longer exists
 */
export async function updateLock(
  context: Context,
  catalogue: Catalogue,
  file: string,
  { maxStates, ...limits }: UpdateOptions,
): Promise<LockResult> {
  const { cwd } = context.environment
  const { lock: note, ...before } = readLock(readText(resolve(cwd, file)), file)
  const protocol = protocolNamed(catalogue, before.model)
  const { scenario, sizes } = before.configuration
  const setting = settingOf(protocol, { variant: before.variant, scenario, sizes })
  const corrected = correctedBy(protocol, before, note.corrected, (model) => protocolNamed(catalogue, model))
  const played = replay(protocol, before)
  if (played.kind === 'confirmed' && played.changes.length === 0) return tryLock(catalogue, cwd, file, maxStates)
  const shown = played.kind === 'confirmed' ? played : await searched(context, setting, before, limits)
  if ('why' in shown) {
    const { property } = before
    const where = `${before.model}@${before.variant}, scenario ${scenario}`
    const complaint = `HMM230: ${file} is not changed: ${property.name} is not found ${property.outcome} in ${where}: ${shown.why}`
    return { code: shown.code, lines: [], complaint }
  }
  return rewritten(cwd, file, { setting, note, corrected, before, shown, maxStates })
}

/** A search that did not find the bug. */
interface NotFound {
  readonly code: number
  readonly why: string
}

/** Looks for the property of a lock, and plays the schedule that is found. */
async function searched(
  { environment: { engine, stderr } }: Context,
  setting: Setting,
  before: Schedule,
  limits: Omit<UpdateOptions, 'maxStates'>,
): Promise<Replay | NotFound> {
  const model = configure(setting.protocol.model, setting.configuration)
  const property = propertyOf(setting.protocol, before)
  const text = { name: `${before.model}@${before.variant}`, show: progressText }
  const found = await withProgress(stderr, text, (onProgress) =>
    searchIn(setting, property, engine.check, { ...limits, maxStates: MAX_STATES, onProgress }),
  )
  switch (found.kind) {
    case 'shown':
      return follow(model, record(originOf(setting), found.found))
    case 'never':
      return { code: VIOLATED, why: 'no state of the model shows it; if the bug is gone for good, delete the lock' }
    case 'open':
      return { code: INCOMPLETE, why: whyOpenText[found.why] }
    case 'meaningless':
      return { code: INCOMPLETE, why: found.why }
  }
}

/** A lock, and how its bug shows on the model as it is. */
interface Shown {
  readonly setting: Setting
  readonly note: LockNote
  readonly corrected: Corrected
  readonly before: Schedule
  readonly shown: Replay
  readonly maxStates: number | undefined
}

/** Writes the lock with the steps that show its bug, unless the corrected variant can follow them. */
function rewritten(
  cwd: string,
  file: string,
  { setting, note, corrected, before, shown, maxStates }: Shown,
): LockResult {
  const { run, schedule, machine } = shown
  if (run === undefined) throw new Error(`a schedule of ${schedule.steps.length} steps that was found can't be played`)
  const renewed = renewedNote(note, before, schedule)
  const { lock, compared } = lockedAs({ setting, schedule, machine, run, note: renewed, corrected }, maxStates)
  const { kind } = compared.projected
  if (kind === 'reached') {
    const complaint = `HMM253: ${file} is not changed: ${reachOf(compared)}`
    return { code: VIOLATED, lines: [outcomeOf(schedule)], complaint }
  }
  writeReadable(resolve(cwd, file), file, lock)
  const lines = [outcomeOf(lock), ...movedLines(before, lock), ...projectionLines(compared)]
  if (kind === 'forbidden') return { code: HOLDS, isUpdated: true, lines }
  const complaint = `HMM257: ${file} is updated, but not every path of ${note.corrected} was explored`
  return { code: INCOMPLETE, isUpdated: true, lines, complaint }
}
