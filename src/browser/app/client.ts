/** The page's side of the messages: a worker that is asked, one question after the other. */
import type { Answer, FromPageWorker, Question, ToPageWorker, WorkProgress } from '../messages.ts'

export interface Client {
  ask(question: Question, onProgress?: (progress: WorkProgress) => void): Promise<Answer>
  /** Ends the question that is being worked on: it is answered all the same. */
  stop(): void
}

interface Waiting {
  readonly answered: (answer: Answer) => void
  readonly onProgress: ((progress: WorkProgress) => void) | undefined
}

/**
 * Starts a worker from its text: a page on the disk can load no file for it.
 *
 * @param onFailure called if the worker cannot go on: it has run out of memory, or could not start
 */
export function startClient(script: string, onFailure: (message: string) => void): Client {
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  const worker = new Worker(address)
  const waiting = new Map<number, Waiting>()
  let last = 0
  worker.onmessage = ({ data }: MessageEvent<FromPageWorker>) => {
    const asked = waiting.get(data.id)
    if ('progress' in data) asked?.onProgress?.(data.progress)
    else {
      waiting.delete(data.id)
      asked?.answered(data.answer)
    }
  }
  worker.onerror = ({ message }) => {
    onFailure(message)
  }
  const post = (message: ToPageWorker): void => {
    worker.postMessage(message)
  }
  return {
    ask: (question, onProgress) =>
      new Promise((answered) => {
        last += 1
        waiting.set(last, { answered, onProgress })
        post({ id: last, question })
      }),
    stop() {
      post('stop')
    },
  }
}
