/** `deadlock`: no transition changes the state, and some thread is not at an allowed end. */
import { transitions } from '../machine.ts'
import { isDeadlocked } from '../properties.ts'
import { defineKind, type Kind } from './kind.ts'
import { notAtEnd } from './hanging.ts'

export const deadlockKind: Kind = defineKind('deadlock', {
  judgedOn: 'state',
  outcome: 'violated',
  listed: 'always',
  meaning: 'the model never comes to a halt',
  // a state that the run itself goes on from is not deadlocked: nothing need be asked
  shownInState: (_, { machine, state, next, ends }) =>
    (next === undefined || next.equals(state)) && isDeadlocked(machine, state, transitions(machine, state, ends())),
  hanging: notAtEnd,
  sentence: ({ name }) => `${name}: no step changes the state any more`,
})
