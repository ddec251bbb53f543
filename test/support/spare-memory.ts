/** For tests of memory: what earlier tests of the thread gave back is not used again. */
import { mostSpare, takeMemory } from '../../src/wasm/spare-memory.ts'

export function takeSpares(): void {
  for (let spare = 0; spare < mostSpare; spare++) takeMemory(1)
}
