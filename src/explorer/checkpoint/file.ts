/**
 * The file of a checkpoint: a first line, parts one behind the other, an index that says where each part stands, and
 * the digest of that index. Each part has a digest in the index, so that no damaged file is taken for a whole one.
 *
 * A file is written beside its place, brought to the disk, and then renamed: whatever ends the process, the file of
 * that name is a whole checkpoint, of now or of before.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../../catalogue/usage.ts'
import type { PartReader, PartWriter } from '../../engine/parts.ts'

/** Grows when the parts, or how they stand in the file, mean something else. */
export const checkpointFormat = 1
const firstLine = (format: number): string => `hmmcheck checkpoint ${format}\n`
/** Bytes that are written, read and digested at once. */
const atOnce = 2 ** 23
/** Parts of many small pieces are read so many bytes at once. */
const readAhead = 2 ** 20
const digestBytes = 32

/** A part of a file. */
export interface PartEntry {
  readonly name: string
  readonly offset: number
  readonly bytes: number
  readonly sha256: string
}

export interface CheckpointIndex<Identity> {
  readonly identity: Identity
  readonly parts: readonly PartEntry[]
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The file that is written until it is whole. */
export const besideOf = (file: string): string => `${file}.partial`

/** Uses an open file, and closes it. */
function withFile<R>(file: string, flags: 'r' | 'a' | 'w', use: (open: number) => R): R {
  const open = openSync(file, flags)
  try {
    return use(open)
  } finally {
    closeSync(open)
  }
}

function writeAll(open: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(open, bytes, done, Math.min(atOnce, bytes.length - done))
}

/** Begins a file anew. */
export function beginCheckpoint(file: string): void {
  withFile(besideOf(file), 'w', (open) => {
    writeAll(open, Buffer.from(firstLine(checkpointFormat)))
  })
}

/** Appends parts to a file that was begun, from whatever thread. */
export function appendParts(file: string, write: (out: PartWriter) => void): readonly PartEntry[] {
  return withFile(besideOf(file), 'a', (open) => {
    const parts: PartEntry[] = []
    let offset = fstatSync(open).size
    write({
      write(name, pieces) {
        const hash = createHash('sha256')
        const put = gathered((bytes) => {
          hash.update(bytes)
          writeAll(open, bytes)
        })
        for (const piece of pieces) put.add(piece)
        const bytes = put.end()
        parts.push({ name, offset, bytes, sha256: hash.digest('hex') })
        offset += bytes
      },
    })
    return parts
  })
}

/** Small pieces are put together; of a large one, some of it at once is handed on as it is. */
function gathered(use: (bytes: Uint8Array) => void): { add(piece: Uint8Array): void; end(): number } {
  const room = new Uint8Array(2 ** 16)
  let [filled, total] = [0, 0]
  const flush = (): void => {
    if (filled > 0) use(room.subarray(0, filled))
    filled = 0
  }
  return {
    add(piece) {
      total += piece.length
      if (filled + piece.length > room.length) flush()
      if (piece.length <= room.length) {
        room.set(piece, filled)
        filled += piece.length
      } else for (let at = 0; at < piece.length; at += atOnce) use(piece.subarray(at, at + atOnce))
    },
    end() {
      flush()
      return total
    },
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Leaves out a file that was begun: a part of it would only take room. */
export function dropCheckpoint(file: string): void {
  try {
    rmSync(besideOf(file), { force: true })
  } catch {
    /* the next one begins it anew */
  }
}

/** Ends the file with its index, and puts it in its place. */
export function completeCheckpoint<Identity>(file: string, index: CheckpointIndex<Identity>): void {
  const beside = besideOf(file)
  withFile(beside, 'a', (open) => {
    const text = Buffer.from(JSON.stringify(index))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    writeAll(open, Buffer.concat([text, sha256(text), length]))
    fsyncSync(open)
  })
  renameSync(beside, file)
  syncFolder(dirname(file))
}

/** A new name is on the disk when its folder is; some systems cannot open a folder. */
function syncFolder(folder: string): void {
  try {
    withFile(folder, 'r', fsyncSync)
  } catch {
    /* the file itself is there */
  }
}

/**
 * Makes sure that a file can be written, before hours are spent on what it should keep.
 *
 * @throws UsageError HMM210
 */
export function assertWritable(file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false)
      throw unwritable(file, 'not a regular file', 'the name is that of a folder or a device')
    beginCheckpoint(file)
    dropCheckpoint(file)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw unwritable(file, reasonOf(error), 'the folder does not exist, or may not be written')
  }
}

const unwritable = (file: string, reason: string, cause: string): UsageError =>
  new UsageError('HMM210', `the checkpoint ${file} can't be written: ${reason}`, {
    at: file,
    cause,
    remedy: 'name a file in a folder that you can write: --checkpoint FILE',
  })

/** The parts of a file as one reads them. */
export function partReader(file: string, parts: readonly PartEntry[]): PartReader {
  return {
    open(name) {
      const part = parts.find((one) => one.name === name)
      if (part === undefined) throw new Error(`${file} has no part ${name}`)
      const end = part.offset + part.bytes
      let at = part.offset
      /** Bytes that are read already. */
      let ahead = new Uint8Array(0)
      const read = (target: Uint8Array): void => {
        withFile(file, 'r', (open) => {
          readAt(open, at, target)
        })
        at += target.length
      }
      return {
        bytes: part.bytes,
        fill(target) {
          if (target.length > ahead.length + end - at) throw new Error(`part ${name} of ${file} ends too early`)
          const known = ahead.subarray(0, target.length)
          target.set(known)
          ahead = ahead.subarray(known.length)
          const rest = target.subarray(known.length)
          if (rest.length === 0) return
          if (rest.length >= readAhead) {
            read(rest)
            return
          }
          ahead = new Uint8Array(Math.min(readAhead, end - at))
          read(ahead)
          rest.set(ahead.subarray(0, rest.length))
          ahead = ahead.subarray(rest.length)
        },
      }
    },
  }
}

function readAt(open: number, offset: number, target: Uint8Array): void {
  for (let done = 0; done < target.length; ) {
    const read = readSync(open, target, done, Math.min(atOnce, target.length - done), offset + done)
    if (read === 0) throw new Error('the file ends too early')
    done += read
  }
}

/**
 * The index of a whole file. All of the file is read.
 *
 * @throws UsageError HMM270 if it can't be read or is no checkpoint, HMM271 if it is damaged, HMM272 if it has another
 *   format
 */
export function openCheckpoint<Identity>(file: string): CheckpointIndex<Identity> {
  try {
    return withFile(file, 'r', (open) => {
      assertFormat(file, open)
      return verifiedIndex<Identity>(file, open)
    })
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw notACheckpoint(
      file,
      `can't be read: ${reasonOf(error)}`,
      'the name is misspelt, or no checkpoint was written yet',
    )
  }
}

const notACheckpoint = (file: string, what: string, cause: string): UsageError =>
  new UsageError('HMM270', `${file} ${what}`, {
    at: file,
    cause,
    remedy: 'name a file that check --checkpoint FILE has written, or leave out --resume to begin anew',
  })

const damaged = (file: string, where: string): UsageError =>
  new UsageError('HMM271', `the checkpoint ${file} is damaged: its digest is not that of its content`, {
    at: `${file}, ${where}`,
    cause: 'the file was cut off or changed on the way, or the disk has lost some of it',
    remedy: 'take another copy of it, or leave out --resume to begin anew',
  })

function assertFormat(file: string, open: number): void {
  const expected = Buffer.from(firstLine(checkpointFormat))
  const start = Buffer.alloc(64)
  const line = start.toString('latin1', 0, readSync(open, start, 0, start.length, 0))
  if (line.startsWith(expected.toString('latin1'))) return
  const format = /^hmmcheck checkpoint (\d+)\n/.exec(line)?.[1]
  if (format === undefined) throw notACheckpoint(file, 'is not a checkpoint', 'the name is that of another file')
  throw new UsageError('HMM272', `the checkpoint ${file} has format ${format}; this hmmcheck has ${checkpointFormat}`, {
    at: file,
    cause: 'another version of hmmcheck has written it',
    remedy: 'resume it with that version, or leave out --resume to begin anew',
  })
}

function verifiedIndex<Identity>(file: string, open: number): CheckpointIndex<Identity> {
  const { size } = fstatSync(open)
  const tail = digestBytes + 8
  const start = firstLine(checkpointFormat).length
  if (size < start + tail) throw damaged(file, 'at its end')
  const end = Buffer.alloc(tail)
  readAt(open, size - tail, end)
  const length = Number(end.readBigUInt64LE(digestBytes))
  if (length > size - tail - start) throw damaged(file, 'at its end')
  const text = Buffer.alloc(length)
  readAt(open, size - tail - length, text)
  if (!sha256(text).equals(end.subarray(0, digestBytes))) throw damaged(file, 'in its index')
  // The cast: the digest says that this program has written it, and the first line in which format.
  const index = JSON.parse(text.toString()) as CheckpointIndex<Identity>
  const room = new Uint8Array(atOnce)
  const partsEnd = index.parts.reduce((end, { bytes }) => end + bytes, start)
  if (partsEnd !== size - tail - length) throw damaged(file, 'between its parts and its index')
  for (const part of index.parts)
    if (digestOf(open, part, room) !== part.sha256) throw damaged(file, `in its part "${part.name}"`)
  return index
}

function digestOf(open: number, { offset, bytes }: PartEntry, room: Uint8Array): string {
  const hash = createHash('sha256')
  for (let done = 0; done < bytes; ) {
    const some = room.subarray(0, Math.min(room.length, bytes - done))
    readAt(open, offset + done, some)
    hash.update(some)
    done += some.length
  }
  return hash.digest('hex')
}
