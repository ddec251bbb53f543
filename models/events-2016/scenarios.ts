/** Who takes part, and how many: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 4, summary: 'CPUs that fault' },
  devices: { sort: 'Device', min: 1, max: 4, summary: 'devices that fault, read and write' },
  pages: { sort: 'Page', min: 1, max: 4, summary: 'physical pages, of the system or of a device' },
  addresses: { sort: 'Va', min: 1, max: 4, summary: 'virtual addresses' },
  hmms: { sort: 'Hmm', min: 1, max: 2, summary: 'struct hmm that there is memory for' },
}

const sizes = (cpus: number, devices: number, pages: number, addresses: number, hmms = 1): Scenario['sizes'] => ({
  cpus,
  devices,
  pages,
  addresses,
  hmms,
})

const plain = {
  'device-memory': false,
  rights: false,
  'dirty-bits': false,
  'may-fail': false,
  forks: false,
  zaps: true,
  faults: true,
  munmaps: true,
  lifetimes: false,
  unbinds: true,
  'bound-at-start': true,
  steal: false,
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'mirror',
    summary: 'brackets and device faults at one address; the driver may fail',
    threads: ['cpu', 'user', 'device', 'device_access', 'unmap', 'reclaim'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...plain, 'may-fail': true },
  },
  {
    name: 'dirty',
    summary: 'pages are written by CPU and device, written back and reclaimed, and soft-dirty tracking begins anew',
    threads: ['cpu', 'user', 'device', 'device_access', 'reclaim', 'clear_refs'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...plain, rights: true, 'dirty-bits': true, zaps: false },
  },
  {
    name: 'migrate',
    summary: 'memory moves to the device and back, beside munmap and MADV_DONTNEED',
    threads: ['cpu', 'user', 'device', 'device_access', 'migrate', 'unmap'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...plain, 'device-memory': true },
  },
  {
    name: 'failures',
    summary: 'the same, with a driver whose copies and updates may fail',
    threads: ['cpu', 'user', 'device', 'device_access', 'migrate', 'unmap'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...plain, 'device-memory': true, 'may-fail': true },
  },
  {
    name: 'dirty-memory',
    summary: 'memory that was in the device is reclaimed',
    threads: ['cpu', 'user', 'device_access', 'migrate', 'reclaim'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...plain, 'device-memory': true, 'dirty-bits': true, faults: false, zaps: false },
  },
  {
    name: 'faulters',
    summary: 'two CPUs fault on one device entry',
    threads: ['cpu', 'user', 'device_access', 'migrate'],
    sizes: sizes(2, 1, 2, 1),
    constants: { ...plain, 'device-memory': true, faults: false, zaps: false },
  },
  {
    name: 'pinned',
    summary: 'memory moves to the device while somebody holds a reference to the page',
    threads: ['cpu', 'user', 'device', 'device_access', 'migrate', 'unmap', 'pin'],
    sizes: sizes(1, 1, 2, 1),
    constants: { ...plain, 'device-memory': true, munmaps: false },
  },
  {
    name: 'two-mirrors',
    summary: 'two devices mirror the process, and each takes memory',
    threads: ['cpu', 'user', 'device', 'device_access', 'migrate'],
    sizes: sizes(1, 2, 2, 1),
    constants: { ...plain, 'device-memory': true, zaps: false, munmaps: false },
  },
  {
    name: 'fork',
    summary: 'the process forks while its memory is here or in the device',
    threads: ['cpu', 'user', 'device', 'device_access', 'migrate', 'fork', 'child'],
    sizes: sizes(1, 1, 3, 1),
    constants: { ...plain, 'device-memory': true, rights: true, forks: true, zaps: false },
  },
  {
    name: 'copies',
    summary: 'two CPUs copy what the process shares with its child',
    threads: ['cpu', 'user', 'device', 'device_access', 'fork', 'child'],
    sizes: sizes(2, 1, 3, 1),
    constants: { ...plain, rights: true, forks: true, zaps: false },
  },
  {
    name: 'registration',
    summary: 'two devices are bound, one after the other',
    threads: ['cpu', 'user', 'device', 'device_access', 'unmap', 'registrar'],
    sizes: sizes(1, 2, 1, 1, 2),
    constants: { ...plain, lifetimes: true, 'bound-at-start': false, unbinds: false, munmaps: false },
  },
  {
    name: 'unregister',
    summary: 'a device is unbound and removed while its driver fails',
    threads: ['cpu', 'user', 'device', 'device_access', 'unmap', 'registrar', 'remove'],
    sizes: sizes(1, 1, 1, 1, 2),
    constants: { ...plain, lifetimes: true, 'may-fail': true },
  },
  {
    name: 'exit',
    summary: 'the process exits while a device is bound, beside reclaim',
    threads: ['cpu', 'user', 'device', 'device_access', 'reclaim', 'registrar', 'exit'],
    sizes: sizes(1, 1, 2, 1, 2),
    constants: { ...plain, lifetimes: true, zaps: false },
  },
  {
    name: 'addresses',
    summary: 'two addresses, and a driver whose updates may fail',
    threads: ['cpu', 'user', 'device', 'device_access', 'unmap', 'reclaim'],
    sizes: sizes(1, 1, 2, 2),
    constants: { ...plain, 'may-fail': true, munmaps: false },
  },
  {
    name: 'memory',
    summary: 'memory of two addresses moves, with less memory than there could be, and a driver that may fail',
    threads: ['cpu', 'user', 'device_access', 'migrate', 'unmap'],
    sizes: sizes(1, 1, 2, 2),
    constants: { ...plain, 'device-memory': true, 'may-fail': true, faults: false, munmaps: false },
  },
  {
    name: 'core',
    summary: 'two addresses and three pages: device faults, both ways of migration, MADV_DONTNEED',
    large: true,
    threads: ['cpu', 'user', 'device', 'device_access', 'migrate', 'unmap'],
    sizes: sizes(1, 1, 3, 2),
    constants: { ...plain, 'device-memory': true, munmaps: false },
  },
]
