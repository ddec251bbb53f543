/** What was checked and what came of it, as plain data: what the formats of whole runs are made of. */
import type { Memory } from '../../analysis/memory.ts'
import type { Warning } from '../../analysis/warning.ts'
import { shownName } from '../../language/claims.ts'
import type { Incomplete, PropertyResult } from '../../explorer/result.ts'
import type { Trace } from '../trace.ts'

export interface ReportedProperty {
  readonly name: string
  readonly kind: PropertyResult['kind']
  /** The sentence of the kernel that claims it. */
  readonly claim?: string
  /** `failed`: a build should fail over it. `expected`: violated, as the catalogue expects. `open`: not decided. */
  readonly judgement: 'passed' | 'expected' | 'failed' | 'open'
  /** `violated in 9 steps`, `holds`, `incomplete: max-states` */
  readonly reason: string
  /** How it is violated; of a relation, how each pair of a cycle comes about. */
  readonly traces: readonly Trace[]
  /** The same, drawn. */
  readonly drawing: readonly string[]
}

export interface ReportedRun {
  readonly model: string
  readonly variant: string
  readonly scenario: string
  /** `cpus=2,devices=1`; empty if there are none. */
  readonly sizes: string
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
    ({ judgement, kind }) => judgement === 'passed' && kind !== 'sometimes' && kind !== 'pair',
  )
  return memory === undefined
    ? []
    : holding.map((property) => `${shownName(property, properties)}: ${property.reason}; memory is taken as ${memory}`)
}

/** `mirror-2017@as-posted, scenario core with cpus=2` */
export function titleOf({
  model,
  variant,
  scenario,
  sizes,
}: Pick<ReportedRun, 'model' | 'variant' | 'scenario' | 'sizes'>): string {
  return `${model}@${variant}, scenario ${scenario}${sizes === '' ? '' : ` with ${sizes}`}`
}
