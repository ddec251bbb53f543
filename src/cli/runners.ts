/**
 * Several runs in threads, each with one run at a time. A run of seconds is compiling, searching and replaying, one
 * after the other: two runs at once keep two processors busy, where two workers of one search would not.
 */
import type { Worker } from 'node:worker_threads'
import type { Environment, RunnerThreads } from './environment.ts'
import type { Output } from './output.ts'
import type { RunOptions } from './judged-run.ts'
import type { CheckPlan } from './options/check.ts'
import { carryOut } from './outcome.ts'
import type { RunReport, Reporter } from './reporters/reporter.ts'
import { shares, stretches } from './stretches.ts'
import type { RunTarget } from './targets.ts'

/** The setup that a thread gets when it starts. */
export interface RunnerSetup {
  /** The models as they were typed: a thread finds the same targets for them. */
  readonly words: readonly string[]
  readonly plan: CheckPlan
  readonly world: Pick<Environment, 'cwd' | 'variables' | 'program'> &
    Record<'stdout' | 'stderr', Pick<Output, 'isTerminal' | 'columns'>>
}

/** To a thread: the number of a target; or that it is to stop. */
export type ToRunner = number | 'stop'

/** From a thread: it is ready for a target; with a target, that this one is done, or has failed. */
export interface FromRunner<Part> {
  readonly target?: number
  readonly outcome?: RunReport<Part>
}

/** A run that is over, and the number of its target. */
export interface Finished<Part> {
  readonly target: number
  readonly outcome: RunReport<Part>
}

/** The runs that are done in threads. */
interface Share {
  readonly words: readonly string[]
  /** All targets that the words stand for. */
  readonly targets: readonly RunTarget[]
  /** The numbers of those that are done. */
  readonly numbers: readonly number[]
}

/**
 * The outcomes of the targets, as they come. A run that fails in a thread is done once more here, where the mistake can
 * be reported.
 */
export async function* outcomesOfThreads<Part>(
  environment: Environment,
  runners: RunnerThreads,
  { words, targets, numbers }: Share,
  options: Omit<RunOptions, 'witnesses'>,
  reporter: Reporter<Part>,
): AsyncGenerator<Finished<Part>> {
  const { signal, plan } = options
  const setup = setupOf(environment, words, plan)
  const threads = Array.from({ length: Math.min(runners.count, numbers.length) }, () => runners.start(setup))
  const post = handOut<Part>(threads, stretches(targets, numbers), signal)
  const stop = (): void => {
    for (const thread of threads) thread.postMessage('stop' satisfies ToRunner)
  }
  signal.addEventListener('abort', stop)
  try {
    for (let done = await post.next(); done !== undefined; done = await post.next()) {
      const target = targets[done.target]
      if (target === undefined) continue
      const outcome = done.outcome ?? (await carryOut(environment, target, options, reporter))
      yield { target: done.target, outcome }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    for (const thread of threads) void thread.terminate()
  }
}

function setupOf(
  { cwd, variables, program, stdout, stderr }: Environment,
  words: readonly string[],
  plan: CheckPlan,
): RunnerSetup {
  const traits = ({ isTerminal, columns }: Output): Pick<Output, 'isTerminal' | 'columns'> => ({ isTerminal, columns })
  return {
    words,
    plan,
    world: { cwd, variables: { ...variables }, program, stdout: traits(stdout), stderr: traits(stderr) },
  }
}

/** Gives each thread the next target when it is ready, and keeps what comes back until it is asked for. */
interface Post<Part> {
  /**
   * Waits for a run that is over, without an outcome if it has failed; undefined if there is none any more: all of them
   * were answered, or because of an interrupt the others were never given to a thread.
   */
  readonly next: () => Promise<{ readonly target: number; readonly outcome?: RunReport<Part> } | undefined>
}

function handOut<Part>(
  threads: readonly Worker[],
  all: readonly (readonly number[])[],
  signal: AbortSignal,
): Post<Part> {
  const nextOf = shares(all)
  const count = all.flat().length
  const done: { readonly target: number; readonly outcome?: RunReport<Part> }[] = []
  const broken: Error[] = []
  let [given, answered] = [0, 0]
  let wake = (): void => undefined
  for (const thread of threads) {
    thread.on('message', ({ target, outcome }: FromRunner<Part>) => {
      if (target !== undefined) done.push({ target, ...(outcome === undefined ? {} : { outcome }) })
      const next = signal.aborted ? undefined : nextOf(thread)
      if (next !== undefined) {
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
  return {
    async next() {
      for (;;) {
        const one = done.shift()
        if (one !== undefined) {
          answered++
          return one
        }
        const [error] = broken
        if (error !== undefined) throw error
        if (answered === given && (given === count || signal.aborted)) return undefined
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
