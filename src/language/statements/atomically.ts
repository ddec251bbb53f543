/** Blocks whose transitions are one on purpose, where C would take several loads and stores. */
import { taking } from '../calls.ts'
import { mustBeFunction, refused } from '../given.ts'
import { block, present, recorded, type Block, type Recorded } from '../recorder.ts'

/**
 * The transitions of the block, and the statements inside steps, may touch several shared cells at once. No statement
 * of its own:
 * the model does the same without, and the atomicity report of `check` asks no more.
 *
 * @param reason why no thread can see a state in between: `under driver.update`
 */
export function atomically(reason: string, body: Block): Recorded {
  if (typeof reason !== 'string' || reason.trim() === '') {
    taking('atomically', 1)
    throw refused(reason, 'a reason')
  }
  mustBeFunction(body, 'atomically', 2)
  const { statements } = present()
  statements.push(...block(body, { atomically: reason }))
  return recorded
}
