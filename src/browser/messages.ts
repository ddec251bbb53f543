/**
 * What a page and its worker say to each other. The page asks, each question has a number, and the worker answers it
 * once; while it works on a long one it reports progress, and listens to `stop`. All of it is plain data.
 */
import type { PageDocument } from '../page/document.ts'
import type { Incomplete, Verdict } from '../explorer/result.ts'
import type { PropertyKind } from '../language/ast.ts'
import type { ModelRecording } from './recording.ts'

/** Which configuration of the protocol is explored. What is left out is the protocol's default, or the variant's. */
export interface OpenNames {
  readonly variant?: string
  readonly scenario?: string
  /** Sizes that differ from the scenario's, by parameter. */
  readonly sizes?: Readonly<Record<string, number>>
  /** Fixes that differ from the variant's. */
  readonly fixes?: Readonly<Record<string, boolean>>
}

/** How a violation is looked for: at random, within a budget, or level by level, which finds the nearest. */
export type FallWay = 'random' | 'nearest'

/** A question. */
export type Question =
  /** Opens a protocol. It is the first question. */
  | { readonly kind: 'open'; readonly recording: ModelRecording; readonly names: OpenNames }
  /** Turns to another configuration, and does there what was done here, as far as that is possible. */
  | { readonly kind: 'switch'; readonly names: OpenNames }
  /** Begins in an initial state, by its number. */
  | { readonly kind: 'begin'; readonly initial: number }
  /** Takes a transition of a thread, by its number among those of the thread in the present state. */
  | { readonly kind: 'take'; readonly thread: number; readonly ordinal: number }
  /** Goes to a node of the tree. */
  | { readonly kind: 'go'; readonly node: number }
  /** Takes this many transitions at random, or fewer if one violates a property or nothing is enabled. */
  | { readonly kind: 'walk'; readonly steps: number; readonly seed: number }
  /**
   * Goes on from the present state until a property is violated.
   *
   * `property`: the one that must be; any, if absent. `runs` and `maxSteps` are the budget of random walks.
   */
  | {
      readonly kind: 'fall'
      readonly way: FallWay
      readonly property?: string
      readonly runs: number
      readonly maxSteps: number
      readonly seed: number
    }
  /** Explores every reachable state, and judges every property. */
  | { readonly kind: 'check'; readonly maxStates?: number }
  /** Follows the counterexample, or the witness, that the last check has found for a property. */
  | { readonly kind: 'follow'; readonly property: string }
  /** Follows a schedule, or a lock, as far as it can be. */
  | { readonly kind: 'load'; readonly text: string; readonly file: string }
  /** The steps up to the present state as a schedule. */
  | { readonly kind: 'save' }

/** What the page sends. `stop` ends the question that is being worked on, which is answered all the same. */
export type ToPageWorker = { readonly id: number; readonly question: Question } | 'stop'

/** A choice of a configuration: its name, and what it means. */
export interface Option {
  readonly name: string
  readonly summary: string
}

/** A fix, and whether the configuration has it. */
export interface FixSwitch extends Option {
  readonly on: boolean
  /** What kind of fix it is, in the words of the catalogue. */
  readonly what: string
}

/** The protocol, and the configuration that is open. */
export interface ShownSetting {
  readonly model: string
  readonly title: string
  readonly variants: readonly Option[]
  readonly scenarios: readonly Option[]
  readonly parameters: readonly (Option & { readonly min: number; readonly max: number; readonly size: number })[]
  readonly fixes: readonly FixSwitch[]
  /** Undefined if no variant has these fixes: such a configuration can be explored, and not saved. */
  readonly variant: string | undefined
  readonly scenario: string
  /** The claims that one run can violate. */
  readonly properties: readonly string[]
  /** Initial states, by what is chosen in them; one that chooses nothing is empty. */
  readonly initial: readonly string[]
}

/** A transition that a thread can take. */
export interface HandMove {
  readonly ordinal: number
  /** In the words of the kernel. */
  readonly label: string
  /** `page 0`, `freed_at_once = yes` */
  readonly choices: readonly string[]
  /** The kernel function that it stands for, with its version. */
  readonly kernel?: string
  /** `models/mirror-2017/cpu.ts:31` */
  readonly place?: string
  /** What fails in it; it then leads to no state, or only breaks an assertion. */
  readonly fails?: string
  /** The node that it has led to before. */
  readonly node?: number
}

/** What a thread can do in the present state. */
export interface ThreadMoves {
  readonly thread: number
  /** `cpu[0]` */
  readonly name: string
  /** The statement that it stands at; empty at its end. */
  readonly at: string
  /** `rests`: it may stay there for ever, and may have moves. */
  readonly state: 'ready' | 'waits' | 'rests' | 'ended'
  readonly moves: readonly HandMove[]
  /** Why it waits, a sentence for each guard: who holds the lock, or which condition must hold. */
  readonly reasons: readonly string[]
}

/** A node of the tree of what was done. */
export interface HistoryNode {
  readonly id: number
  /** None of an initial state. */
  readonly parent?: number
  /** Index of the thread; none of an initial state. */
  readonly thread?: number
  readonly label: string
  /** The names of what it violates. */
  readonly violated: readonly string[]
}

/** All that the page shows of what was done. */
export interface Scene {
  readonly setting: ShownSetting
  /** The present state. */
  readonly node: number
  /** The nodes from an initial state through the present one, and on as it went from there. */
  readonly path: readonly number[]
  /** The run of `path`; absent if it is the one of the last answer. */
  readonly document?: PageDocument
  readonly tree: readonly HistoryNode[]
  /** What each thread can do in the present state. */
  readonly threads: readonly ThreadMoves[]
}

/** A property, as the last check judges it. */
export interface CheckedProperty {
  readonly name: string
  readonly kind: PropertyKind
  readonly verdict: Verdict
  /** A phrase: `a condition of every state`. */
  readonly meaning: string
  /** Steps of its counterexample or witness. */
  readonly steps?: number
  /** Why it was not judged. */
  readonly why?: string
}

/** What a check has found. */
export interface Judged {
  readonly verdict: 'violated' | 'holds' | 'incomplete' | 'not-found'
  readonly incomplete?: Incomplete
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly seconds: number
  /** Seconds of the search alone. */
  readonly searchSeconds: number
  readonly properties: readonly CheckedProperty[]
  /** `HMM061: ...` */
  readonly warnings: readonly string[]
  /** Steps of the text that no reachable state takes. */
  readonly neverTaken: number
}

/** An answer. */
export type Answer =
  /** `note`: what came of the question, in a sentence; `isBad`: it is not what was asked for. */
  | { readonly kind: 'scene'; readonly scene: Scene; readonly note?: string; readonly isBad?: boolean }
  | { readonly kind: 'judged'; readonly judged: Judged }
  | { readonly kind: 'saved'; readonly file: string; readonly text: string; readonly note?: string }
  /** A mistake of the user, or of the model: `HMM222: ...`. */
  | { readonly kind: 'refused'; readonly message: string }

/** How far a long question has come. */
export interface WorkProgress {
  readonly states: number
  readonly seconds: number
  /** Of a check. */
  readonly depth?: number
  readonly queue?: number
  /** Of random walks. */
  readonly runs?: number
}

/** What the worker sends. */
export type FromPageWorker =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly progress: WorkProgress }
