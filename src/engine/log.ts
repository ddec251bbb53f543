/**
 * The log says how each state of a partition was found, in the order in which they were found: the distance of its
 * parent from the parent of the state before, and the ordinal of the transition among those of the parent that do not
 * fail. Each is one byte if it is less than 255, else 255 and four bytes.
 */

/** The byte that says that four more follow. */
export const escape = 255

/** A state's place in the order in which a partition found its states; log -1 is that of the initial states. */
export interface StateId {
  readonly log: number
  readonly index: number
}

/** The origin of a state; for an initial state, `ordinal` is its number. */
export interface Origin {
  readonly parent: StateId
  readonly ordinal: number
}

/** The origins of the states of a log from `first` on. The first distance is from `parents`. */
export interface Segment {
  readonly first: number
  readonly count: number
  readonly parents: StateId
  readonly bytes: Uint8Array
}

/** Finds a state of a log in its segments, which stand in order. */
export function logOriginOf(segments: readonly Segment[], { log, index }: StateId): Origin {
  let low = 0,
    high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((segments[middle]?.first ?? 0) <= index) low = middle
    else high = middle - 1
  }
  const segment = segments[low]
  if (segment === undefined) throw new Error(`no state ${index} in log ${log}`)
  return originIn(segment, index - segment.first)
}

/** Reads a segment from its beginning to the state with this number in it: the distances of parents add up. */
function originIn({ bytes, parents }: Segment, n: number): Origin {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0,
    parent = 0,
    ordinal = 0
  const number = (): number => {
    const byte = view.getUint8(at++)
    if (byte < escape) return byte
    at += 4
    return view.getUint32(at - 4, true)
  }
  for (let i = 0; i <= n; i++) {
    parent = (parent + number()) >>> 0
    ordinal = number()
  }
  return { parent: { log: parents.log, index: parents.index + parent }, ordinal }
}
