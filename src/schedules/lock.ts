/**
 * A lock: a counterexample that is kept for ever, with the property it shows, and the variant on which it must not be
 * possible to follow it.
 */
import type { Schedule } from './schedule.ts'

/** Note on the bug that a lock keeps out. */
export interface LockNote {
  /** One sentence. */
  readonly shows: string
  /** The variant with the correction: in the order of the lock it must not reach the violation. */
  readonly corrected: string
  /** Ids under which the bug is known. */
  readonly bugs?: readonly string[]
  /** Kernels that have it. */
  readonly versions?: string
  /** The commit that corrected it, or of which it is known. */
  readonly commit?: string
  /** The command that found it. */
  readonly command: string
}

/** A schedule that is locked. It is a schedule, too, wherever one is taken. */
export interface Lock extends Schedule {
  readonly lock: LockNote
}

/** A name made of characters that every file system takes, in lower case. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
