/** `recoverable`: from every reachable state every thread that is not a daemon can still reach an allowed end. */
import { defineKind, type Kind } from './kind.ts'
import { notAtEnd } from './hanging.ts'

export const recoverableKind: Kind = defineKind('recoverable', {
  judgedOn: 'end',
  outcome: 'violated',
  listed: 'always',
  meaning: 'every thread can always reach its end',
  shownInState(_, { unrecoverable }) {
    const threads = unrecoverable()
    return threads && threads.length > 0
  },
  hanging: (moment) => moment.unrecoverable() ?? notAtEnd(moment),
  sentence: ({ name, threads }) =>
    threads.length === 0
      ? `${name}: from here some thread can't reach its end`
      : `${name}: from here ${threads.join(' and ')} can't reach ${threads.length === 1 ? 'its end' : 'their ends'}`,
})
