/** What can be wrong with a model: every mistake has a code, a likely cause and a remedy. docs/errors.md lists them. */
import { position } from './position.ts'
import { mistakes, type MistakeCode } from './mistakes.ts'

/** A model that means nothing, or not what its author thinks. Thrown when it is built or configured. */
export class ModelError extends Error {
  readonly code: MistakeCode
  /** What is wrong, in this model. */
  readonly what: string
  /** `models/mirror-2017/cpu.ts:31` */
  readonly at: string
  readonly likelyCause: string
  readonly remedy: string

  constructor(code: MistakeCode, what: string, at: string) {
    const { cause, remedy } = mistakes[code]
    super(`${code}: ${what}; at ${at}; likely cause: ${cause}; remedy: ${remedy}`)
    this.name = 'ModelError'
    this.code = code
    this.what = what
    this.at = at
    this.likelyCause = cause
    this.remedy = remedy
  }
}

/** The error of this code, at a place in the model's source; without one, where the model's text stands now. */
export const modelError = (code: MistakeCode, what: string, at: string = position()): ModelError => new ModelError(code, what, at)
