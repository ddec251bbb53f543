/** States of other partitions wait in an outbox, one for each partition, until TypeScript takes them there. */
import type { Func } from '../../wasm/function.ts'
import { load32, local32, store32, type I32 } from '../../wasm/typed.ts'
import type { MemoryPlan } from '../memory.ts'
import { isPartitioned, type EngineScope } from './scope.ts'
import { storeWords, type Words } from './words.ts'

/** A state for another partition. */
export interface Sent {
  readonly words: Words
  readonly parent: I32
  readonly ordinal: I32
  /** The states that it stands for, where that may be more than one. */
  readonly orbit: I32 | undefined
}

/** Puts a state, with its parent and ordinal, into an outbox. */
export function emitSend(f: Func, plan: MemoryPlan, outbox: I32, { words, parent, ordinal, orbit }: Sent): void {
  const { outboxCounts, outboxRecords, outboxed, record } = plan
  const count = local32(f),
    to = local32(f),
    counter = local32(f)
  counter.set(outbox.mul(outboxCounts.stride))
  count.set(load32(counter, outboxCounts.address))
  to.set(outboxed.at(outbox.mul(outboxRecords).add(count)))
  storeWords(f, to, words)
  record.parent.store(f, to, parent)
  record.ordinal.store(f, to, ordinal)
  if (orbit !== undefined) record.orbit?.store(f, to, orbit)
  store32(f, counter, count.add(1), outboxCounts.address)
}

/** There is room in each outbox for all that one block may bring. */
export const roomInOutboxes = (scope: EngineScope): readonly I32[] => {
  const { outboxes, outboxCounts, outboxRecords, blockSuccessors } = scope.plan
  if (!isPartitioned(scope)) return []
  return Array.from({ length: outboxes }, (_, n) =>
    outboxCounts
      .cell(n)
      .load()
      .le(outboxRecords - blockSuccessors),
  )
}
