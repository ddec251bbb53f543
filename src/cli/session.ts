/** Commands that take long: Ctrl-C ends them early, and a line on standard error shows their progress. */
import type { Progress } from '../explorer/result.ts'
import type { Environment } from './environment.ts'
import type { Output } from './output.ts'
import { progressLine } from './progress.ts'

/** Runs some work; its signal is aborted at Ctrl-C. */
export async function interruptible<R>(
  { onInterrupt }: Pick<Environment, 'onInterrupt'>,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const interrupt = new AbortController()
  const release = onInterrupt(() => {
    interrupt.abort()
  })
  return work(interrupt.signal).finally(release)
}

/** A progress line: the name that stands in front of it, and its text. */
export interface ProgressText<Of> {
  readonly name: string
  readonly show: (progress: Of) => string
}

/** Runs some work that reports its progress. The line is gone when the work is over. */
export async function withProgress<Of extends Pick<Progress, 'seconds'>, R>(
  stderr: Output,
  { name, show }: ProgressText<Of>,
  work: (onProgress: (progress: Of) => void) => Promise<R>,
): Promise<R> {
  const line = progressLine(stderr, name, show)
  return work(line.onProgress).finally(line.done)
}

/** Inputs of work that can be interrupted and reports its progress. */
export interface Session<Of> {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Of) => void
}

/** Both together. */
export async function session<Of extends Pick<Progress, 'seconds'>, R>(
  environment: Pick<Environment, 'onInterrupt' | 'stderr'>,
  text: ProgressText<Of>,
  work: (session: Session<Of>) => Promise<R>,
): Promise<R> {
  return interruptible(environment, (signal) =>
    withProgress(environment.stderr, text, (onProgress) => work({ signal, onProgress })),
  )
}
