/** Loads ahead of their use, so that many misses of the cache are under way at once. */
import type { Func } from '../../wasm/function.ts'
import { forUpTo } from '../../wasm/control.ts'
import { load32, load64, local32, type I32, type Local32, type Local64 } from '../../wasm/typed.ts'
import { lineBytes, type MemoryPlan } from '../memory.ts'

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
 *
 * A line of four keys is full more often than one of eight: where it is, the next line is touched as well.
 */
export function emitTouch(f: Func, plan: MemoryPlan, { end, at, sink }: Touching): void {
  const {
    keyWords,
    lookups: { start, stride },
  } = plan
  const atOnce = 4
  const each = (touch: (home: I32) => void): void => {
    forUpTo(f, at, { from: start, end, step: atOnce * stride }, () => {
      for (let n = 0; n < atOnce; n++) touch(load32(at, n * stride))
    })
  }
  each((home) => {
    sink.set(sink.xor(load64(home)))
  })
  if (keyWords !== 2) return
  const line = local32(f)
  each((home) => {
    line.set(home)
    sink.set(
      sink.xor(
        load64(
          line.add(
            load64(line, lineBytes - 8)
              .isZero()
              .xor(1)
              .mul(lineBytes),
          ),
        ),
      ),
    )
  })
}
