/** Carries out a `replay`. */
import { outcomeOf, replayLines } from '../report/replay.ts'
import { scheduleTitle } from '../report/title.ts'
import { paintOf, print } from './context.ts'
import type { Context } from './context.ts'
import { reportReplay, playFile } from './schedule-file.ts'

/** @returns the exit code */
export async function replayFile(context: Context, file: string, catalogue: readonly string[]): Promise<number> {
  const { stdout, variables } = context.environment
  const paint = paintOf(stdout, variables)
  const played = await playFile(context, file, catalogue)
  const { schedule, replay } = played
  print(stdout, [
    paint('bold', scheduleTitle(schedule)),
    ...(replay.run === undefined ? [] : replayLines(replay.machine, replay.run, schedule, paint)),
  ])
  if (replay.kind === 'confirmed')
    print(stdout, [paint(schedule.property.outcome === 'violated' ? 'red' : 'green', outcomeOf(schedule))])
  return reportReplay(context, file, played)
}
