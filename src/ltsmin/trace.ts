/**
 * The traces that LTSmin leaves in a folder `x.dir`. Each file is a column of big-endian numbers of 32 bits: a state
 * is a segment and its number there; `ES-0-ofs`, `ED-0-seg`, `ED-0-ofs` are the ends of the edges that were written by
 * rank 0, `SL-0-3` or `SV-0-3` slot 3 of its states. Ranks on other hosts leave theirs there, so a column is looked for
 * in several folders.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A trace: the packed states from the first to the one that shows something. */
export type Trace = readonly (readonly bigint[])[]

/** The columns of a file of traces. */
interface Columns {
  /** Undefined if there is no such column. */
  of(name: string): readonly number[] | undefined
}

function columnsIn(folders: readonly string[]): Columns {
  return {
    of(name) {
      const file = folders.map((folder) => join(folder, name)).find((one) => existsSync(one))
      if (file === undefined) return undefined
      const bytes = readFileSync(file)
      return Array.from({ length: bytes.length >> 2 }, (_, n) => bytes.readUInt32BE(4 * n))
    },
  }
}

const keyOf = (segment: number, state: number): string => `${segment}.${state}`

/**
 * All traces in the folders.
 *
 * @param words of a state; a slot is half a word
 * @throws Error if a trace leads to a state that is not there
 */
export function readTraces(folders: readonly string[], words: number): readonly Trace[] {
  const columns = columnsIn(folders)
  const init = columns.of('init')
  if (init === undefined || init.length === 0) return []
  const next = new Map<string, readonly [segment: number, state: number]>()
  const slots: (readonly (readonly number[])[])[] = []
  for (let segment = 0; ; segment++) {
    const from = columns.of(`ES-${segment}-ofs`)
    const first = columns.of(`SV-${segment}-0`) ?? columns.of(`SL-${segment}-0`)
    if (from === undefined && first === undefined) break
    const kind = columns.of(`SV-${segment}-0`) === undefined ? 'SL' : 'SV'
    slots[segment] = Array.from({ length: 2 * words }, (_, slot) => columns.of(`${kind}-${segment}-${slot}`) ?? [])
    const toSegment = columns.of(`ED-${segment}-seg`)
    const to = columns.of(`ED-${segment}-ofs`) ?? []
    from?.forEach((state, n) => next.set(keyOf(segment, state), [toSegment?.[n] ?? 0, to[n] ?? 0]))
  }
  // pins2lts-mc writes one trace, from the state with the number 0
  const starts = init.length === 1 ? [[0, 0] as const] : pairsOf(init)
  return starts.map(([segment, state]) => follow(segment, state))

  function follow(segment: number, state: number): Trace {
    const trace: (readonly bigint[])[] = []
    const seen = new Set<string>()
    let at: readonly [number, number] | undefined = [segment, state]
    while (at !== undefined && !seen.has(keyOf(...at))) {
      seen.add(keyOf(...at))
      trace.push(wordsOf(...at))
      at = next.get(keyOf(...at))
    }
    return trace
  }

  function wordsOf(segment: number, state: number): readonly bigint[] {
    return Array.from({ length: words }, (_, word) => {
      const [low, high] = [slots[segment]?.[2 * word]?.[state], slots[segment]?.[2 * word + 1]?.[state]]
      if (low === undefined || high === undefined)
        throw new Error(`a trace of LTSmin leads to state ${state} of rank ${segment}, which is not there`)
      return (BigInt(high) << 32n) | BigInt(low)
    })
  }
}

const pairsOf = (numbers: readonly number[]): readonly (readonly [number, number])[] =>
  Array.from({ length: numbers.length >> 1 }, (_, n) => [numbers[2 * n] ?? 0, numbers[2 * n + 1] ?? 0])
