/** `assertion`: no `Assert` of its name fails. */
import { failing } from './failing.ts'
import { defineKind, type Kind } from './kind.ts'

export const assertionKind: Kind = defineKind('assertion', {
  ...failing,
  listed: 'always',
  meaning: 'a condition that steps assert',
})
