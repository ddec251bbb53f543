/**
 * Runs that several threads walk. The runs are numbered from 1. A thread takes a hand of consecutive ones, the lowest
 * that nobody has, and what it draws depends on the number of a run alone: so it does not matter who walks which.
 */

/** Places in the shared numbers. */
const place = { next: 0, end: 1, runs: 2, steps: 3, threads: 4 } as const
const beyond = 2n ** 60n

/** A thread that was started may not have begun yet when nothing is left to do. */
const thread = { waiting: 0n, begun: 1n, late: 2n } as const

export interface Hand {
  readonly first: number
  /** Behind the last. */
  readonly end: number
}

export interface Dealer {
  /** What another thread needs to deal from the same runs: shared memory, unless there is none. */
  readonly shared: ArrayBufferLike
  /** The next runs; nothing if there are none. */
  take(): Hand | undefined
  /** The first run that nobody walks: it goes down when a run ends them all. */
  end(): number
  /** No run after this one is walked; those before it are. */
  endWith(run: number): void
  /** No more runs are dealt; those that were are walked. */
  close(): void
  /** Counts what was walked. */
  count(runs: number, steps: number): void
  readonly runs: () => number
  readonly steps: () => number
  /** A thread begins; false if it comes too late. */
  begin(number: number): boolean
  /** Nothing is left for a thread that has not begun; false if it has. */
  dismiss(number: number): boolean
}

const memoryFor = ({ threads }: { readonly threads: number }): ArrayBufferLike => {
  const bytes = 8 * (place.threads + threads)
  return threads === 0 ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)
}

/**
 * @param shared of a dealer of these runs in another thread
 * @param threads the most that there are. Without any, no memory is shared: a browser may have none to share
 */
export function dealer(
  { runs, hand }: { readonly runs: number; readonly hand: number },
  shared: ArrayBufferLike | { readonly threads: number },
): Dealer {
  const buffer = 'threads' in shared ? memoryFor(shared) : shared
  const numbers = new BigInt64Array(buffer)
  if ('threads' in shared) {
    numbers[place.next] = 1n
    numbers[place.end] = BigInt(runs) + 1n
  }
  const read = (at: number): number => Number(Atomics.load(numbers, at))
  const lowerEnd = (end: bigint): void => {
    for (let held = Atomics.load(numbers, place.end); end < held; held = Atomics.load(numbers, place.end))
      if (Atomics.compareExchange(numbers, place.end, held, end) === held) return
  }
  return {
    shared: buffer,
    take() {
      const first = Number(Atomics.add(numbers, place.next, BigInt(hand)))
      const end = Math.min(first + hand, read(place.end))
      return first < end ? { first, end } : undefined
    },
    end: () => read(place.end),
    endWith(run) {
      lowerEnd(BigInt(run) + 1n)
    },
    close() {
      lowerEnd(Atomics.add(numbers, place.next, beyond))
    },
    count(walked, steps) {
      Atomics.add(numbers, place.runs, BigInt(walked))
      Atomics.add(numbers, place.steps, BigInt(steps))
    },
    runs: () => read(place.runs),
    steps: () => read(place.steps),
    begin: (number) =>
      Atomics.compareExchange(numbers, place.threads + number, thread.waiting, thread.begun) === thread.waiting,
    dismiss: (number) =>
      Atomics.compareExchange(numbers, place.threads + number, thread.waiting, thread.late) === thread.waiting,
  }
}
