/**
 * A device goes away: its driver frees it once no mirror is left (hmm_device_unregister of 2015), beside a process
 * that exits.
 * The list of a device's mirrors is the driver's, or in the first series HMM's; its lock is a matter of life.
 */
import {
  and,
  array,
  Assert,
  Await,
  Bool,
  If,
  not,
  procedure,
  shared,
  Step,
  struct,
  threadPer,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, Mutex, mutex_lock, mutex_unlock_and_wake } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { device_spinlock } from './fixes.ts'

/** struct hmm_device. */
const hmm_device = shared(
  'hmm_device',
  array(
    Device,
    struct('hmm_device', {
      lock: Mutex,
      /** Its list of mirrors is empty: that of the one process there is has left it. */
      is_empty: Bool,
      freed: Bool,
    }),
  ),
)

const is_there = (device: Id<'Device'>): Recorded =>
  Assert(no_use_after_kfree.property, not(hmm_device.at(device).freed), 'mutex_unlock(&device->lock): use after free')

/** The mirror leaves the list of its device. */
export const leave_device = procedure(
  'leave_device',
  [Device],
  (device) => {
    const { lock, is_empty } = hmm_device.at(device)
    If(device_spinlock, () =>
      Step('spin_lock(&device->lock): list_del(&mirror->dlist)', () => is_empty.set(true)),
    ).Else(() => {
      mutex_lock(lock)
      Step('list_del(&mirror->dlist)', () => is_empty.set(true))
      mutex_unlock_and_wake(lock, () => is_there(device))
    })
  },
  { source: 'mail of July 2015, hmm_mirror_release' },
)

/** Once it finds the list empty, under the lock, it frees the device. What it finds before makes no difference. */
const hmm_device_unregister = procedure(
  'hmm_device_unregister',
  [Device],
  (device) => {
    const { lock, is_empty, freed } = hmm_device.at(device)
    Step('lock(&device->lock): list_empty(&device->mirrors); unlock(&device->lock)', () => {
      Await(and(lock.owner.isNone, is_empty))
    })
    freed.set(true)
  },
  { source: 'mail of July 2015, hmm_device_unregister' },
)

export const unplug = threadPer(
  Device,
  'unplug',
  (self) => {
    hmm_device_unregister(self)
  },
  { daemon: true },
)
