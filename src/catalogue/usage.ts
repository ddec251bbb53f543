/** What a user can do wrong with a command or a file. */

/**
 * What the text of a model threw while it was built, and is no mistake that the language knows: JavaScript's own
 * exceptions.
 */
export class ThrownByModel extends Error {
  override readonly name = 'ThrownByModel'
  /** The exception itself. */
  readonly thrown: unknown

  constructor(thrown: unknown) {
    super(thrown instanceof Error ? thrown.message : String(thrown))
    this.thrown = thrown
  }
}

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
