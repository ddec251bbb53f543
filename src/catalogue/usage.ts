/** Mistakes in the use of a command, a file or a function. */
import { errorText, type ErrorParts } from '../language/error-text.ts'

/** The parts of a message after its first line; a string is the remedy. */
export type UsageDetails = Pick<ErrorParts, 'at' | 'cause' | 'remedy'>

/**
 * An exception that the text of a model threw while it was built, and that is not a mistake known to the language:
 * one of JavaScript's own.
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

/** A mistake in how the tool is used. Its message has one line for each part: what is wrong, where, and so on. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  /** `HMM201`, see docs/command-line.md. */
  readonly code: string

  constructor(code: string, what: string, details: string | UsageDetails = {}) {
    super(errorText({ code, what, ...(typeof details === 'string' ? { remedy: details } : details) }))
    this.code = code
  }
}
