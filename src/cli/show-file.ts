/** Carries out a `show`. */
import { traceOf } from '../report/trace.ts'
import { repeatOf } from './command-text.ts'
import type { Context } from './context.ts'
import type { ShowFlags } from './options/show.ts'
import { locator } from './places.ts'
import { scheduleIn } from './reporters/index.ts'
import { reportReplay, playFile } from './schedule-file.ts'

/** @returns the exit code */
export async function show(
  context: Context,
  file: string,
  { format = 'text', short, ascii, catalogue = [] }: ShowFlags,
): Promise<number> {
  const { environment, argv } = context
  const played = await playFile(context, file, catalogue)
  const { schedule, replay, claims, view } = played
  const property = replay.kind === 'confirmed' ? schedule.property : undefined
  const trace =
    replay.run && traceOf(replay.machine, replay.run, { property, claims, locate: locator(environment.cwd) })
  environment.stdout.write(
    scheduleIn(format, {
      environment,
      ascii,
      short: short === true,
      schedule,
      replay,
      trace,
      claims,
      view,
      version: await environment.version(),
      command: repeatOf(environment.program, argv),
    }),
  )
  return reportReplay(context, file, played)
}
