/** Several runs: whose turn it is to be reported, and the line that says how long the others will take. */
import type { CheckPlan } from './options/check.ts'
import { estimateText, secondsLeft, type Over, type Planned } from './estimate.ts'
import type { Environment } from './environment.ts'
import { showSeconds } from '../report/numbers.ts'
import type { RunReport } from './reporters/reporter.ts'
import type { RunTarget } from './targets.ts'

/** Runs that end in any order. */
interface Turns<Part> {
  readonly over: (target: number, report: RunReport<Part>) => void
  /** All that are over, in the order of the targets. */
  readonly inOrder: () => readonly RunReport<Part>[]
}

/**
 * Reports runs that end in any order.
 *
 * @param turns the numbers of the targets, in the order in which they are reported; undefined reports each at once
 */
export function inTurn<Part>(
  turns: readonly number[] | undefined,
  report: (one: RunReport<Part>) => void,
): Turns<Part> {
  const all = new Map<number, RunReport<Part>>()
  let reported = 0
  return {
    over(target, one) {
      all.set(target, one)
      if (turns === undefined) {
        report(one)
        return
      }
      for (let next = turnOf(turns, reported, all); next !== undefined; next = turnOf(turns, reported, all)) {
        reported++
        report(next)
      }
    },
    inOrder: () => [...all].toSorted(([a], [b]) => a - b).map(([, one]) => one),
  }
}

const turnOf = <Report>(turns: readonly number[], at: number, all: ReadonlyMap<number, Report>): Report | undefined => {
  const number = turns[at]
  return number === undefined ? undefined : all.get(number)
}

/** The number of threads in which so many runs go side by side. */
export function threadsFor(
  { runners }: Pick<Environment, 'runners'>,
  { workers, maxMemory }: Pick<CheckPlan, 'workers' | 'maxMemory'>,
  runs: number,
): number {
  if (runners === undefined || maxMemory !== undefined) return 1
  return Math.min(workers ?? runners.count, runners.count, runs)
}

/** The line about all runs, on a terminal. */
interface RunsProgress {
  /** Whether there is one: then single runs have none. */
  readonly isDrawn: boolean
  readonly over: (target: number, seconds: number) => void
  /** Leaves the terminal as if nothing had been there, until the line is drawn again. */
  readonly hide: () => void
  readonly end: () => void
}

/** Milliseconds from one line to the next. */
const TICK = 500

/**
 * A line on standard error that is written over: how many runs are over, and an estimate of the time to the end. Only on
 * a terminal, and if there are several runs.
 */
export function runsProgress(
  { stderr, runners }: Pick<Environment, 'stderr' | 'runners'>,
  targets: readonly RunTarget[],
  isOne: boolean,
): RunsProgress {
  if (isOne || targets.length < 2 || !stderr.isTerminal)
    return { isDrawn: false, over: () => undefined, hide: () => undefined, end: () => undefined }
  const planned = targets.map(
    ({ setting }): Planned => ({ model: setting.protocol.name, scenario: setting.scenario.name }),
  )
  const over = new Map<number, Over>()
  const start = performance.now()
  const draw = (): void => {
    const left = planned.filter((_, n) => !over.has(n))
    const text = estimateText(
      over.size,
      planned.length,
      showSeconds((performance.now() - start) / 1000),
      secondsLeft([...over.values()], left, runners?.count ?? 1),
    )
    stderr.write(`\r${text.slice(0, (stderr.columns ?? 80) - 1)}\u001b[K`)
  }
  const timer = setInterval(draw, TICK)
  const hide = (): void => {
    stderr.write('\r\u001b[K')
  }
  return {
    isDrawn: true,
    over(target, seconds) {
      const one = planned[target]
      if (one !== undefined) over.set(target, { ...one, seconds })
      draw()
    },
    hide,
    end() {
      clearInterval(timer)
      hide()
    },
  }
}
