/** `sometimes`: its condition holds in a reachable state, or a `Cover` of its name is witnessed. */
import { stateHolds } from '../properties.ts'
import { defineKind, type Kind } from './kind.ts'

export const sometimesKind: Kind = defineKind('sometimes', {
  judgedOn: 'state',
  outcome: 'witnessed',
  listed: 'always',
  meaning: 'something that must be possible',
  shownInState: ({ condition }, { machine, state }) => condition !== undefined && stateHolds(machine, state, condition),
  shownInStep: ({ name }, { transition: { covers } }) => covers.includes(name),
  sentence: ({ name }) => `${name} is reached`,
})
