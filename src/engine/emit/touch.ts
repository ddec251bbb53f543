/** Loads ahead of their use, so that many misses of the cache are under way at once. */
import type { Func } from '../../wasm/function.ts'
import { forUpTo } from '../../wasm/control.ts'
import { load32, load64, type I32, type Local32, type Local64 } from '../../wasm/typed.ts'
import type { MemoryPlan } from '../memory.ts'

interface Touching {
  /** The address behind the last lookup. */
  readonly end: I32
  /** A local to count in. */
  readonly at: Local32
  /** Takes up what is loaded. */
  readonly sink: Local64
}

/**
 * Touches the home slots that the lookups name, in a short loop. Lookups that do not name slots are addresses as well;
 * these loads have no effect.
 */
export function emitTouch(f: Func, { lookups: { start, stride } }: MemoryPlan, { end, at, sink }: Touching): void {
  const atOnce = 4
  forUpTo(f, at, { from: start, end, step: atOnce * stride }, () => {
    for (let n = 0; n < atOnce; n++) sink.set(sink.xor(load64(load32(at, n * stride))))
  })
}
