/**
 * The data of a page: one run, as plain JSON that knows nothing of the language. `record.ts` makes it from a run that
 * the reference interpreter has played; the app in the browser draws it and computes nothing about the model.
 *
 * A state is a list of cells. A document has the values of the first state, and for each step the cells that it
 * changed, so that a long run stays small. Equal values are stored once: cells and changes hold indices of `values`.
 *
 * Moments are numbers of states: 0 is the initial state, `n` is the state after step `n`. Steps are counted from 1 in
 * every text and link; `steps[0]` is step 1.
 */
import type { PlannedMemory } from './planned.ts'

/** The number of the form. A page and its data are one file, so there is only one form at a time. */
export const PAGE_SCHEMA = 1

/** An element of a sort: `['Page', 0]`. */
export type PageTarget = readonly [sort: string, id: number]

/** A value of a cell. */
export interface PageValue {
  /** As a reader of the kernel would write it: `present(page 0, write)`. */
  readonly text: string
  /** The elements that it names, in the order of the text; absent if it names none. */
  readonly refs?: readonly PageTarget[]
  /** The case of a union; `none` of an empty optional. */
  readonly tag?: string
}

/** The part of the state that a cell belongs to, for the tree of the state. */
export const CELL_GROUPS = ['page tables', 'pages', 'locks', 'other', 'ghosts', 'locals'] as const
export type CellGroup = (typeof CELL_GROUPS)[number]

/** The smallest part of the state that changes as one. */
export interface PageCell {
  /** `driver[0].pte[1]`; of a local, `cpu[0]: va`. */
  readonly path: string
  /** The names from the variable to the cell, as the tree shows them: `driver`, `[0]`, `.pte`, `[1]`. */
  readonly parts: readonly string[]
  readonly group: CellGroup
  readonly ghost?: true
  /** It is computed from others for the picture of memory, and no part of the state. */
  readonly derived?: true
}

/** A thread at a lock. */
export interface PageLock {
  readonly thread: number
  /** `mm.mmap_sem` */
  readonly lock: string
  /** `writer`, `readers`; empty for a plain owner. */
  readonly role: string
  readonly waits: boolean
}

/** A stretch of steps in which a thread is between the start and the end of a notifier's bracket. */
export interface PageSpan {
  readonly thread: number
  /** What it is about: `bracket[0]: va 0`. */
  readonly text: string
  /** The first state in which it is open. */
  readonly from: number
  /** The last one. */
  readonly to: number
}

export interface PageLine {
  readonly file: string
  readonly line: number
}

export interface PageStep {
  /** Index of `threads`. */
  readonly thread: number
  /** In the words of the kernel, with the value of a call. */
  readonly label: string
  /** `page 0`, `freed_at_once = yes` */
  readonly choices: readonly string[]
  /** The statement in the thread's text. */
  readonly path: string
  /** The kernel function that it stands for, with its version. */
  readonly kernel?: string
  /** The line of the model. */
  readonly place?: PageLine
  /** The cells that it changed, and their values after it. */
  readonly changes: readonly (readonly [cell: number, value: number])[]
  /** The thread's own locals that changed, without those that were chosen: `still_none = yes`. */
  readonly locals?: readonly string[]
  /** Every lock that is held or waited for after it; absent if nothing of that changed. */
  readonly locks?: readonly PageLock[]
  /** What a thread would do next from here, for the threads of which that changed. */
  readonly next: Readonly<Record<number, string>>
  /** The message of the step, if it leads to no state. */
  readonly fails?: string
}

export interface PageThread {
  /** `cpu[0]` */
  readonly name: string
  /** The thread of the model that it is an instance of: `cpu`. */
  readonly kind: string
  /** Whether a step of the run is its own. */
  readonly acts: boolean
}

export interface PageProperty {
  readonly name: string
  /** A phrase: `a condition of every state`. */
  readonly meaning: string
  /** The sentence of the kernel that claims it. */
  readonly claim?: string
  /** The moments at which it does not hold, in order. */
  readonly falseAt: readonly number[]
  readonly message?: string
}

/** The race behind a violation, as numbers of steps. */
export interface PageRace {
  readonly cell: string
  readonly read: number
  readonly write: number
  readonly relies: number
  readonly text: string
}

/** The end of the run: what it was recorded for, and whether it shows it. */
export interface PageVerdict {
  readonly outcome: 'violated' | 'witnessed' | 'refused' | 'open'
  readonly property: string
  /** One sentence without a stop. */
  readonly text: string
  /** Where each thread stands that can't go on. */
  readonly standing: readonly string[]
}

/** Lines of a source file. Gaps between the parts are not in the document. */
export interface PageSource {
  readonly file: string
  readonly parts: readonly { readonly from: number; readonly lines: readonly string[] }[]
}

export interface PageDocument {
  readonly schema: typeof PAGE_SCHEMA
  /** The version of hmmcheck. */
  readonly version: string
  readonly model: string
  readonly variant: string
  readonly scenario: string
  /** `cpus=2,devices=1` */
  readonly sizes: string
  readonly verdict: PageVerdict
  /** The command that repeats it. */
  readonly command: string
  readonly threads: readonly PageThread[]
  readonly values: readonly PageValue[]
  readonly cells: readonly PageCell[]
  /** For each cell, its first value. */
  readonly initial: readonly number[]
  readonly initialLocks: readonly PageLock[]
  readonly initialNext: Readonly<Record<number, string>>
  readonly steps: readonly PageStep[]
  readonly spans: readonly PageSpan[]
  readonly properties: readonly PageProperty[]
  readonly race?: PageRace
  readonly memory: PlannedMemory
  readonly sources: readonly PageSource[]
  /** The run in other forms, to be saved from the page. */
  readonly exports: { readonly text: string; readonly mermaid: string; readonly schedule: string }
}
