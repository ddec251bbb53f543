/** `pair`: a `Cover` of its name is witnessed. It is a part of a relation, and claims nothing by itself. */
import { defineKind, type Kind } from './kind.ts'

export const pairKind: Kind = defineKind('pair', {
  judgedOn: 'step',
  outcome: 'witnessed',
  listed: 'in its relation',
  meaning: 'a pair of a relation',
  shownInStep: ({ name }, { transition: { covers } }) => covers.includes(name),
  sentence: ({ name }) => name,
})
