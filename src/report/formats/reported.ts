/** Runs and their results as plain data; the formats of whole runs are made from it. */
import type { Memory } from '../../analysis/memory.ts'
import type { Warning } from '../../analysis/warning.ts'
import { shownName } from '../../language/claims.ts'
import type { Incomplete } from '../../explorer/result.ts'
import type { JudgedProperty } from '../judged.ts'
import type { Titled } from '../title.ts'
import { kinds } from '../../semantics/kinds/index.ts'
import type { Trace } from '../trace.ts'

export interface ReportedProperty extends Omit<JudgedProperty, 'result'> {
  /** The sentence of the kernel that claims it. */
  readonly claim?: string
  /** The schedules that violate it; for a relation, one for each pair of a cycle. */
  readonly traces: readonly Trace[]
  /** The same, drawn. */
  readonly drawing: readonly string[]
}

export interface ReportedRun extends Titled {
  readonly seconds: number
  /** The command that repeats it. */
  readonly command: string
  /** The memory model that a property that holds assumes, if something is read without a lock. */
  readonly memory?: Memory
  /** Why not every state was visited. */
  readonly incomplete?: Incomplete
  readonly properties: readonly ReportedProperty[]
  readonly warnings: readonly Warning[]
  /** Whether a build should fail over a warning. */
  readonly strict: boolean
}

export interface Reported {
  /** The version of hmmcheck. */
  readonly version: string
  /** When it began: ISO 8601, UTC. */
  readonly started: string
  readonly runs: readonly ReportedRun[]
}

/**
 * The remark on properties that hold, where it matters: memory is assumed to be sequentially consistent.
 */
export function grantedLines({ memory, properties }: ReportedRun): readonly string[] {
  const holding = properties.filter(
    ({ judgement, kind }) => judgement === 'passed' && kinds[kind].outcome === 'violated',
  )
  return memory === undefined
    ? []
    : holding.map(
        (property) => `${shownName(property, properties)}: ${property.reason}; memory is assumed to be ${memory}`,
      )
}
