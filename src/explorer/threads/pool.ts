/** The search over several worker threads: level by level, so that shortest lengths and counts are those of one. */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import type { StateId } from '../../engine/log.ts'
import { oracle } from '../../engine/oracle.ts'
import type { Prepared } from '../prepare.ts'
import type { Incomplete } from '../result.ts'
import { OutOfMemory } from '../partition-group.ts'
import { searchLevels, type Crew, type Found, type Search, type SearchOptions } from '../search.ts'
import type { FromWorker, Setup, ToWorker } from './messages.ts'
import { spawnBeside } from './spawn.ts'

type Report = Extract<FromWorker, { kind: 'report' }>
const nothing: Report = {
  kind: 'report',
  totals: { states: 0, transitions: 0, queue: 0 },
  next: 0,
  sent: 0,
  received: 0,
  done: false,
  found: [],
}

function start({ model, initialRanges, besides }: Prepared, options: SearchOptions): readonly Worker[] {
  const { workers } = options
  const ports: (MessagePort | null)[][] = Array.from({ length: workers }, () =>
    Array.from({ length: workers }, () => null),
  )
  for (let a = 0; a < workers; a++)
    for (let b = a + 1; b < workers; b++) {
      const { port1, port2 } = new MessageChannel()
      const [rowA, rowB] = [ports[a], ports[b]]
      if (rowA !== undefined) rowA[b] = port1
      if (rowB !== undefined) rowB[a] = port2
    }
  return ports.map((mine, worker) => {
    const setup: Setup = {
      model,
      initialRanges,
      besides,
      worker,
      workers,
      partitionBytes: options.partitionBytes,
      startBytes: options.startBytes,
      ...(options.hashBits === undefined ? {} : { hashBits: options.hashBits }),
    }
    return spawnBeside(import.meta.url, 'worker', {
      workerData: { setup, ports: mine },
      transferList: mine.filter((p) => p !== null),
      execArgv: [],
    })
  })
}

export async function searchThreads(prepared: Prepared, options: SearchOptions): Promise<Search> {
  const { compiled, initial } = prepared
  const threads = start(prepared, options)
  const reports: Report[] = threads.map(() => nothing)
  const found: Found[] = []
  let wake: (() => void) | undefined
  let failure: Error | undefined
  const answers: ((message: FromWorker) => void)[][] = threads.map(() => [])
  const close = (): void => {
    for (const t of threads) void t.terminate()
  }

  threads.forEach((thread, i) => {
    thread.on('message', (message: FromWorker) => {
      if (message.kind === 'report') {
        reports[i] = message
        found.push(...message.found)
        wake?.()
        return
      }
      if (message.kind === 'failed') {
        failure ??= message.outOfMemory ? new OutOfMemory(message.message) : new Error(message.message)
        wake?.()
        return
      }
      answers[i]?.shift()?.(message)
    })
    thread.on('error', (error) => {
      failure ??= error instanceof Error ? error : new Error(String(error))
      wake?.()
    })
  })
  const say = (i: number, message: ToWorker): void => {
    threads[i]?.postMessage(message)
  }
  const ask = (i: number, message: ToWorker): Promise<FromWorker> =>
    new Promise((resolve) => {
      answers[i]?.push(resolve)
      say(i, message)
    })
  const totals = (): Report['totals'] =>
    reports.reduce(
      (sum, { totals: t }) => ({
        states: sum.states + t.states,
        transitions: sum.transitions + t.transitions,
        queue: sum.queue + t.queue,
      }),
      nothing.totals,
    )
  const sum = (of: (r: Report) => number): number => reports.reduce((n, r) => n + of(r), 0)
  /** Waits for a report, or a tenth of a second. */
  const news = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, 100)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const settled = async (
    finished: () => boolean,
    stop: () => Incomplete | undefined,
  ): Promise<Incomplete | undefined> => {
    for (;;) {
      if (failure !== undefined) {
        if (failure instanceof OutOfMemory) return 'max-memory'
        close()
        throw failure
      }
      // every worker has expanded its part, and what was sent has arrived: only expanding sends
      if (finished() && sum((r) => r.sent) === sum((r) => r.received)) return undefined
      const reason = stop()
      if (reason !== undefined) return reason
      await news()
    }
  }

  const crew: Crew = {
    seed() {
      threads.forEach((_, i) => {
        say(i, { kind: 'seed', states: i === 0 ? initial : [] })
      })
      return settled(
        () => reports.every((r) => r !== nothing),
        () => options.stop(totals(), 1),
      )
    },
    expand(depth) {
      reports.forEach((r, i) => {
        reports[i] = { ...r, done: false, next: 0 }
      })
      const known = [...new Set(found.map((f) => f.watch))]
      threads.forEach((_, i) => {
        say(i, { kind: 'level', settled: known })
      })
      return settled(
        () => reports.every((r) => r.done),
        () => options.stop(totals(), depth),
      )
    },
    waiting: () => sum((r) => r.next),
    totals,
  }
  const { depth, incomplete } = await searchLevels(crew, found, options)
  if (incomplete !== undefined)
    threads.forEach((_, i) => {
      say(i, { kind: 'stop' })
    })
  const taken = new Uint8Array(compiled.edges.length + compiled.arms.length)
  for (let i = 0; i < threads.length; i++) {
    const message = await ask(i, { kind: 'taken' })
    if (message.kind === 'taken')
      message.taken.forEach((t, n) => {
        if (t !== 0) taken[n] = 1
      })
  }
  const end = totals()
  return {
    states: end.states,
    transitions: end.transitions,
    depth,
    found,
    taken,
    ...(incomplete === undefined ? {} : { incomplete }),
    async origin(id: StateId) {
      const message = await ask(id.log % threads.length, { kind: 'origin', id })
      if (message.kind !== 'origin') throw new Error('a worker answered something else')
      return message
    },
    oracle: () => oracle(compiled),
    close,
  }
}
