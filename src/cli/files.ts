/** Files that appear whole or not at all. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Writes a file beside its place, then moves it there. A link stays one.
 *
 * @throws UsageError HMM210, also if the name leads to something that is not a regular file: a device would be
 *   replaced, not written
 */
export function writeWhole(named: string, text: string): void {
  const file = placeOf(named)
  const beside = join(dirname(file), `.${randomUUID()}.tmp`)
  try {
    mkdirSync(dirname(file), { recursive: true })
    // On the disk before it has its name: else a crash could leave the name of an empty file.
    writeFileSync(beside, text, { flush: true })
    renameSync(beside, file)
  } catch (error) {
    discard(beside)
    throw new UsageError('HMM210', `${named} can't be written: ${reasonOf(error)}`)
  }
}

/** The file that a name leads to, or may lead to. */
function placeOf(named: string): string {
  if (!existsSync(named)) return named
  if (statSync(named).isFile()) return realpathSync(named)
  throw new UsageError('HMM210', `${named} can't be written: not a regular file`)
}

/** Removes a partly written file. Ignores failure: if it cannot be removed, it could not have been created. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    /* the first error says more */
  }
}

/** Bytes that a schedule's or a lock's file may have: more than 100,000 steps take, of a few hundred bytes each. */
export const LARGEST_FILE: number = 64 * 2 ** 20

/**
 * The text of a schedule's file, or of a pipe.
 *
 * @throws UsageError HMM220, HMM256 if it is larger than 64 MiB
 */
export function readText(file: string): string {
  try {
    const open = openSync(file, 'r')
    try {
      const chunks: Buffer[] = []
      for (let size = 0; size <= LARGEST_FILE; ) {
        const chunk = Buffer.allocUnsafe(Math.min(2 ** 16, LARGEST_FILE + 1 - size))
        const read = readSync(open, chunk)
        if (read === 0) return decoded(Buffer.concat(chunks))
        chunks.push(chunk.subarray(0, read))
        size += read
      }
    } finally {
      closeSync(open)
    }
  } catch (error) {
    throw new UsageError('HMM220', `${file} can't be read: ${reasonOf(error)}`)
  }
  throw new UsageError(
    'HMM256',
    `${file} has more than ${LARGEST_FILE / 2 ** 20} MiB, which is more than any schedule`,
    'check that it is the right file',
  )
}

/** Decodes also what editors and shells of Windows write: with a byte order mark, or in UTF-16 with one. */
function decoded(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '')
}

/** The place that `--out` names: a trailing slash, which makes it a directory, stays. */
export const outPlace = (out: string, cwd: string): string => (out.endsWith('/') ? out : resolve(cwd, out))

/** Whether `--out` names a directory: it ends like one, or is one. */
export function isDirectory(path: string): boolean {
  if (/[/\\]$/.test(path)) return true
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
