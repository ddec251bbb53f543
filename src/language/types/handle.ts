/** The part of a handle that the recorder needs; `type.ts` makes handles. */
import type { Expression } from '../ast.ts'

/** Stands for an expression of the model while the model is written. */
export interface Handle {
  readonly node: Expression
}
