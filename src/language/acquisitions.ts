/**
 * Observers of acquisitions. The text of a lock says where it takes the lock; the text around it says what is recorded
 * there. Both are in the block that is being recorded, so no lock needs to know of its observers.
 */
import { present, block, type Block } from './recorder.ts'

/** Records a block; in it, each lock that is taken is observed by `observe` alone. No statement of its own. */
export function observingAcquisitions(observe: Block, body: Block): void {
  const { statements } = present()
  statements.push(...block(body, { observe }))
}

/** In the step that takes a lock, or begins to wait for it: its observer records. */
export function observeAcquisition(): void {
  present().observe?.()
}
