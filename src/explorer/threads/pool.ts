/** The search over several worker threads: level by level, so that shortest lengths and counts are those of one. */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import type { StateId } from '../../engine/log.ts'
import { oracle } from '../../engine/oracle.ts'
import { definedFields } from '../../language/defined-fields.ts'
import type { Prepared } from '../prepare.ts'
import type { Incomplete } from '../result.ts'
import { OutOfMemory } from '../partition-group.ts'
import { searchLevels, type LevelExpander, type FoundAt, type Search, type SearchOptions } from '../search.ts'
import type { Totals } from '../shard.ts'
import type { FromWorker, WorkerSetup, ToWorker } from './messages.ts'
import { spawnBundled } from './spawn.ts'

type Report = Extract<FromWorker, { kind: 'report' }>
const nothing: Report = {
  kind: 'report',
  totals: { states: 0, stored: 0, transitions: 0, queue: 0 },
  next: 0,
  sent: 0,
  received: 0,
  done: false,
  found: [],
}

function start({ model, initialRanges, besides, symmetry }: Prepared, options: SearchOptions): readonly Worker[] {
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
    const setup: WorkerSetup = {
      model,
      initialRanges,
      besides,
      scalarsets: symmetry.scalarsets,
      worker,
      workers,
      partitionBytes: options.partitionBytes,
      startBytes: options.startBytes,
      ...(options.hashBits === undefined ? {} : { hashBits: options.hashBits }),
    }
    return spawnBundled(import.meta.url, 'worker', {
      workerData: { setup, ports: mine },
      transferList: mine.filter((p) => p !== null),
      execArgv: [],
    })
  })
}

/** The threads of a search, and what they have said. */
interface Team {
  readonly found: readonly FoundAt[]
  /** Says something to each of them. */
  tell(message: (worker: number) => ToWorker): void
  /** Says something to one, and waits for its answer. */
  ask(worker: number, message: ToWorker): Promise<FromWorker>
  /** The last report of each. */
  reports(): readonly Report[]
  /** Takes what was reported of a level for out of date. */
  beginLevel(): void
  /** Waits for a report, or a tenth of a second. */
  news(): Promise<void>
  /** The first error of one of them. */
  failure(): Error | undefined
  close(): void
}

function teamOf(threads: readonly Worker[]): Team {
  let reports: readonly Report[] = threads.map(() => nothing)
  const found: FoundAt[] = []
  const answers: ((message: FromWorker) => void)[][] = threads.map(() => [])
  let wake: (() => void) | undefined
  let failure: Error | undefined
  const fail = (error: Error): void => {
    failure ??= error
    wake?.()
  }
  threads.forEach((thread, i) => {
    thread.on('message', (message: FromWorker) => {
      if (message.kind === 'report') {
        reports = reports.with(i, message)
        found.push(...message.found)
        wake?.()
      } else if (message.kind === 'failed')
        fail(message.outOfMemory ? new OutOfMemory(message.message) : new Error(message.message))
      else answers[i]?.shift()?.(message)
    })
    thread.on('error', (error) => {
      fail(error instanceof Error ? error : new Error(String(error)))
    })
  })
  return {
    found,
    tell(message) {
      threads.forEach((thread, i) => {
        thread.postMessage(message(i))
      })
    },
    ask: (worker, message) =>
      new Promise((resolve) => {
        answers[worker]?.push(resolve)
        threads[worker]?.postMessage(message)
      }),
    reports: () => reports,
    beginLevel() {
      reports = reports.map((report) => ({ ...report, done: false, next: 0 }))
    },
    news: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, 100)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    failure: () => failure,
    close() {
      for (const thread of threads) void thread.terminate()
    },
  }
}

/**
 * The team as a level expander: it is done with a level when all have reported so, and all that was sent is
 * there.
 */
function crewOf(team: Team, initial: Prepared['initial'], { stop }: SearchOptions): LevelExpander {
  const sum = (of: (report: Report) => number): number => team.reports().reduce((n, report) => n + of(report), 0)
  const totals = (): Totals => ({
    states: sum((r) => r.totals.states),
    stored: sum((r) => r.totals.stored),
    transitions: sum((r) => r.totals.transitions),
    queue: sum((r) => r.totals.queue),
  })
  const settled = async (isDone: (report: Report) => boolean, depth: number): Promise<Incomplete | undefined> => {
    for (;;) {
      const failure = team.failure()
      if (failure instanceof OutOfMemory) return 'max-memory'
      if (failure !== undefined) {
        team.close()
        throw failure
      }
      // every worker has expanded its part, and what was sent has arrived: only expanding sends
      if (team.reports().every(isDone) && sum((r) => r.sent) === sum((r) => r.received)) return undefined
      const reason = stop(totals(), depth)
      if (reason !== undefined) return reason
      await team.news()
    }
  }
  return {
    seed() {
      team.tell((worker) => ({ kind: 'seed', states: worker === 0 ? initial : [] }))
      return settled((report) => report !== nothing, 1)
    },
    expand(depth) {
      team.beginLevel()
      const known = [...new Set(team.found.map(({ watch }) => watch))]
      team.tell(() => ({ kind: 'level', settled: known }))
      return settled(({ done }) => done, depth)
    },
    waiting: () => sum(({ next }) => next),
    totals,
  }
}

/** 1 for each kind of transition that one of the workers took. */
async function takenBy(team: Team, length: number): Promise<Uint8Array> {
  const taken = new Uint8Array(length)
  for (const worker of team.reports().keys()) {
    const message = await team.ask(worker, { kind: 'taken' })
    if (message.kind !== 'taken') continue
    message.taken.forEach((isTaken, n) => {
      if (isTaken !== 0) taken[n] = 1
    })
  }
  return taken
}

/** A search in `workers` threads. */
export async function searchThreads(prepared: Prepared, options: SearchOptions): Promise<Search> {
  const { compiled, initial } = prepared
  const team = teamOf(start(prepared, options))
  const crew = crewOf(team, initial, options)
  const { depth, incomplete } = await searchLevels(crew, team.found, options)
  if (incomplete !== undefined) team.tell(() => ({ kind: 'stop' }))
  const taken = await takenBy(team, compiled.edges.length + compiled.arms.length)
  const { states, stored, transitions } = crew.totals()
  return {
    states,
    stored,
    transitions,
    depth,
    found: team.found,
    taken,
    ...definedFields({ incomplete }),
    async origin(id: StateId) {
      const message = await team.ask(id.log % options.workers, { kind: 'origin', id })
      if (message.kind !== 'origin') throw new Error('a worker answered something else')
      return message
    },
    oracle: () => oracle(compiled),
    close: () => {
      team.close()
    },
  }
}
