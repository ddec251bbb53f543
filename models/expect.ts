/** What expectations of models that ship are made of: a verdict, and its source. */
import type { Expectation } from 'hmmcheck'

/** Nothing that is claimed is violated. */
export const holds = (variant: string, scenario: string, source: string): Expectation => ({
  variant,
  scenario,
  verdict: 'holds',
  source,
})

/** These are violated, and nothing else. */
export const violated = (
  variant: string,
  scenario: string,
  properties: readonly string[],
  source: string,
): Expectation => ({ variant, scenario, verdict: 'violated', violated: properties, source })
