/** Chunks of states as parts of a checkpoint. */
import type { Chunk } from '../../engine/expander.ts'
import { readNumbers, rowsOf, take, writeNumbers, type PartReader, type PartWriter } from '../../engine/parts.ts'

/** A chunk whose `states` has the bytes of its states and no more, and a number that goes with it. */
export interface NumberedChunk {
  readonly chunk: Chunk
  readonly number: number
}

export function writeChunks(out: PartWriter, name: string, chunks: readonly NumberedChunk[]): void {
  const rows = chunks.map(({ number, chunk: { log, first, count, states } }) => [
    number,
    log,
    first,
    count,
    states.length,
  ])
  writeNumbers(out, `${name} chunks`, rows.flat())
  out.write(
    name,
    chunks.map(({ chunk }) => chunk.states),
  )
}

export function readChunks(from: PartReader, name: string): readonly NumberedChunk[] {
  const source = from.open(name)
  return rowsOf(readNumbers(from, `${name} chunks`), 5).map(
    ([number = 0, log = 0, first = 0, count = 0, bytes = 0]) => ({
      number,
      chunk: { log, first, count, states: take(source, bytes) },
    }),
  )
}
