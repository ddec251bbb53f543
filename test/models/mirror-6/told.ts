/** What a step of mirror-6 tells a recording, and what is kept of each thread for that. */
import type { Frames, Kernel, Moved } from './recorded-kernel.ts'

/** The values of an event. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>

/** The calls of a migration, in their order: what a thread is in, and what it has shown when it comes there. */
export const calls = {
  none: 'migrate_vma_finalize exit',
  setup: 'migrate_vma_setup enter',
  copy: 'migrate_vma_setup exit',
  pages: 'migrate_vma_pages enter',
  map: 'migrate_vma_pages exit',
  finalize: 'migrate_vma_finalize enter',
} as const
export type Phase = keyof typeof calls
export const phases: readonly Phase[] = ['none', 'setup', 'copy', 'pages', 'map', 'finalize']

/** What a thread is at. A call that mirror-6 leaves unfinished, as it models no more of it, keeps its thread for ever. */
export interface Task {
  tid: number
  cmd: 'READ' | 'WRITE' | 'MIGRATE_TO_DEV' | 'none'
  phase: Phase
  /** The number that its bracket gives to callbacks. */
  cur_seq: number
  /** The number that it has sampled, whether it waits then, and whether it has not returned yet. */
  sample: number
  waits: boolean
  begins: boolean
  /** Inside of hmm_range_fault(). */
  walks: boolean
  /** Has read, written or mapped. */
  done: boolean
  /** Has found a page without the right to write, which it has asked for. */
  short: boolean
}

/** The numbers of the core, as the kernel counts them. */
export interface Numbers {
  subs: number
  sub: number
  active: number
}

/** A step, and what it can tell. */
export interface Told extends Frames {
  readonly path: string
  /** A thread of the child, whose memory is not mirrored: a recording has none of its entries. */
  readonly is_child: boolean
  /** The value that a choice of this name had; undefined if the step has none. */
  readonly chosen: (name: string) => unknown
  readonly before: Kernel
  readonly after: Kernel
  readonly thread: number
  readonly task: Task
  readonly numbers: Numbers
  readonly tell: (kind: string, fields?: Fields) => void
  /** The entry of a migration of this thread. */
  readonly moved: (kernel: Kernel) => Moved
  /** The word of a page, in hexadecimal. */
  readonly word: (page: number | null) => string
  /** The page has what the other one has; or zeros. */
  readonly copy: (to: number, from: number | null) => void
  /** A word that nobody has written before. */
  readonly write: (page: number) => string
}
