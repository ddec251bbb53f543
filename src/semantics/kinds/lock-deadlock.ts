/** `lock-deadlock`: threads are blocked in acquisitions that only these threads could let pass. */
import { stuckThreads } from '../properties.ts'
import { defineKind, type Kind, type Moment } from './kind.ts'

const stuck = ({ machine, state, ends }: Moment): readonly number[] => stuckThreads(machine, state, ends())

export const lockDeadlockKind: Kind = defineKind('lock-deadlock', {
  judgedOn: 'state',
  outcome: 'violated',
  listed: 'always',
  meaning: "threads never wait for each other's locks",
  shownInState: (_, moment) => stuck(moment).length > 0,
  hanging: stuck,
  sentence: ({ name, threads }) =>
    threads.length === 1
      ? `${name}: ${threads.join()} waits for itself`
      : `${name}: ${threads.join(', ')} wait for each other`,
})
