/** `run`: that its steps can be taken one after the other. What was done by hand shows it, whatever else it shows. */
import { defineKind, type Kind } from './kind.ts'

export const runKind: Kind = defineKind('run', {
  judgedOn: 'run',
  outcome: 'witnessed',
  listed: 'never',
  meaning: 'a run by hand',
  sentence: () => 'every step can be taken',
})
