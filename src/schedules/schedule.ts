/**
 * A schedule as a value: who does what, one transition after the other, and what that shows. It holds no state, so it
 * survives every change of layout.
 */
import type { ScheduleProperty } from '../semantics/counterexample.ts'
import type { Choice } from '../semantics/machine.ts'

/** The members, sizes and constants that the schedule belongs to. */
export interface ScheduleConfiguration {
  /** The name of the scenario. */
  readonly scenario: string
  /** By parameter, as on the command line: `{ "cpus": 2 }`. */
  readonly sizes: Readonly<Record<string, number>>
  /** The constants that variant and scenario set. Kept so that a change of them can be named. */
  readonly constants: Readonly<Record<string, boolean | number | string>>
  /** The threads that take part; null if all do. */
  readonly threads: readonly string[] | null
}

export type { ScheduleProperty }

/** One transition. */
export interface ScheduleStep {
  /** The thread instance: `cpu[0]`. */
  readonly thread: string
  readonly path: string
  readonly label: string
  readonly choices: readonly Choice[]
  /** Only where thread, path, label and choices name several transitions: which of them, from 0. */
  readonly branch?: number
}

/**
 * The number of the form that schedules and locks are stored in. It grows by one whenever the form changes. A file of
 * another number is refused with the command that makes it again (HMM226).
 */
export const SCHEMA = 1

export interface Schedule {
  readonly schema: typeof SCHEMA
  readonly model: string
  readonly variant: string
  readonly configuration: ScheduleConfiguration
  /** Digest of the behaviour of the configured model and of this property, see `digestOf`. */
  readonly digest: string
  readonly property: ScheduleProperty
  /** The choices that lead to the initial state. */
  readonly initial: { readonly choices: readonly Choice[]; readonly branch?: number }
  readonly steps: readonly ScheduleStep[]
}
