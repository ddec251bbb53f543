/** Exit codes. */

/** The model holds, or the whole catalogue is as expected. */
export const HOLDS = 0
/** The model is violated, or something in the catalogue is not as expected. */
export const VIOLATED = 1
/** A mistake of the user, in the command, a file or a model. */
export const MISTAKE = 2
/** A limit was met before an answer. */
export const INCOMPLETE = 3
/** Ctrl-C, as a shell counts it. */
export const INTERRUPTED = 130
