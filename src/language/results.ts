/** The result of a Step or a call: a value that cannot change while it is used. */
import { modelError } from './errors.ts'
import { declareLocal, present, recordStatement, use, type Recorded } from './recorder.ts'
import { Bool } from './types/bool.ts'
import { isHandle, typeOf } from './types/type.ts'
import type { Handle } from './types/handle.ts'
import { contains, isOfNow } from './walk.ts'

/** The type of what a block's result is worth to who is outside it: nothing to use, if it returns nothing. */
export type Result<R> = R extends boolean ? Bool : R extends Handle ? R : Recorded

/**
 * The returned value as a handle; `true` and `false` are values of the model here. Nothing, if nothing was returned.
 */
export function returned(given: unknown, by: string): Handle | undefined {
  if (typeof given === 'boolean') return Bool.expr(Bool.lift(given))
  if (isHandle(given)) return given
  if (given === undefined || (typeof given === 'object' && given !== null && 'recorded' in given)) return undefined
  throw modelError(
    'HMM036',
    `${by} returns ${typeof given === 'number' ? `the number ${given}` : `a ${typeof given} of JavaScript`}, which has no type`,
    undefined,
    {
      cause:
        typeof given === 'object' && given !== null && 'then' in given
          ? 'the block is asynchronous'
          : 'the type of the value is not said',
      remedy: "return a value of the model: Local('result', range(0, 3), 3)",
    },
  )
}

/**
 * In the block that returns it: the value in a local of the block, unless it cannot change or is a local of the block
 * already.
 */
export function kept(given: unknown): Handle | undefined {
  const value = returned(given, 'the block of the Step')
  if (value === undefined) return undefined
  use(value.node)
  const type = typeOf(value)
  const { node } = value
  if (node.kind === 'local' && present().locals.has(node.id)) return type.place(node)
  if (!isOfNow(node) && !contains(node, ({ kind }) => kind === 'local')) return value
  const local = declareLocal(type.name, type.shape)
  recordStatement({ kind: 'assign', target: local, value: node })
  return type.place(local)
}

/** Makes the local of a result one of the block around. */
export function declare({ node }: Handle): void {
  if (node.kind === 'local') present().locals.add(node.id)
}
