/** Threads: what runs concurrently. Their bodies are recorded when a model is built from them. */
import type { Bound, ModelThread as ThreadNode } from './ast.ts'
import { mustBeFunction, mustBeName, mustBeType } from './given.ts'
import { defined } from './definitions.ts'
import { recordBody, type Block, type Nothing } from './recorder.ts'
import type { Id, SortType } from './types/id.ts'

/** A thread as it is declared; several models may have it. */
export interface ThreadDefinition {
  readonly name: string
  record(): ThreadNode
}

export interface ThreadOptions {
  /** Hardware, or a thread that waits for work: it need not end. */
  readonly daemon?: boolean
  /** Why it may end, or rest at an Idle(), with a lock held. Without it that is a warning. */
  readonly keepsLocks?: string
}
export interface CountedThreadOptions extends ThreadOptions {
  /** The number of threads that are alike; one if absent. */
  readonly count?: Bound
}

/** The part of the options that holds for every thread. */
const said = ({ daemon = false, keepsLocks }: ThreadOptions): Pick<ThreadNode, 'daemon' | 'keepsLocks'> => ({
  daemon,
  ...(keepsLocks === undefined ? {} : { keepsLocks }),
})

/** A thread: `thread('munmap', () => { ... })`. */
export function thread(name: string, body: Block, { count, ...options }: CountedThreadOptions = {}): ThreadDefinition {
  mustBeName(name, 'thread')
  mustBeFunction(body, 'thread', 2, 'a body, () => { ... },')
  const isRecorded = defined('thread', name)
  return {
    name,
    record: () => {
      isRecorded()
      return { name, ...(count === undefined ? {} : { count }), ...said(options), ...recordBody(name, false, body) }
    },
  }
}

/** One thread for every element of a sort: `threadPer(Device, 'device_fault', (device) => { ... })`. */
export function threadPer<S extends string>(
  sort: SortType<S>,
  name: string,
  body: (self: Id<S>) => Nothing,
  options: ThreadOptions = {},
): ThreadDefinition {
  mustBeType(sort, 'threadPer', 1)
  mustBeName(name, 'threadPer', 2)
  mustBeFunction(body, 'threadPer', 3, 'a body, (element) => { ... },')
  const isRecorded = defined('thread', name)
  return {
    name,
    record: () => {
      isRecorded()
      return {
        name,
        per: sort.sort,
        ...said(options),
        ...recordBody(name, false, () => body(sort.expr({ kind: 'self' }))),
      }
    },
  }
}
