/** The worker of a page: language, semantics, compiler and engine, in a thread of the browser. */
import type { FromPageWorker, ToPageWorker } from './messages.ts'
import { serve } from './serve.ts'

/** A dedicated worker, as far as it is used: the types of the web would stand beside those of Node.js. */
interface WorkerScope {
  onmessage: ((event: { readonly data: ToPageWorker }) => void) | null
  postMessage(message: FromPageWorker): void
}

// The cast: the build makes this the script of a worker.
const scope = globalThis as unknown as WorkerScope
const hear = serve((message) => {
  scope.postMessage(message)
})
scope.onmessage = ({ data }) => {
  hear(data)
}
