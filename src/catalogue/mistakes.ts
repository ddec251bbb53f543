/** Distinguishes mistakes of the user from errors of this program. */

/** By name, not by class: a user's file may come with a copy of the language of its own. */
export function isMistake(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'UsageError' || error.name === 'ModelError')
}

/** The result of a function; undefined if the user's text is at fault. */
export function unlessMistaken<R>(give: () => R): R | undefined {
  try {
    return give()
  } catch (error) {
    if (isMistake(error)) return undefined
    throw error
  }
}
