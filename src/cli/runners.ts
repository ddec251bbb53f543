/**
 * Several runs in threads, each with one run at a time. A run of seconds is compiling, searching and replaying, one
 * after the other:
 * two runs at once keep two processors busy, where two workers of one search would not.
 */
import { parentPort, workerData, type Worker } from 'node:worker_threads'
import type { Catalogue } from '../language/protocol.ts'
import { loadCatalogues } from './catalogues.ts'
import { processEnvironment } from './environment.ts'
import type { Environment, Output, Runners } from './environment.ts'
import { carryOut } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { CheckCommand } from './run.ts'
import { targetsOf } from './targets.ts'
import type { Target } from './targets.ts'

/** What a thread is told when it starts. */
interface Setup {
  /** The models as they were typed: a thread finds the same targets for them. */
  readonly words: readonly string[]
  readonly options: CheckCommand
  readonly world: Pick<Environment, 'cwd' | 'variables' | 'program'> &
    Record<'stdout' | 'stderr', Pick<Output, 'isTerminal' | 'columns'>>
}

/** To a thread: the number of a target; or that the user wants an end. */
type ToRunner = number | 'stop'

/** From a thread: that it is ready, what a run came to, or that it failed. */
interface FromRunner {
  readonly target?: number
  readonly outcome?: Outcome
}

/** What is to be done of what was typed. */
interface Share {
  readonly words: readonly string[]
  /** All that they stand for. */
  readonly targets: readonly Target[]
  /** Which of them. */
  readonly numbers: readonly number[]
}

/**
 * What each target comes to, in their order. What fails in a thread is done once more here, where the mistake can be
 * told.
 */
export async function* outcomesOfThreads(
  environment: Environment,
  runners: Runners,
  { words, targets, numbers }: Share,
  options: CheckCommand,
  signal: AbortSignal,
): AsyncGenerator<Outcome> {
  const { cwd, variables, program, stdout, stderr } = environment
  const traits = ({ isTerminal, columns }: Output): Pick<Output, 'isTerminal' | 'columns'> => ({ isTerminal, columns })
  const setup: Setup = {
    words,
    options,
    world: { cwd, variables: { ...variables }, program, stdout: traits(stdout), stderr: traits(stderr) },
  }
  const done = new Map<number, Outcome | 'failed'>()
  let given = 0
  let wake = (): void => undefined
  const broken: Error[] = []
  const threads: readonly Worker[] = Array.from({ length: Math.min(runners.count, numbers.length) }, () =>
    runners.start(setup),
  )
  const stop = (): void => {
    for (const thread of threads) thread.postMessage('stop' satisfies ToRunner)
  }
  signal.addEventListener('abort', stop)
  for (const thread of threads) {
    thread.on('message', ({ target, outcome }: FromRunner) => {
      if (target !== undefined) done.set(target, outcome ?? 'failed')
      const next = numbers[given]
      if (next !== undefined && !signal.aborted) {
        given++
        thread.postMessage(next satisfies ToRunner)
      }
      wake()
    })
    thread.on('error', (error) => {
      broken.push(error instanceof Error ? error : new Error(String(error)))
      wake()
    })
  }
  try {
    for (const [place, n] of numbers.entries()) {
      const target = targets[n]
      if (target === undefined) continue
      while (!done.has(n)) {
        const [error] = broken
        if (error !== undefined) throw error
        if (signal.aborted && place >= given) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const outcome = done.get(n)
      done.delete(n)
      yield outcome === undefined || outcome === 'failed'
        ? await carryOut(environment, target, options, false, signal)
        : outcome
    }
  } finally {
    signal.removeEventListener('abort', stop)
    for (const thread of threads) void thread.terminate()
  }
}

/** The other side: does the runs it is told to do. */
export async function serveRuns(own: Catalogue): Promise<void> {
  const { words, options, world } = workerData as Setup
  const silent = (traits: Pick<Output, 'isTerminal' | 'columns'>): Output => ({ ...traits, write: () => undefined })
  const environment: Environment = {
    ...processEnvironment(),
    ...world,
    stdout: silent(world.stdout),
    stderr: silent(world.stderr),
  }
  const targets = targetsOf(await loadCatalogues(own, options.catalogue ?? [], world.cwd), words, options)
  const interrupt = new AbortController()
  const say = (message: FromRunner): void => {
    parentPort?.postMessage(message)
  }
  parentPort?.on('message', (message: ToRunner) => {
    if (message === 'stop') {
      interrupt.abort()
      return
    }
    const target = targets[message]
    if (target === undefined) {
      say({ target: message })
      return
    }
    carryOut(environment, target, options, false, interrupt.signal).then(
      (outcome) => {
        say({ target: message, outcome })
      },
      () => {
        say({ target: message })
      },
    )
  })
  say({})
}
