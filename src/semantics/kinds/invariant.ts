/** `invariant`: its condition holds in every reachable state. */
import { stateHolds } from '../properties.ts'
import { defineKind, type Kind } from './kind.ts'

export const invariantKind: Kind = defineKind('invariant', {
  judgedOn: 'state',
  outcome: 'violated',
  listed: 'always',
  meaning: 'a condition of every state',
  shownInState: ({ condition }, { machine, state }) => !stateHolds(machine, state, condition),
  sentence: ({ name }) => `${name} is false in this state`,
})
