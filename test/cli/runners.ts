/** The catalogue that the threads of runners.test.ts have, too. */
import type { Catalogue } from '../../src/catalogue/protocol.ts'
import { notifier } from '../support/notifier.ts'

/** Of the last one, a variant is expected to hold that does not. */
export const three: Catalogue = [
  notifier,
  { ...notifier, name: 'second' },
  {
    ...notifier,
    name: 'third',
    expectations: [{ variant: 'as-posted', scenario: 'core', verdict: 'holds', source: 'a mistake' }],
  },
]
