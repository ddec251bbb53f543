/** What was checked and what came of it, as plain data: what the formats of whole runs are made of. */
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
  /** How it is violated; of a relation, how each pair of a cycle comes about. */
  readonly traces: readonly Trace[]
  /** The same, drawn. */
  readonly drawing: readonly string[]
}

export interface ReportedRun extends Titled {
  readonly seconds: number
  /** That repeats it. */
  readonly command: string
  /** What a property that holds takes memory for, where something is read without a lock. */
  readonly memory?: Memory
  /** Why not every state was visited. */
  readonly incomplete?: Incomplete
  readonly properties: readonly ReportedProperty[]
  readonly warnings: readonly Warning[]
  /** Whether a build should fail over a warning. */
  readonly strict: boolean
}

export interface Reported {
  /** Of hmmcheck. */
  readonly version: string
  /** When it began: ISO 8601, UTC. */
  readonly started: string
  readonly runs: readonly ReportedRun[]
}

/**
 * What is to be said of the properties that hold: that memory is taken as sequentially consistent, where that
 * matters.
 */
export function grantedLines({ memory, properties }: ReportedRun): readonly string[] {
  const holding = properties.filter(
    ({ judgement, kind }) => judgement === 'passed' && kinds[kind].outcome === 'violated',
  )
  return memory === undefined
    ? []
    : holding.map((property) => `${shownName(property, properties)}: ${property.reason}; memory is taken as ${memory}`)
}
