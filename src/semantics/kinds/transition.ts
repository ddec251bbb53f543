/** `transition`: its condition holds over every transition. */
import { transitionHolds } from '../properties.ts'
import { defineKind, type Kind } from './kind.ts'

export const transitionKind: Kind = defineKind('transition', {
  judgedOn: 'step',
  outcome: 'violated',
  listed: 'always',
  meaning: 'a condition of every step',
  shownInStep: ({ condition }, { machine, before, after }) =>
    after !== undefined && !transitionHolds(machine, before, after, condition),
  sentence: ({ name }) => `${name} is false for this step`,
})
