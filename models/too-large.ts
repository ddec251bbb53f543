/** Scenarios of models that ship that are not asked `recoverable`: it keeps every state and every step of a graph. */
import type { Scenario } from 'hmmcheck'

/**
 * For a scenario of more than 10^5 states.
 *
 * @param states those of `fixed`, as docs/models/*.md has them
 * @param but the variants of which it is asked all the same
 */
export const tooLarge = (states: number, ...but: readonly string[]): NonNullable<Scenario['without']> => ({
  recoverable: { reason: `${states.toLocaleString('en-US')} states where \`fixed\` holds, more than 10^5`, but },
})
