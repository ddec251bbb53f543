/** The skeleton of a driver whose file is closed: the order in which it takes down what mirrors a process. */
import { If, Step, yes, type Bool as Condition, type Nothing } from '../language/index.ts'

/** What a driver puts into `driver_release`. */
export interface DriverRelease {
  /**
   * Ends what still uses the driver's table, before the notifiers go: queues of the device are stopped, its faults
   * and work of the driver have come to their end. A driver of which only calls through the file use the table needs
   * none: the last fput() comes after them.
   */
  readonly quiesce?: () => void
  /**
   * mmu_interval_notifier_remove() of each subscription, or mmu_notifier_unregister(): it waits until no callback of it
   * runs, nor can begin. Not under a lock that the callback takes.
   */
  readonly remove: () => void
  /** Whether it does so; it does, if it is left out. */
  readonly removes?: Condition
  /** `driver_evict`, again and again: no page of device memory names the driver any more. In 6.1.192 and 6.12.117. */
  readonly evict?: () => void
  /** For a step: the table and the object are freed. */
  readonly free: () => Nothing
  /** The names of what frees them, for the label of that step. */
  readonly frees: string
}

/**
 * file_operations.release, as dmirror_fops_release() is: the notifiers, then the device memory, then the object that
 * both lead to. For the thread of the last fput(), when no call through the file runs. The process may live on, in its
 * exit or in a child that has inherited the file, so that faults of its CPUs still find device memory until that has
 * gone.
 */
export function driver_release({ quiesce, remove, removes = yes, evict, free, frees }: DriverRelease): void {
  quiesce?.()
  If(removes, remove)
  evict?.()
  Step(frees, free)
}
