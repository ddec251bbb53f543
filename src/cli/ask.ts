/** Asks questions on a terminal. */
import { createInterface } from 'node:readline/promises'
import { isatty } from 'node:tty'

/**
 * Asks the user a question.
 *
 * @param otherwise the answer of who only presses Enter
 * @returns undefined if the user breaks off
 */
export type Ask = (question: string, otherwise: string) => Promise<string | undefined>

/** Asks on the terminal of this process; undefined if its input or its output is none. */
export function askOfProcess(): Ask | undefined {
  // without `process.stdin`, which would be opened here for commands that read nothing
  if (!isatty(0) || !isatty(1)) return undefined
  return (question, otherwise) => askOn(process.stdin, process.stdout)(question, otherwise)
}

/** Asks on two streams: the answer is a line, and an empty one stands for the default. */
export const askOn =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask =>
  async (question, otherwise) => {
    const lines = createInterface({ input, output })
    const brokenOff = new Promise<undefined>((resolve) => {
      // Ctrl-C closes it, and so does the end of the input
      lines.once('close', () => {
        resolve(undefined)
      })
    })
    try {
      const answer = await Promise.race([lines.question(`${question} (${otherwise}) `), brokenOff])
      return answer === undefined ? undefined : answer.trim() || otherwise
    } finally {
      lines.close()
    }
  }
