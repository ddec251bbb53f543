/** `domain`: no value leaves its type. Judged of every model. */
import { failing } from './failing.ts'
import { defineKind, type Kind } from './kind.ts'

export const domainKind: Kind = defineKind('domain', {
  ...failing,
  listed: 'if violated',
  meaning: 'no value leaves its domain',
})
