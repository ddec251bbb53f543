/** The options of `conform`. */

/** The options as commander gives them. */
export interface ConformFlags {
  readonly model: string
  readonly from?: number
  readonly to?: number
  readonly alone?: boolean
}
