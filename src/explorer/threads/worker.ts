/** One worker thread: a shard, messages to its peers, and slices of work between messages. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { compile } from '../../compiler/compile.ts'
import { moduleOf, type CodeSource } from '../../engine/code.ts'
import type { Batch } from '../../engine/expander.ts'
import { prefixedReader, prefixedWriter } from '../../engine/parts.ts'
import { appendParts, partReader } from '../checkpoint/file.ts'
import { workerParts, type FoundAt } from '../search.ts'
import { emitOptionsOf, OutOfMemory } from '../partition-group.ts'
import { shard } from '../shard.ts'
import type { FromWorker, WorkerSetup, ToWorker } from './messages.ts'

const { setup, ports } = workerData as { readonly setup: WorkerSetup; readonly ports: readonly (MessagePort | null)[] }
const { engine, code, initialRanges, besides, scalarsets } = setup
const parts = workerParts(setup.worker)
const first = emitOptionsOf(setup)
/** The code for one partition was given. That for more is emitted here, from the model. */
const source: CodeSource = {
  model: engine,
  codeFor: (options) =>
    options.division?.partitions === first.division?.partitions
      ? code
      : moduleOf(
          compile(engine.model, initialRanges, besides, undefined, () => scalarsets),
          options,
        ),
}
const here = shard(
  source,
  setup,
  setup.resumed && prefixedReader(partReader(setup.resumed.file, setup.resumed.parts), parts),
)
let sent = 0,
  received = 0,
  depth = 0,
  done = true,
  stopped = false,
  paused = false,
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
  say({ kind: 'report', totals: here.totals(), next: here.waiting(), sent, received, done, paused, found })
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
  if (done || stopped || paused) return
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

/** Appends all that it has to a checkpoint. */
const saved = (file: string): FromWorker => {
  try {
    const written = appendParts(file, (out) => {
      here.save(prefixedWriter(out, parts))
    })
    return { kind: 'saved', parts: written }
  } catch (error) {
    return { kind: 'saved', parts: [], problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Begins a level, and takes what peers have found for it already. */
const begin = (level: number): void => {
  depth = level
  done = false
  for (const batch of early) take(batch)
  early = []
  schedule()
}

const hear = (message: ToWorker): void => {
  guard(() => {
    switch (message.kind) {
      case 'seed':
        post(here.seed(message.states, message.ownerMask))
        report()
        return
      case 'level':
        here.settle(message.settled)
        here.advance()
        begin(depth + 1)
        return
      case 'rest':
        begin(message.depth)
        return
      case 'pause':
        paused = true
        report()
        return
      case 'proceed':
        paused = false
        schedule()
        return
      case 'save':
        say(saved(message.file))
        return
      case 'batch':
        if (message.level > depth) {
          early.push(message.batch)
          return
        }
        take(message.batch)
        if (done || paused) report()
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
