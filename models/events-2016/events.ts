/**
 * The work in progress on an address: active ranges (brackets that change the page table) and device faults. "A
 * bracket lists its range before it looks at the device faults, and a fault is listed only where it sees no range": so
 * one of them sees the other.
 */
import {
  Acquire,
  and,
  current,
  ForEach,
  If,
  none,
  not,
  or,
  some,
  Step,
  Thread,
  type Block,
  type Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { leaf_section } from 'hmmcheck/kernel'
import { fault_wait, faults_wait_for_migration, hmm_lock, range_recheck, range_wait } from './fixes.ts'
import { device_faults, ranges } from './state.ts'

/** This thread has a bracket open over the address. */
const has_range = (thread: Id<'Thread'>, va: Id<'Va'>): Bool => ranges.at(thread).eq(va)

/** This thread has an event listed over the address. */
const has_event = (thread: Id<'Thread'>, va: Id<'Va'>): Bool => device_faults.at(thread).va.eq(va)

/** Whom a device fault waits for: brackets and, where they are listed, migrations. */
const holds_up_faults = (thread: Id<'Thread'>, va: Id<'Va'>): Bool =>
  or(has_range(thread, va), and(faults_wait_for_migration, device_faults.at(thread).migrates, has_event(thread, va)))

/** Whom a migration waits for. */
const holds_up_migrations = (thread: Id<'Thread'>, va: Id<'Va'>): Bool =>
  or(
    has_range(thread, va),
    and(or(faults_wait_for_migration, device_faults.at(thread).migrates), has_event(thread, va)),
  )

/** mmu_notifier_invalidate_range_start() begins: the range is active. For a step. */
export const list_range = (va: Id<'Va'>): Recorded => ranges.at(current).set(va)

/** mmu_notifier_invalidate_range_end(): the range is not active any more. For a step. */
export const unlist_range = (): Recorded => ranges.at(current).set(none)

/**
 * Waits for the brackets over the address, and lists the event.
 *
 * @param busy what is done if a bracket has come since
 */
export function hmm_device_fault_start(va: Id<'Va'>, busy: Block): void {
  If(range_wait, () =>
    Step('mmu_notifier_range_wait_valid()', () => {
      Acquire(not(some(Thread, (thread) => holds_up_faults(thread, va))), (thread) => holds_up_faults(thread, va))
    }),
  )
  leaf_section(
    'spin_lock(&hmm->lock): if (mmu_notifier_range_is_valid()) list_add_tail(&event->list, &hmm->device_faults)',
    hmm_lock,
    () => {
      Step('if (!mmu_notifier_range_is_valid()) return -EAGAIN', () => {
        If(
          and(
            range_recheck,
            some(Thread, (thread) => holds_up_faults(thread, va)),
          ),
          busy,
        )
      })
      device_faults.at(current).va.set(va)
    },
  )
}

/** For a migration: waits until no work on the address is in progress, and lists the event, all under hmm->lock. */
export const hmm_migration_start = (va: Id<'Va'>): Recorded =>
  Step('hmm_device_fault_start(): list_add_tail(&event->list, &hmm->device_faults)', () => {
    Acquire(not(some(Thread, (thread) => holds_up_migrations(thread, va))), (thread) => holds_up_migrations(thread, va))
    device_faults.at(current).va.set(va)
    device_faults.at(current).migrates.set(true)
  })

/** For a step. */
export function hmm_device_fault_end(): void {
  device_faults.at(current).va.set(none)
  device_faults.at(current).migrates.set(false)
  device_faults.at(current).backoff.set(false)
}

/** Every device fault at the address is asked to stop. For a step; says whether there is one to wait for. */
export const ask_to_back_off = (va: Id<'Va'>): Recorded =>
  ForEach(Thread, (thread) => {
    If(has_event(thread, va), () => device_faults.at(thread).backoff.set(true))
  })

/** Whether a device fault at the address is listed. */
export const device_fault_is_listed = (va: Id<'Va'>): Bool => some(Thread, (thread) => has_event(thread, va))

/** The second half of hmm_wait_device_fault(). */
export const wait_for_device_faults = (va: Id<'Va'>): Recorded =>
  If(fault_wait, () =>
    Step('hmm_wait_device_fault(): wait_event(hmm->wait_queue)', () => {
      Acquire(not(device_fault_is_listed(va)), (thread) => has_event(thread, va))
    }),
  )
