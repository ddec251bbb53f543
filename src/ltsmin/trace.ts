/**
 * The traces that LTSmin leaves in a folder `x.dir`. Each file is a column of big-endian numbers of 32 bits: a state
 * is a segment, that of the rank which wrote it, and its number there. `ES-0-ofs` is where the edges of segment 0
 * begin, `ED-0-seg` and `ED-0-ofs` where they end; `SL-0-3`, or `SV-0-3`, is slot 3 of its states. Ranks on other hosts
 * leave theirs there, so a column is looked for in several folders.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A trace: the packed states from the first to the one that shows something. */
export type StatePath = readonly (readonly bigint[])[]

/** A state in a file of traces. */
type Place = readonly [segment: number, state: number]

/** What one rank has written. */
interface Segment {
  /** By slot, and then by state. */
  readonly slots: readonly (readonly number[])[]
  /** By the state where an edge begins, the place where it ends. */
  readonly next: ReadonlyMap<number, Place>
}

/**
 * All traces in the folders.
 *
 * @param words of a state; a slot is half a word
 * @throws Error if a trace leads to a state that is not there
 */
export function readTraces(folders: readonly string[], words: number): readonly StatePath[] {
  const column = (name: string): readonly number[] | undefined => readColumn(folders, name)
  const init = column('init') ?? []
  const segments: Segment[] = []
  for (let n = 0; ; n++) {
    const segment = segmentOf(column, n, 2 * words)
    if (segment === undefined) break
    segments.push(segment)
  }
  // pins2lts-mc writes one trace, from the state with the number 0
  const starts: readonly Place[] = init.length === 1 ? [[0, 0]] : pairsOf(init)
  return starts.map((start) => traceFrom(segments, start, words))
}

/** Undefined if there is no such column. */
function readColumn(folders: readonly string[], name: string): readonly number[] | undefined {
  const file = folders.map((folder) => join(folder, name)).find((one) => existsSync(one))
  if (file === undefined) return undefined
  const bytes = readFileSync(file)
  return Array.from({ length: bytes.length >> 2 }, (_, n) => bytes.readUInt32BE(4 * n))
}

function segmentOf(
  column: (name: string) => readonly number[] | undefined,
  n: number,
  slots: number,
): Segment | undefined {
  const kind = ['SV', 'SL'].find((one) => column(`${one}-${n}-0`) !== undefined)
  const from = column(`ES-${n}-ofs`) ?? []
  const to = column(`ED-${n}-ofs`) ?? []
  const toSegment = column(`ED-${n}-seg`)
  if (kind === undefined) return undefined
  return {
    slots: Array.from({ length: slots }, (_, slot) => column(`${kind}-${n}-${slot}`) ?? []),
    next: new Map(from.map((state, edge) => [state, [toSegment?.[edge] ?? 0, to[edge] ?? -1]])),
  }
}

/** Follows the edges from a state to the one that has none. */
function traceFrom(segments: readonly Segment[], start: Place, words: number): StatePath {
  const trace: (readonly bigint[])[] = []
  const seen = new Set<string>()
  let at: Place | undefined = start
  while (at !== undefined) {
    const key = at.join('.')
    if (seen.has(key)) throw new Error(`a trace of LTSmin comes back to state ${at[1]} of rank ${at[0]}`)
    seen.add(key)
    trace.push(wordsOf(segments, at, words))
    at = segments[at[0]]?.next.get(at[1])
  }
  return trace
}

const wordsOf = (segments: readonly Segment[], [segment, state]: Place, words: number): readonly bigint[] =>
  Array.from({ length: words }, (_, word) => {
    const [low, high] = [0, 1].map((half) => segments[segment]?.slots[2 * word + half]?.[state])
    if (low === undefined || high === undefined)
      throw new Error(`a trace of LTSmin leads to state ${state} of rank ${segment}, which is not there`)
    return (BigInt(high) << 32n) | BigInt(low)
  })

const pairsOf = (numbers: readonly number[]): readonly Place[] =>
  Array.from({ length: numbers.length >> 1 }, (_, n) => [numbers[2 * n] ?? 0, numbers[2 * n + 1] ?? 0])
