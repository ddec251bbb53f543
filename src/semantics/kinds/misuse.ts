/** `misuse`: no assertion of its name that is always checked fails. Judged of every model. */
import { failing } from './failing.ts'
import { defineKind, type Kind } from './kind.ts'

export const misuseKind: Kind = defineKind('misuse', {
  ...failing,
  listed: 'if violated',
  meaning: 'locks and reference counts are used correctly',
})
