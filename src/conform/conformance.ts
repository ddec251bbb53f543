/** What a model needs, beside its text, to be compared with recordings. */
import type { Configuration, Model } from '../language/ast.ts'
import type { Freed } from './lives.ts'
import type { RecordedEvent } from './recording.ts'

/** Events of this kind, and in particular those with these values in their fields. */
export interface EventPattern {
  readonly kind: string
  readonly where?: Readonly<Record<string, string | number | boolean | null>>
}

/** A setting of the constants of the model: a kernel. */
export interface ConformanceVariant {
  readonly name: string
  readonly summary: string
  readonly constants: Configuration['constants']
}

/**
 * A model whose steps declare events (`Shows`). Its first thread has as many instances as a sort has elements; each
 * stands for a thread of the recording.
 */
export interface ConformanceModel {
  readonly name: string
  readonly title: string
  readonly model: () => Model
  /** The first one is meant where none is named. */
  readonly variants: readonly ConformanceVariant[]
  /** Kinds of events that no step declares, each with the reason why they may be ignored. */
  readonly ignored: Readonly<Record<string, string>>
  /** What is out of scope, with the reason: a recording that has it is refused. */
  readonly refused: readonly (EventPattern & { readonly reason: string })[]
  /** The same, of what events say together: the event that shows it. */
  readonly refusedTogether?: readonly {
    readonly first: (events: readonly RecordedEvent[]) => RecordedEvent | undefined
    readonly reason: string
  }[]
  /** Where a recording gives objects free, so that it can use their names for others. Without it, it never does. */
  readonly freed?: (events: readonly RecordedEvent[]) => readonly Freed[]
}
