/**
 * Whether a verdict leans on the order of memory. In a model every read sees the write before it. A lock makes the
 * kernel's memory so too; a value read without one may be older there, and to find that is not a matter of
 * interleavings. So a `holds` of such a model says what it takes for granted.
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
