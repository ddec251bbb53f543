/** The threads of a hang. */
import { threadOf } from '../machine.ts'
import { atAllowedEnd } from '../properties.ts'
import type { Moment } from './kind.ts'

/** All threads that must not stay where they are, or wait for a lock of another thread. */
export function notAtEnd({ machine, state, ends }: Moment): readonly number[] {
  const possible = ends()
  const waitsForOthers = (thread: number): boolean =>
    (possible[thread] ?? []).some((end) => end.kind === 'waits' && end.blockers?.isEmpty() === false)
  return machine.runners.flatMap((_, thread) =>
    threadOf(state, thread).point === 'end' || (!waitsForOthers(thread) && atAllowedEnd(machine, state, thread))
      ? []
      : [thread],
  )
}
