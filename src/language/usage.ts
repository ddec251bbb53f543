/** What a user can do wrong with a command or a file. */

/** A mistake in how the tool is used. The message has a code, what is wrong, and the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  /** `HMM201`, see docs/command-line.md. */
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}
