/** P-ERRNO: a function returns what its contract says it may. */
import { assertion, sometimes, type Bool } from '../src/language/index.ts'
import { tested, type Tested } from './tested.ts'

/**
 * At the return to the caller.
 *
 * Put to the test: a callback returned what it must not: covered where it is met; where it can.
 */
export const documented_errors = tested(
  'P-ERRNO',
  (can_fail: Bool, claim: string): Tested => [
    assertion('P-ERRNO', { claim }),
    sometimes('P-ERRNO.reached', can_fail.eq(false)),
  ],
)
