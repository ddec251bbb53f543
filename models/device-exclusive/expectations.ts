/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds } from 'hmmcheck/models/expect'

export const expectations: readonly Expectation[] = [holds('fixed', 'nouveau', 'x')]
