/** The limits of one check. A search asks often whether it must stop, and reports its progress here. */
import type { GiveUp } from './ask.ts'
import type { Host } from './host.ts'
import type { CheckOptions } from './result.ts'
import { pause, type SearchOptions } from './search.ts'

export interface Limits {
  /** When the check began, as `performance.now` counts. */
  readonly started: number
  readonly stop: SearchOptions['stop']
  readonly giveUp: GiveUp
  /** Bytes that the process may still take; absent without a limit. */
  readonly spareBytes?: () => number
  /** The peak growth of the process's memory since the start, in bytes. */
  peakBytes(): number
}

/** Milliseconds between two looks at the memory: a level of a few states takes less time than to ask for it. */
const WEIGH = 20
/** Milliseconds between two reports of progress. */
const REPORT = 500
/** Milliseconds after which signals are let in. */
const BREATHE = 100

/** Begins to count. */
export function searchLimits(
  { residentBytes }: Pick<Host, 'residentBytes'>,
  { signal, timeout, maxStates, maxMemory, onProgress }: CheckOptions,
): Limits {
  const started = performance.now()
  const before = residentBytes()
  let [memory, most, weighed, reported, breathed] = [before, before, -Infinity, started, started]
  const isOver = (now: number): boolean => timeout !== undefined && now - started >= timeout * 1000
  const weigh = (): void => {
    memory = residentBytes()
    most = Math.max(most, memory)
  }
  return {
    started,
    stop({ states, transitions, queue }, depth, again = false) {
      const now = performance.now()
      if (now - weighed > WEIGH) {
        weighed = now
        weigh()
      }
      if (now - reported > REPORT) {
        reported = now
        onProgress?.({ states, transitions, depth, queue, memory, seconds: (now - started) / 1000, again })
      }
      if (signal?.aborted === true) return 'interrupted'
      if (maxStates !== undefined && states >= maxStates) return 'max-states'
      if (maxMemory !== undefined && memory >= maxMemory) return 'max-memory'
      return isOver(now) ? 'timeout' : undefined
    },
    async giveUp() {
      const now = performance.now()
      if (now - breathed > BREATHE) {
        await pause()
        breathed = now
      }
      return signal?.aborted === true || isOver(now)
    },
    ...(maxMemory === undefined
      ? {}
      : {
          spareBytes() {
            weigh()
            return Math.max(0, maxMemory - memory)
          },
        }),
    peakBytes() {
      weigh()
      return Math.max(0, most - before)
    },
  }
}
