/**
 * Standard output and standard error of a process, whatever is at their other end.
 *
 * If a reader stops early (`| head -1`), only the output changes: the command goes on to its verdict. If text gets lost
 * (a full disk), the command fails, as `settled` reports. All errors of the streams are handled: otherwise Node would
 * end the process with a stack trace.
 */
import { fstatSync, writeSync } from 'node:fs'

/** A stream that takes text. */
export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  /** The width of the terminal; undefined elsewhere. */
  readonly columns: number | undefined
  /** Waits until all text is written or the reader is gone; answers why some of it was lost, if it was. */
  readonly settled?: () => Promise<string | undefined>
}

/** An output like another, that writes nothing. */
export const silent = ({ isTerminal, columns }: Pick<Output, 'isTerminal' | 'columns'>): Output => ({
  isTerminal,
  columns,
  write: () => undefined,
})

/** The part of a stream of the process that is needed. */
export type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'on'> & {
  readonly fd: number
  write(text: string, done: (error?: Error | null) => void): unknown
}

/** Error codes of a stream whose reader is gone. */
const CLOSED: readonly string[] = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']

/** A stream of the process as the command line writes to it. */
export function outputOf(stream: Stream): Output {
  let lost: Error | undefined
  let isClosed = false
  let waiting = 0
  let wake = (): void => undefined
  const fail = (error: NodeJS.ErrnoException): void => {
    isClosed = true
    if (!CLOSED.includes(error.code ?? '')) lost ??= error
  }
  stream.on('error', fail)
  let toFile: boolean | undefined
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
    write(text) {
      if (isClosed || text === '') return
      toFile ??= isFile(stream)
      if (toFile) {
        try {
          writeAll(stream.fd, text)
        } catch (error) {
          fail(asError(error))
        }
        return
      }
      waiting++
      stream.write(text, (error) => {
        waiting--
        if (error != null) fail(error)
        wake()
      })
    },
    async settled() {
      while (waiting > 0 && !isClosed)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      return lost?.message
    },
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/**
 * Files and devices that are written at once. Node's own stream for them takes a part that was written for the whole,
 * as the last one before a disk is full is.
 */
function isFile({ isTTY, fd }: Stream): boolean {
  if (isTTY === true) return false
  const kind = fstatSync(fd)
  return kind.isFile() || kind.isCharacterDevice() || kind.isBlockDevice()
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from)
}
