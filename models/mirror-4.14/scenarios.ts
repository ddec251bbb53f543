/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

const sizes = (
  cpus: number,
  devices: number,
  pages: number,
  addresses: number,
  more: { registrars?: number; hmms?: number } = {},
): Scenario['sizes'] => ({ cpus, devices, pages, addresses, registrars: 1, hmms: 1, ...more })

const bound = {
  'bound-at-start': true,
  teardown: false,
  steal: false,
  'driver-calls': 'hmm_vma_get_pfns',
  block: true,
  'cpus-also': 'nothing',
  interrupted: false,
  'unbound-after-exit': false,
  unplugged: false,
  'bind-fails': false,
} as const
const unbound = { ...bound, 'bound-at-start': false }

/**
 * The variants of which `recoverable` is asked everywhere: the protocol as it should be, and those whose bug, or its
 * correction, is a wait or a loop without end.
 */
const hangs = [
  'fixed',
  'without-fault-checks-vma',
  'any-mirror-clears-mm',
  'callback-waits-fixed',
  'unregister-twice-guarded',
]

export const scenarios: readonly Scenario[] = [
  {
    name: 'snapshot',
    summary: 'two CPUs and a bound device at one address, whose driver takes snapshots: the brackets and the callback',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 2, 1),
    constants: bound,
  },
  {
    name: 'fault',
    summary: 'two CPUs and a device whose driver has pages faulted in, with mmap_sem held throughout',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 2, 1),
    constants: { ...bound, 'driver-calls': 'hmm_vma_fault' },
  },
  {
    name: 'nonblocking',
    summary: 'the same, where mmap_sem may be dropped, and the device is unbound and bound meanwhile',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 1, 1, 1),
    constants: { ...bound, 'driver-calls': 'hmm_vma_fault', block: false },
  },
  {
    name: 'rights',
    summary: 'two CPUs that also take and give the right to write, and a device whose driver takes snapshots',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 1, 1),
    constants: { ...bound, 'cpus-also': 'write-protect' },
    without: tooLarge(153_739, ...hangs),
  },
  {
    name: 'rights-fault',
    summary: 'one such CPU, and the driver has pages faulted in, for reading or writing; there is memory enough',
    threads: ['cpu', 'device'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...bound, 'cpus-also': 'write-protect', 'driver-calls': 'hmm_vma_fault' },
  },
  {
    name: 'exit',
    summary: 'the process exits, with two devices bound',
    threads: ['cpu', 'device', 'exit'],
    sizes: sizes(1, 2, 2, 1),
    constants: bound,
  },
  {
    name: 'registration',
    summary: 'two devices are bound and unbound, beside a CPU',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1),
    constants: unbound,
    without: tooLarge(311_278, ...hangs),
  },
  {
    name: 'second-struct',
    summary: 'registration, with memory for a second struct hmm',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1, { hmms: 2 }),
    constants: unbound,
    without: tooLarge(949_191, ...hangs),
  },
  {
    name: 'interrupted',
    summary: 'registration, which a signal may interrupt',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...unbound, interrupted: true },
    without: tooLarge(313_486, ...hangs),
  },
  {
    name: 'teardown',
    summary: 'the process exits while two devices are bound and unbound: every actor',
    threads: ['cpu', 'device', 'registrar', 'exit'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, teardown: true },
    without: tooLarge(338_090, ...hangs),
  },
  {
    name: 'close',
    summary: 'the process exits, and two devices are unbound when its files are closed',
    threads: ['cpu', 'device', 'registrar', 'exit'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, teardown: true, 'unbound-after-exit': true },
  },
  {
    name: 'unplug',
    summary: 'the process exits, and its device is unplugged once no mirror is left',
    threads: ['cpu', 'device', 'exit', 'unplug'],
    sizes: sizes(1, 1, 1, 1),
    constants: { ...bound, unplugged: true },
  },
  {
    name: 'reclaim',
    summary: 'a device is unbound and bound beside two CPUs',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(2, 1, 1, 1),
    constants: bound,
    without: tooLarge(146_839, ...hangs),
  },
  {
    name: 'core',
    summary: 'three CPUs and two devices at one address, and two pages',
    large: true,
    threads: ['cpu', 'device'],
    sizes: sizes(3, 2, 2, 1),
    constants: bound,
    without: tooLarge(34_888_875, ...hangs),
  },
  {
    name: 'registrars',
    summary: 'two drivers register at once, and may be interrupted',
    large: true,
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1, { registrars: 2, hmms: 2 }),
    constants: { ...unbound, interrupted: true },
    without: tooLarge(5_165_421, ...hangs),
  },
]
