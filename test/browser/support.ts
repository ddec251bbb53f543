/** A worker of the page, in a context that has what a worker of a browser has, and nothing of Node.js. */
import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { workerScript } from './built.ts'
import { recordingOf, type ModelRecording } from '../../src/browser/recording.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { sourceFile } from '../../src/language/position.ts'
import type { Answer, FromPageWorker, Question, Scene, ToPageWorker, WorkProgress } from '../../src/browser/messages.ts'

/** A protocol as a page has it. */
export const recordingFor = (protocol: Protocol): ModelRecording =>
  recordingOf(protocol, {
    version: '0.0.0-test',
    family: [],
    sourceOf(file) {
      const path = sourceFile(file)
      return path === undefined ? undefined : readFileSync(path, 'utf8')
    },
  })

/** The script of the worker, built once for a file of tests. */
let built: Promise<{ readonly text: string; readonly files: readonly string[] }> | undefined
export const worker = (): NonNullable<typeof built> => (built ??= workerScript())

/** A worker, asked as the page asks it. */
export interface Asked {
  ask(question: Question, onProgress?: (progress: WorkProgress) => void): Promise<Answer>
  stop(): void
}

/** The globals of a worker that the script uses. */
const globals = { performance, setTimeout, AbortController, TextEncoder }

export async function startWorker(): Promise<Asked> {
  const { text } = await worker()
  const waiting = new Map<
    number,
    { readonly answered: (answer: Answer) => void; readonly onProgress: ((progress: WorkProgress) => void) | undefined }
  >()
  const scope: {
    onmessage?: (event: { readonly data: ToPageWorker }) => void
    postMessage: (message: FromPageWorker) => void
  } = {
    ...globals,
    postMessage(sent) {
      const message = structuredClone(sent)
      const asked = waiting.get(message.id)
      if ('progress' in message) asked?.onProgress?.(message.progress)
      else {
        waiting.delete(message.id)
        asked?.answered(message.answer)
      }
    },
  }
  runInContext(text, createContext(scope))
  let last = 0
  const post = (data: ToPageWorker): void => {
    scope.onmessage?.({ data: structuredClone(data) })
  }
  return {
    ask: (question, onProgress) =>
      new Promise((answered) => {
        last++
        waiting.set(last, { answered, onProgress })
        post({ id: last, question })
      }),
    stop() {
      post('stop')
    },
  }
}

/** The scene of an answer. */
export function sceneIn(answer: Answer): Scene {
  if (answer.kind !== 'scene') throw new Error(`no scene: ${JSON.stringify(answer)}`)
  return answer.scene
}
