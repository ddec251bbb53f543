/**
 * `collected`: the relation of its pairs has no cycle. It speaks of all schedules at once; its pairs have schedules.
 */
import { defineKind, type Kind } from './kind.ts'

export const collectedKind: Kind = defineKind('collected', {
  judgedOn: 'graph',
  outcome: 'violated',
  listed: 'always',
  meaning: 'a relation without a cycle',
  sentence: ({ name }) => `${name} has a cycle`,
})
