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
const hangs = ['fixed', 'without-fault-checks-vma', 'any-mirror-clears-mm', 'unregister-twice-guarded']

export const scenarios: readonly Scenario[] = [
  {
    name: 'snapshot',
    summary: 'two CPUs and a bound device at one address, whose driver takes snapshots: the brackets and the callback',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 2, 1),
    constants: bound,
  },
  {
    name: 'nonblocking-fault',
    summary:
      'a device whose driver has pages faulted in, with mmap_sem dropped at times, is unbound and bound beside a CPU',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 1, 1, 1),
    constants: { ...bound, 'driver-calls': 'hmm_vma_fault', block: false },
  },
  {
    name: 'rights',
    summary:
      'two CPUs that also take and give the right to write, and a device whose driver has pages faulted in, for ' +
      'reading or writing',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 1, 1),
    constants: { ...bound, 'cpus-also': 'write-protect', 'driver-calls': 'hmm_vma_fault' },
    without: tooLarge(201_237, ...hangs),
  },
  {
    name: 'rights-alone',
    summary: 'one such CPU, and memory enough',
    threads: ['cpu', 'device'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...bound, 'cpus-also': 'write-protect', 'driver-calls': 'hmm_vma_fault' },
  },
  {
    name: 'oom',
    summary: 'the OOM reaper runs, beside two devices',
    threads: ['cpu', 'device'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, 'cpus-also': 'oom-reaper' },
  },
  {
    name: 'oom-write',
    summary:
      'two CPUs, on which the OOM reaper runs and the process writes to a file, and a bound device whose driver ' +
      'takes snapshots',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 1, 1),
    constants: { ...bound, 'cpus-also': 'oom-write' },
  },
  {
    name: 'huge-pages',
    summary: 'two CPUs on which huge pages are made and migrated, and a bound device whose driver takes snapshots',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 2, 1),
    constants: { ...bound, 'cpus-also': 'huge-pages' },
    without: tooLarge(238_089, ...hangs),
  },
  {
    name: 'oom-registration',
    summary: 'the OOM reaper runs, while a device is unbound and bound',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 1, 1, 1),
    constants: { ...bound, 'cpus-also': 'oom-reaper' },
  },
  {
    name: 'values',
    summary:
      'entries become special, poisoned or device-private, and vmas those of a driver; a device whose driver ' +
      'takes snapshots',
    threads: ['cpu', 'device'],
    sizes: sizes(1, 1, 1, 1),
    constants: { ...bound, 'cpus-also': 'special-entries' },
  },
  {
    name: 'values-fault',
    summary: 'the same with two CPUs, and the driver has pages faulted in',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 1, 1),
    constants: { ...bound, 'cpus-also': 'special-entries', 'driver-calls': 'hmm_vma_fault' },
    without: tooLarge(327_955, ...hangs),
  },
  {
    name: 'exit',
    summary: 'the process exits, with two devices bound',
    threads: ['cpu', 'device', 'exit'],
    sizes: sizes(1, 2, 1, 1),
    constants: bound,
  },
  {
    name: 'registration',
    summary: 'two devices are bound and unbound, beside a CPU',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1),
    constants: unbound,
    without: tooLarge(137_957, ...hangs),
  },
  {
    name: 'failed-bind',
    summary: 'two devices are bound, which may fail after the registration, and unbound, beside a CPU',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...unbound, 'bind-fails': true },
    without: tooLarge(152_549, ...hangs),
  },
  {
    name: 'second-struct',
    summary: 'registration, with memory for a second struct hmm, and a signal may interrupt it',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1, { hmms: 2 }),
    constants: { ...unbound, interrupted: true },
    without: tooLarge(433_123, ...hangs),
  },
  {
    name: 'teardown',
    summary: 'the process exits while two devices are bound and unbound: every actor',
    threads: ['cpu', 'device', 'registrar', 'exit'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, teardown: true },
    without: tooLarge(162_982, ...hangs),
  },
  {
    name: 'close',
    summary: 'the process exits, and two devices are unbound when its files are closed',
    threads: ['cpu', 'device', 'registrar', 'exit'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, teardown: true, 'unbound-after-exit': true },
  },
  {
    name: 'reclaim',
    summary: 'a device is unbound and bound beside two CPUs',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(2, 1, 1, 1),
    constants: bound,
  },
  {
    name: 'two-registrars',
    summary: 'two drivers register at once, and may be interrupted; with memory for one struct hmm',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1, { registrars: 2 }),
    constants: { ...unbound, interrupted: true },
    without: tooLarge(455_579, ...hangs),
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
    without: tooLarge(2_341_011, ...hangs),
  },
]
