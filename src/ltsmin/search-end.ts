/**
 * How a search by LTSmin has ended, by its counters alone: its exit codes do not tell a violation from a success, nor
 * either from a failure. A search is complete only if it says so itself, and all of its ranks do, and the numbers
 * agree.
 */
import { UsageError } from '../catalogue/usage.ts'
import type { Log, Total } from './log.ts'
import type { Exit } from './running.ts'
import type { LtsminEngine } from './engines.ts'

export interface ExpectedEnd {
  readonly engine: LtsminEngine
  readonly ranks: number
  /** Initial states that are successors of a state which is none of the model's; else 0. */
  readonly before: number
}

/** `complete`: every state was expanded. `full`: memory, or a table, was not enough. */
export type SearchEnd = { readonly kind: 'complete'; readonly total: Total } | { readonly kind: 'full' }

/**
 * How a search has ended that nobody has ended.
 *
 * @throws UsageError HMM307 if a rank or a host was lost; HMM308 if what the ranks say is not what LTSmin says
 */
export function searchEndOf(log: Log, exit: Exit, { engine, ranks, before }: ExpectedEnd): SearchEnd {
  const [total] = log.totals
  if (log.full !== undefined) return { kind: 'full' }
  if (log.totals.length > 1)
    throw new UsageError(
      'HMM308',
      `${log.totals.length} of ${ranks} ranks have searched alone: MPI has not joined them`,
      {
        cause: 'the mpirun in PATH is not of the Open MPI that LTSmin was built with',
        remedy: 'put the mpirun of that Open MPI first in PATH',
      },
    )
  if (total === undefined || log.ranks.length < ranks) throw lost(log, exit, engine, ranks)
  const counted = {
    states: sum(log.ranks.map(({ states }) => states)),
    transitions: sum(log.ranks.map(({ transitions }) => transitions)),
  }
  const isBefore = before > 0 ? 1 : 0
  const told = { states: total.states - isBefore, transitions: total.transitions - before }
  if (
    log.ranks.length !== ranks ||
    log.ranks.some(({ isEnded }) => isEnded) ||
    counted.states !== told.states ||
    counted.transitions !== told.transitions
  )
    throw new UsageError(
      'HMM308',
      `LTSmin says ${told.states} states and ${told.transitions} transitions; ${log.ranks.length} of ${ranks} ranks have expanded ${counted.states} and ${counted.transitions}`,
      'run it again; if the numbers differ again, this LTSmin can not be trusted',
    )
  return { kind: 'complete', total: told }
}

/**
 * Whether the processes of a run that stops at what it finds have got out of step: one of several has not come to its
 * end. `pins2lts-mc` does that: if one process finds something at the beginning of a level, another may not begin the
 * level, and they abort (`inconsistent op`) when they next wait for each other. A single process cannot.
 */
export const isOutOfStep = (log: Log, { engine, ranks }: ExpectedEnd): boolean =>
  engine === 'ltsmin-mc' && ranks > 1 && log.full === undefined && !isWhole(log, ranks)

/** Whether a search, and all of its ranks, have said how they ended. */
const isWhole = ({ totals, ranks: ended }: Log, ranks: number): boolean => totals.length > 0 && ended.length >= ranks

/**
 * How a run has ended that was to end before its search: all ranks have said so, or memory was not enough.
 *
 * @throws UsageError HMM307
 */
export function endedRun(log: Log, exit: Exit, { engine, ranks }: ExpectedEnd): SearchEnd | undefined {
  if (log.full !== undefined) return { kind: 'full' }
  if (!isWhole(log, ranks)) throw lost(log, exit, engine, ranks)
  return undefined
}

/** The error that a search ended before it was over, and nobody had asked it to. */
function lost(
  { faults, last, ranks: ended, explored }: Log,
  { code, signal }: Exit,
  engine: string,
  ranks: number,
): UsageError {
  const lines = faults.length > 0 ? faults : last
  const isKilled = lines.some((line) => /signal 9|[Kk]illed/.test(line)) || signal === 'SIGKILL'
  return new UsageError(
    'HMM307',
    `LTSmin has ended before its search, with ${ended.length} of ${ranks} ranks, after some ${explored.states} states (exit code ${code ?? signal})`,
    {
      cause: [
        isKilled ? 'a process was killed, which the system does if memory runs out' : 'a rank, or its host, was lost',
        ...lines.map((line) => `  ${line}`),
      ].join('\n'),
      remedy:
        engine === 'ltsmin'
          ? 'more hosts, or fewer ranks on each: --hosts FILE; nothing is known of the properties'
          : 'less memory for the table: --max-memory; nothing is known of the properties',
    },
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
