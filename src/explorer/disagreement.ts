/** The two semantics are compared before any result about a model is reported. */

/** The engine and the interpreter differ: an error in this tool. */
export class Disagreement extends Error {
  constructor(what: string) {
    super(
      `HMM901: the compiled engine and the reference interpreter disagree: ${what}. No verdict can be trusted; please report the model`,
    )
  }
}
