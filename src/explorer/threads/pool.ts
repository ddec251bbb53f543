/** The search over several worker threads: level by level, so that shortest lengths and counts are those of one. */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import { moduleOf } from '../../engine/code.ts'
import { engineModelOf } from '../../engine/engine-model.ts'
import type { StateId } from '../../engine/log.ts'
import { oracle } from '../../engine/oracle.ts'
import { definedFields } from '../../language/defined-fields.ts'
import type { Prepared } from '../prepare.ts'
import type { Incomplete } from '../result.ts'
import { emitOptionsOf, OutOfMemory } from '../partition-group.ts'
import { searchLevels, type LevelExpander, type FoundAt, type Search } from '../search.ts'
import type { CheckpointDraft, ResumedSearch, SearchKeeping, SearchOptions } from '../search.ts'
import type { Totals } from '../shard.ts'
import type { FromWorker, WorkerSetup, ToWorker } from './messages.ts'
import { ownerMask } from './owner-mask.ts'
import { spawnBundled } from './spawn.ts'

type Report = Extract<FromWorker, { kind: 'report' }>
const nothing: Report = {
  kind: 'report',
  totals: { states: 0, stored: 0, transitions: 0, queue: 0 },
  next: 0,
  sent: 0,
  received: 0,
  done: false,
  paused: false,
  found: [],
}

function start(
  { compiled, initialRanges, besides, symmetry }: Prepared,
  options: SearchOptions,
  resumed: ResumedSearch | undefined,
): readonly Worker[] {
  const { workers } = options
  // assembled once, here: the threads share what V8 makes of it
  const [engine, code] = [engineModelOf(compiled), moduleOf(compiled, emitOptionsOf(options))]
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
      engine,
      code,
      initialRanges,
      besides,
      scalarsets: symmetry.scalarsets,
      worker,
      workers,
      partitionBytes: options.partitionBytes,
      startBytes: options.startBytes,
      ...definedFields({ hashBits: options.hashBits, fingerprint: options.fingerprint }),
      ...(resumed === undefined ? {} : { resumed: { file: resumed.file, parts: resumed.parts } }),
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
  /** Lets all of them go on that were paused. */
  proceed(): void
  /** Waits for a report, or a tenth of a second. */
  news(): Promise<void>
  /** The first error of one of them. */
  failure(): Error | undefined
  close(): void
}

/** @param before what was found before the search was resumed */
function teamOf(threads: readonly Worker[], before: readonly FoundAt[] = []): Team {
  let reports: readonly Report[] = threads.map(() => nothing)
  const found: FoundAt[] = [...before]
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
  const tell = (message: (worker: number) => ToWorker): void => {
    threads.forEach((thread, i) => {
      thread.postMessage(message(i))
    })
  }
  return {
    found,
    tell,
    ask: (worker, message) =>
      new Promise((resolve) => {
        answers[worker]?.push(resolve)
        threads[worker]?.postMessage(message)
      }),
    reports: () => reports,
    beginLevel() {
      reports = reports.map((report) => ({ ...report, done: false, next: 0 }))
    },
    proceed() {
      // no report is under way: each has said that it waits, and that all has arrived
      reports = reports.map((report) => ({ ...report, paused: false }))
      tell(() => ({ kind: 'proceed' }))
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
function crewOf(
  team: Team,
  { compiled, initial }: Prepared,
  options: SearchOptions,
  { checkpoints }: SearchKeeping,
): LevelExpander {
  const { stop, workers } = options
  const sum = (of: (report: Report) => number): number => team.reports().reduce((n, report) => n + of(report), 0)
  const totals = (): Totals => ({
    states: sum((r) => r.totals.states),
    stored: sum((r) => r.totals.stored),
    transitions: sum((r) => r.totals.transitions),
    queue: sum((r) => r.totals.queue),
  })
  /** Whether what every worker has said it is so, and what was sent has arrived: only expanding sends. */
  const isSettled = (isDone: (report: Report) => boolean): boolean =>
    team.reports().every(isDone) && sum((r) => r.sent) === sum((r) => r.received)
  const append = async (draft: CheckpointDraft): Promise<void> => {
    // one after the other: they write to one file
    for (let worker = 0; worker < workers; worker++) {
      const message = await team.ask(worker, { kind: 'save', file: draft.file })
      if (message.kind !== 'saved') throw new Error('a worker answered something else')
      if (message.problem !== undefined) throw new Error(message.problem)
      draft.add(message.parts)
    }
  }
  const save = async (depth: number): Promise<void> => {
    if (checkpoints === undefined || team.failure() !== undefined) return
    team.tell(() => ({ kind: 'pause' }))
    while (!isSettled(({ paused }) => paused)) {
      if (team.failure() !== undefined) return
      await team.news()
    }
    await checkpoints.write({ depth, found: team.found }, append)
    team.proceed()
  }
  const settled = async (
    isDone: (report: Report) => boolean,
    depth: number,
    isSeeding = false,
  ): Promise<Incomplete | undefined> => {
    for (;;) {
      const failure = team.failure()
      if (failure instanceof OutOfMemory) return 'max-memory'
      if (failure !== undefined) {
        team.close()
        throw failure
      }
      if (isSettled(isDone)) return undefined
      const reason = stop(totals(), depth)
      if (reason !== undefined) return reason
      if (!isSeeding && checkpoints?.isDue() === true) await save(depth)
      await team.news()
    }
  }
  return {
    seed() {
      const mask = ownerMask(oracle(compiled, emitOptionsOf(options)), initial, workers)
      team.tell((worker) => ({ kind: 'seed', states: worker === 0 ? initial : [], ownerMask: mask }))
      return settled((report) => report !== nothing, 1, true)
    },
    expand(depth) {
      team.beginLevel()
      const known = [...new Set(team.found.map(({ watch }) => watch))]
      team.tell(() => ({ kind: 'level', settled: known }))
      return settled(({ done }) => done, depth)
    },
    expandRest(depth) {
      team.tell(() => ({ kind: 'rest', depth }))
      return settled(({ done }) => done, depth)
    },
    save,
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
export async function searchThreads(
  prepared: Prepared,
  options: SearchOptions,
  keeping: SearchKeeping = {},
): Promise<Search> {
  const { compiled } = prepared
  const { resumed } = keeping
  const team = teamOf(start(prepared, options, resumed), resumed?.found)
  const crew = crewOf(team, prepared, options, keeping)
  const { depth, levelSizes, incomplete } = await searchLevels(crew, team.found, options, resumed)
  if (incomplete !== undefined) team.tell(() => ({ kind: 'stop' }))
  const taken = await takenBy(team, compiled.edges.length + compiled.arms.length)
  const { states, stored, transitions } = crew.totals()
  return {
    states,
    stored,
    transitions,
    depth,
    levelSizes,
    found: team.found,
    taken,
    ...definedFields({ incomplete }),
    async origin(id: StateId) {
      const message = await team.ask(id.log % options.workers, { kind: 'origin', id })
      if (message.kind !== 'origin') throw new Error('a worker answered something else')
      return message
    },
    oracle: () => oracle(compiled, emitOptionsOf(options)),
    close: () => {
      team.close()
    },
  }
}
