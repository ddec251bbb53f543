/** Mistakes in a model: every mistake has a code, a likely cause and a remedy. docs/errors.md lists them. */
import { errorText } from './error-text.ts'
import { site } from './position.ts'
import { mistakes, type MistakeCode } from './mistakes.ts'

/**
 * A model that means nothing, or not what its author thinks. Thrown when it is built or configured. Its message has
 * one line for each part: what is wrong, where, the likely cause, the remedy.
 */
export class ModelError extends Error {
  readonly code: MistakeCode
  /** The mistake, in this model. */
  readonly what: string
  /** `models/mirror-2017/cpu.ts:31` */
  readonly at: string
  /** From 1, where it was found while the text ran. */
  readonly column: number | undefined
  readonly likelyCause: string
  readonly remedy: string
  /** The call of which an argument is at fault, and which it is, from 1. */
  readonly call: string | undefined
  readonly argument: number | undefined

  constructor(code: MistakeCode, what: string, at: string, details: ErrorDetails = {}) {
    const { cause, remedy, column, call, argument } = { ...mistakes[code], ...details }
    super(errorText({ code, what, at: column === undefined ? at : `${at}:${column}`, cause, remedy }))
    this.name = 'ModelError'
    this.code = code
    this.what = what
    this.at = at
    this.column = column
    this.likelyCause = cause
    this.call = call
    this.argument = argument
    this.remedy = remedy
  }
}

/** Details beyond the code; `cause` and `remedy` in place of those that the code usually has. */
export interface ErrorDetails {
  readonly column?: number | undefined
  readonly call?: string
  readonly argument?: number
  readonly cause?: string
  readonly remedy?: string
}

/** The error of this code, at a place in the model's source; without one, where the model's text stands now. */
export function modelError(code: MistakeCode, what: string, at?: string, details: ErrorDetails = {}): ModelError {
  if (at !== undefined) return new ModelError(code, what, at, details)
  const now = site()
  return new ModelError(code, what, now.at, { column: now.column, ...details })
}
