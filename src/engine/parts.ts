/**
 * The state of a search as named parts, each a run of bytes: what a checkpoint keeps. Who has some of that state writes
 * it as parts, and takes the same parts again; only a file of parts knows where they stand.
 */

export interface PartWriter {
  /** Writes a part piece by piece. A piece is not kept. */
  write(name: string, pieces: Iterable<Uint8Array>): void
}

/** A part that is read from its beginning to its end. */
export interface PartSource {
  readonly bytes: number
  /** Reads the next bytes to where they belong. */
  fill(target: Uint8Array): void
}

export interface PartReader {
  /** Opens a part, which must be there. */
  open(name: string): PartSource
}

/** Writes numbers. */
export function writeNumbers(out: PartWriter, name: string, numbers: Iterable<number>): void {
  out.write(name, [new Uint8Array(Float64Array.from(numbers).buffer)])
}

/** The numbers of a part. */
export function readNumbers(from: PartReader, name: string): readonly number[] {
  const part = from.open(name)
  const numbers = new Float64Array(part.bytes / Float64Array.BYTES_PER_ELEMENT)
  part.fill(new Uint8Array(numbers.buffer))
  return Array.from(numbers)
}

/** The next bytes of a part, in memory of their own. */
export function take(part: PartSource, bytes: number): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(bytes)
  part.fill(target)
  return target
}

/** Numbers in rows of so many. */
export const rowsOf = (numbers: readonly number[], width: number): readonly (readonly number[])[] =>
  Array.from({ length: numbers.length / width }, (_, row) => numbers.slice(row * width, (row + 1) * width))

/** Parts whose names begin with a prefix: those of one of several that write the same names. */
export const prefixedWriter = (out: PartWriter, prefix: string): PartWriter => ({
  write(name, pieces) {
    out.write(`${prefix} ${name}`, pieces)
  },
})
export const prefixedReader = (from: PartReader, prefix: string): PartReader => ({
  open: (name) => from.open(`${prefix} ${name}`),
})
