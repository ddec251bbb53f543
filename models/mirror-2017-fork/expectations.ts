/** Facts about each variant, and their sources; written from the facts and the reasons given, before any run. */
import type { Expectation } from 'hmmcheck'
import { scenarios } from './scenarios.ts'

const violated = (variant: string, violated: readonly string[], source: string): Expectation => ({
  variant,
  scenario: 'fork',
  verdict: 'violated',
  violated,
  source,
})

/**
 * An entry that is left behind for good; by the reverse map or by a copy, not by fork, which holds mmap_sem in write
 * mode.
 */
const leftBehind = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-CONTENT']
const usedInBracket = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-CONTENT']

export const expectations: readonly Expectation[] = [
  ...scenarios.map(
    ({ name }): Expectation => ({
      variant: 'fixed',
      scenario: name,
      verdict: 'holds',
      source: 'the guarantee of hmm.h of 4.20 and the properties of its catalogue',
    }),
  ),
  violated(
    'as-posted',
    ['P-COW', ...usedInBracket],
    'B-85 (the device writes the page that fork has shared, until range_end); B-01',
  ),
  violated('without-invalidate-at-start', ['P-COW', ...usedInBracket, 'P-INV', 'P-WP'], 'B-85; B-01'),
  violated('without-count-open-brackets', leftBehind, 'B-02'),
  violated('without-driver-lock', leftBehind, 'A.3.3'),
  violated('without-range-done-check', leftBehind, 'B-88 (b)'),
]
