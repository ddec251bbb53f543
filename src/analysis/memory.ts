/**
 * Whether a verdict depends on the order of memory. In a model, every read sees the write before it. In the kernel,
 * that is so under a lock; a value read without a lock may be older, which interleavings do not show. So a `holds` of a
 * model with reads of that kind states its assumption.
 */
import type { ConfiguredModel } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'

/** The order of memory that a verdict assumes. */
export type Memory = 'sequentially consistent'

/**
 * Undefined if no thread that takes part calls a procedure that is marked `lockless`: then nothing is taken for
 * granted that a lock does not give.
 */
export function memoryOf({ threads }: ConfiguredModel): Memory | undefined {
  let found = false
  for (const { body } of threads)
    visitStatements(body, (s) => {
      found ||= s.kind === 'call' && s.lockless === true
    })
  return found ? 'sequentially consistent' : undefined
}
