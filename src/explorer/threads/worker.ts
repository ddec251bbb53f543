/** One worker thread: a shard, messages to its peers, and slices of work between messages. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { compile } from '../../compiler/compile.ts'
import type { Batch } from '../../engine/expander.ts'
import type { FoundAt } from '../search.ts'
import { OutOfMemory } from '../partition-group.ts'
import { shard } from '../shard.ts'
import type { FromWorker, WorkerSetup, ToWorker } from './messages.ts'

const { setup, ports } = workerData as { readonly setup: WorkerSetup; readonly ports: readonly (MessagePort | null)[] }
const { model, initialRanges, besides, scalarsets } = setup
const here = shard(
  compile(model, initialRanges, besides, undefined, () => scalarsets),
  setup,
)
let sent = 0,
  received = 0,
  depth = 0,
  done = true,
  stopped = false,
  scheduled = false
let found: FoundAt[] = []
let reported = 0
/** A peer may hear of a level, and expand it, before this worker does. */
let early: Batch[] = []
const take = (batch: Batch): void => {
  here.receive(batch)
  received++
}

const say = (message: FromWorker): void => {
  parentPort?.postMessage(message)
}
const guard = (work: () => void): void => {
  try {
    work()
  } catch (error) {
    say({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
      outOfMemory: error instanceof OutOfMemory || error instanceof RangeError,
    })
  }
}
const report = (): void => {
  reported = performance.now()
  say({ kind: 'report', totals: here.totals(), next: here.waiting(), sent, received, done, found })
  found = []
}
const post = (batches: readonly Batch[]): void => {
  for (const batch of batches) {
    sent++
    ports[batch.to]?.postMessage({ kind: 'batch', batch, level: depth } satisfies ToWorker, [
      batch.records.buffer as ArrayBuffer,
    ])
  }
}
const slice = (): void => {
  scheduled = false
  if (done || stopped) return
  const worked = here.work()
  if (worked === undefined) {
    done = true
    report()
    return
  }
  for (const f of worked.findings) found.push({ ...f, level: depth })
  post(worked.batches)
  if (performance.now() - reported > 100) report()
  schedule()
}
const schedule = (): void => {
  if (!scheduled) {
    scheduled = true
    setImmediate(() => {
      guard(slice)
    })
  }
}

const hear = (message: ToWorker): void => {
  guard(() => {
    switch (message.kind) {
      case 'seed':
        post(here.seed(message.states))
        report()
        return
      case 'level':
        here.settle(message.settled)
        here.advance()
        depth++
        done = false
        for (const batch of early) take(batch)
        early = []
        schedule()
        return
      case 'batch':
        if (message.level > depth) {
          early.push(message.batch)
          return
        }
        take(message.batch)
        if (done) report()
        return
      case 'origin':
        say({ kind: 'origin', ...here.origin(message.id) })
        return
      case 'taken':
        say({ kind: 'taken', taken: here.taken() })
        return
      case 'stop':
        stopped = true
        report()
    }
  })
}
parentPort?.on('message', hear)
for (const port of ports) port?.on('message', hear)
