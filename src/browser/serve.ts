/** The worker's side of the messages: questions are answered one after the other, each by its number. */
import type { FromPageWorker, ToPageWorker } from './messages.ts'
import { pageSession } from './session.ts'

/** Serves a page. @returns what to call with each message of the page */
export function serve(say: (message: FromPageWorker) => void): (message: ToPageWorker) => void {
  const { answer } = pageSession()
  let working: AbortController | undefined
  let last: Promise<void> = Promise.resolve()
  const work = async ({ id, question }: Exclude<ToPageWorker, 'stop'>): Promise<void> => {
    working = new AbortController()
    const { signal } = working
    try {
      const onProgress = (progress: Extract<FromPageWorker, { readonly progress: unknown }>['progress']): void => {
        say({ id, progress })
      }
      say({ id, answer: await answer(question, { signal, onProgress }) })
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      say({ id, answer: { kind: 'refused', message: `HMM299: internal error in hmmcheck; please report it: ${text}` } })
    } finally {
      working = undefined
    }
  }
  return (message) => {
    if (message === 'stop') working?.abort()
    else last = last.then(() => work(message))
  }
}
