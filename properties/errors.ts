/** P-ERRNO: a function returns what its contract says it may. */
import { assertion, sometimes, type Bool, type Property } from '../src/language/index.ts'

/** At the return to the caller. */
export const documented_errors = (claim: string): Property => assertion('P-ERRNO', { claim })

/** A callback returned what it must not: covered where it is met; where it can. */
export const documented_errors_reached = (can_fail: Bool): Property => sometimes('P-ERRNO.reached', can_fail.eq(false))
