/**
 * `regress --update`: one lock, brought up to date with its model. What is known of the bug stays, its steps change.
 */
import { resolve } from 'node:path'
import { configure } from '../language/configure.ts'
import type { Catalogue } from '../language/protocol.ts'
import { settingOf } from '../language/setting.ts'
import { movedLines } from '../report/moved.ts'
import { projectionLines, reachOf } from '../report/projection.ts'
import { outcomeOf } from '../report/replay.ts'
import { renewedNote } from '../report/shows.ts'
import { propertyOf, searchIn } from '../schedules/minimize.ts'
import type { MinimizeOptions } from '../schedules/minimize.ts'
import { readLock } from '../schedules/read.ts'
import { originOf, record } from '../schedules/record.ts'
import { follow, replay } from '../schedules/replay.ts'
import { protocolNamed } from './catalogues.ts'
import { HOLDS, INCOMPLETE, VIOLATED } from './codes.ts'
import type { Context } from './context.ts'
import { readText } from './files.ts'
import { lockedAs } from './locking.ts'
import { MAX_STATES } from './minimize.ts'
import { progressLine } from './progress.ts'
import { tryLock } from './regression.ts'
import type { Tried } from './regression.ts'
import { writeReadable } from './save.ts'

export interface UpdateOptions extends Pick<MinimizeOptions, 'timeout' | 'signal'> {
  /** On the states of the corrected variant. */
  readonly maxStates?: number | undefined
}

/**
 * Tries a lock, and writes it anew if its model has changed: with its own steps, where they still lead to the
 * violation in one way; else with those that a check of its variant, scenario and property finds. A lock whose bug is
 * not found is left as it is.
 *
 * @throws UsageError if the file is no lock, or speaks of what there is not any more
 */
export async function updateLock(
  context: Context,
  catalogue: Catalogue,
  file: string,
  { maxStates, ...limits }: UpdateOptions,
): Promise<Tried> {
  const { cwd, engine, stderr } = context.environment
  const path = resolve(cwd, file)
  const { lock: note, ...before } = readLock(readText(path), file)
  const protocol = protocolNamed(catalogue, before.model)
  const { scenario, sizes } = before.configuration
  const setting = settingOf(protocol, { variant: before.variant, scenario, sizes })
  settingOf(protocol, { variant: note.corrected, scenario, sizes })
  const model = configure(protocol.model, setting.configuration)
  const property = propertyOf(protocol, before)

  let played = replay(protocol, before)
  const isCurrent = played.kind === 'confirmed' && played.changes.length === 0
  if (isCurrent) return tryLock(catalogue, cwd, file, maxStates)
  if (played.kind !== 'confirmed') {
    const progress = progressLine(stderr, `${before.model}@${before.variant}`)
    const { onProgress } = progress
    const searched = await searchIn(setting, property, engine.check, {
      ...limits,
      maxStates: MAX_STATES,
      onProgress,
    }).finally(() => {
      progress.done()
    })
    if (searched.kind !== 'shown') {
      const where = `${before.model}@${before.variant}, scenario ${scenario}`
      const [code, why] =
        searched.kind !== 'never'
          ? [INCOMPLETE, searched.why]
          : [VIOLATED, 'no state of the model shows it; if the bug is gone for good, take the lock away']
      const complaint = `HMM230: ${file} is left as it is: ${property.name} is not found ${property.outcome} in ${where}: ${why}`
      return { code, lines: [], complaint }
    }
    played = follow(model, record(originOf(setting), model, property, searched.found.run))
  }
  const { run, schedule, machine } = played
  if (run === undefined) throw new Error(`a schedule of ${schedule.steps.length} steps that was found can't be played`)
  const renewed = renewedNote(note, before, schedule)
  const { lock, compared } = lockedAs({ setting, schedule, machine, run, note: renewed }, maxStates)
  const { kind } = compared.projected
  if (kind === 'reached') {
    const complaint = `HMM253: ${file} is left as it is: ${reachOf(compared)}`
    return { code: VIOLATED, lines: [outcomeOf(schedule)], complaint }
  }
  writeReadable(path, file, lock)
  const lines = [outcomeOf(lock), ...movedLines(before, lock), ...projectionLines(compared)]
  if (kind === 'forbidden') return { code: HOLDS, isUpdated: true, lines }
  const complaint = `HMM257: ${file} is updated, but not every way of ${note.corrected} was looked at`
  return { code: INCOMPLETE, isUpdated: true, lines, complaint }
}
