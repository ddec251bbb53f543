/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads that change the page table under mmap_lock' },
  devices: { sort: 'Device', min: 1, max: 2, summary: 'devices of one driver, each with a worker for its faults' },
  subscriptions: { sort: 'Sub', min: 1, max: 2, summary: 'subscriptions of the driver, each about one address' },
  notifiers: { sort: 'Notifier', min: 1, max: 2, summary: 'classic notifiers: one fails where it must not block' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses' },
}

const sizes = (
  cpus: number,
  devices: number,
  subscriptions: number,
  more: Scenario['sizes'] = {},
): Scenario['sizes'] => ({
  cpus,
  devices,
  subscriptions,
  notifiers: 1,
  addresses: 1,
  ...more,
})
/**
 * The variants of which `recoverable` is asked everywhere: the protocol as it should be, and those that wait for
 * ever.
 */
const hangs = ['fixed']
const plain = { registers: false, subscribes: true, faults: true, 'classic-listed': false, passes: 'one' }
const bare = { ...plain, subscribes: false, faults: false }

export const scenarios: readonly Scenario[] = [
  {
    name: 'fault',
    summary: 'two changes of the page table, and a device that faults, with a subscription that comes and goes',
    threads: ['zap', 'subscriber', 'fault'],
    sizes: sizes(2, 1, 1),
    constants: plain,
  },
  {
    name: 'two-pass',
    summary: 'the same with callbacks in two passes, and one change of the page table at a time',
    threads: ['zap', 'subscriber', 'fault'],
    sizes: sizes(1, 1, 1),
    constants: { ...plain, passes: 'two' },
  },
  {
    name: 'tree',
    summary: 'two changes of the page table, and two subscriptions that come and go',
    threads: ['zap', 'subscriber'],
    sizes: sizes(2, 1, 2),
    constants: { ...plain, faults: false },
  },
  {
    name: 'reaper',
    summary: 'the OOM reaper, whose brackets must not block, and a device that faults',
    threads: ['reap', 'subscriber', 'fault'],
    sizes: sizes(1, 1, 1),
    constants: plain,
  },
  {
    name: 'refused',
    summary: 'the same beside a change of the page table, with a classic notifier that fails where it must not block',
    threads: ['zap', 'reap', 'subscriber', 'fault'],
    sizes: sizes(1, 1, 1),
    constants: { ...plain, 'classic-listed': true },
  },
  {
    name: 'classic',
    summary: 'the OOM reaper and two classic notifiers, one of which fails where it must not block',
    threads: ['zap', 'reap'],
    sizes: sizes(1, 1, 1, { notifiers: 2 }),
    constants: { ...bare, 'classic-listed': true },
  },
  {
    name: 'register',
    summary: 'the first registration, a fault under the lock of its VMA, and nobody else',
    threads: ['cow', 'register'],
    sizes: sizes(1, 1, 1),
    constants: { ...bare, registers: true },
  },
  {
    name: 'register-zap',
    summary: 'the first registration, and a change of the page table under mmap_lock',
    threads: ['zap', 'register'],
    sizes: sizes(1, 1, 1),
    constants: { ...bare, registers: true },
  },
  {
    name: 'crowd',
    summary: 'two changes of the page table, two subscriptions about two addresses, and a device that faults',
    large: true,
    threads: ['zap', 'subscriber', 'fault'],
    sizes: sizes(2, 1, 2, { addresses: 2 }),
    constants: plain,
    without: tooLarge(3_115_524, ...hangs),
  },
]
