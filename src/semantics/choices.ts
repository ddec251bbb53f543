/** Comparing what transitions chose. */
import { canonicalJson } from '../language/canonical-json.ts'
import type { Choice } from './machine.ts'

/** Whether the same was chosen, in the same order. */
export const sameChoices = (a: readonly Choice[], b: readonly Choice[]): boolean =>
  canonicalJson(a) === canonicalJson(b)
