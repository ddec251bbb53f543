/** Places of statements in the kernel. */
import { mustBeFunction } from '../given.ts'
import { block, present, recorded, type Block, type Recorded } from '../recorder.ts'

/** The kernel's file and function that the statements of the block stand for. No statement of its own. */
export function Source(source: string, body: Block): Recorded {
  mustBeFunction(body, 'Source', 2)
  const { statements } = present()
  statements.push(...block(body, { source }))
  return recorded
}
