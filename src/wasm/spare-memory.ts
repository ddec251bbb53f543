/**
 * Memories that were given back, for the next that asks in this thread. V8 collects all garbage whenever 64 MiB of new
 * memory were asked for. With the garbage goes the optimized code of all functions that were made for a check, and V8
 * makes it again for the next (docs/decisions/0011-kept-code.md).
 */
import { mostPages, pageBytes } from './memory.ts'

/** The bytes of a memory that is kept, at most. */
const mostBytes = 32 * 2 ** 20
/** Memories that are kept. */
export const mostSpare = 2

/** From the smallest to the largest. */
const spare: WebAssembly.Memory[] = []

/**
 * A memory of at least so many pages, all zeros.
 *
 * @throws RangeError if there is not enough memory
 */
export function takeMemory(pages: number): WebAssembly.Memory {
  const largest = spare.at(-1)
  if (largest === undefined || largest.buffer.byteLength < pages * pageBytes)
    return new WebAssembly.Memory({ initial: pages, maximum: mostPages })
  spare.pop()
  return largest
}

/**
 * Takes a memory back that nobody uses any more.
 *
 * @param used bytes at its beginning: all others are zeros
 */
export function giveMemory(memory: WebAssembly.Memory, used: number): void {
  if (memory.buffer.byteLength > mostBytes) return
  new Uint8Array(memory.buffer, 0, used).fill(0)
  spare.push(memory)
  spare.sort((a, b) => a.buffer.byteLength - b.buffer.byteLength)
  if (spare.length > mostSpare) spare.shift()
}
