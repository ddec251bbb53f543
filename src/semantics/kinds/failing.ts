/** The common part of the kinds that are shown by a step that fails. */
import { isSameClaim, type Claim } from '../../language/claims.ts'
import { failuresOf } from '../machine.ts'
import type { ShownEnd, KindOf, RunStep } from './kind.ts'

export const failing: Pick<KindOf<never>, 'judgedOn' | 'outcome' | 'sentence'> & {
  readonly shownInStep: (property: Claim, step: RunStep) => boolean
} = {
  judgedOn: 'failing step',
  outcome: 'violated',
  shownInStep: (property, { transition }) => failuresOf(transition).some(({ claim }) => isSameClaim(claim, property)),
  sentence: ({ name, message }: ShownEnd) => (name.endsWith(message) ? name : `${name}: ${message}`),
}
