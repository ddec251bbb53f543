/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 3, summary: 'CPUs that fault, read and write' },
  devices: { sort: 'Device', min: 1, max: 2, summary: 'devices that fault, read and write' },
  zappers: { sort: 'Zapper', min: 1, max: 2, summary: 'threads that call MADV_DONTNEED' },
  migrators: { sort: 'Migrator', min: 1, max: 2, summary: 'threads in which a driver migrates memory to its device' },
  pages: { sort: 'Page', min: 2, max: 4, summary: 'pages, one or two of which are device memory' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses: one migration is of all of them' },
}

const sizes = (
  cpus: number,
  pages: number,
  more: { migrators?: number; zappers?: number; addresses?: number } = {},
): Scenario['sizes'] => ({ cpus, devices: 1, migrators: 1, zappers: 1, pages, addresses: 1, ...more })

const plain = {
  migrates: true,
  zaps: false,
  forks: false,
  protects: false,
  'pins-taken': false,
  swaps: false,
  'cpu-tlb': false,
  'device-pages': 'one',
  steal: false,
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'cpu-fault',
    summary: 'two CPUs use what moves to the device and back',
    threads: ['cpu', 'device', 'migrate'],
    sizes: sizes(2, 2),
    constants: plain,
  },
  {
    name: 'huge',
    summary: 'a huge page of device memory fills a hole, beside the OOM reaper',
    threads: ['migrate_huge', 'reap'],
    sizes: sizes(1, 2),
    constants: { ...plain, migrates: false },
  },
  {
    name: 'dontneed',
    summary: 'MADV_DONTNEED beside a migration, with a spare page of system memory',
    threads: ['cpu', 'device', 'migrate', 'dontneed'],
    sizes: sizes(1, 3),
    constants: { ...plain, zaps: true },
  },
  {
    name: 'tlb',
    summary: 'dontneed, with translation caches',
    threads: ['cpu', 'device', 'migrate', 'dontneed'],
    sizes: sizes(1, 2),
    constants: { ...plain, zaps: true, 'cpu-tlb': true },
  },
  {
    name: 'two-zappers',
    summary: 'two calls of MADV_DONTNEED at once, with translation caches',
    threads: ['cpu', 'device', 'migrate', 'dontneed'],
    sizes: sizes(1, 2, { zappers: 2 }),
    constants: { ...plain, zaps: true, 'cpu-tlb': true },
    without: tooLarge(134_800, 'fixed'),
  },
  {
    name: 'evict',
    summary: 'the driver evicts device memory beside a CPU that faults on it, and migrates it again',
    threads: ['cpu', 'device', 'migrate', 'evict'],
    sizes: sizes(1, 2),
    constants: plain,
  },
  {
    name: 'fork',
    summary: 'the process forks while the driver evicts device memory',
    threads: ['cpu', 'device', 'migrate', 'evict', 'fork'],
    sizes: sizes(1, 2),
    constants: { ...plain, forks: true },
    without: tooLarge(310_850, 'fixed'),
  },
  {
    name: 'fork-tlb',
    summary: 'the process forks, and two CPUs with translation caches write what it shares with its child',
    threads: ['cpu', 'fork'],
    sizes: sizes(2, 3),
    constants: { ...plain, migrates: false, forks: true, 'cpu-tlb': true },
  },
  {
    name: 'mprotect',
    summary: 'the memory is write-protected and opened again while the driver migrates and evicts it',
    threads: ['cpu', 'device', 'migrate', 'evict', 'mprotect'],
    sizes: sizes(1, 2),
    constants: { ...plain, protects: true },
    without: tooLarge(313_768, 'fixed'),
  },
  {
    name: 'gup',
    summary: 'somebody pins what moves to the device',
    threads: ['cpu', 'device', 'migrate', 'gup'],
    sizes: sizes(1, 2),
    constants: { ...plain, 'pins-taken': true },
  },
  {
    name: 'reclaim',
    summary: 'what moves to the device is reclaimed, or comes back from swap',
    threads: ['cpu', 'device', 'migrate', 'reclaim'],
    sizes: sizes(1, 2),
    constants: { ...plain, swaps: true },
  },
  {
    name: 'two-migrators',
    summary: 'two threads migrate one address',
    threads: ['cpu', 'device', 'migrate'],
    sizes: sizes(1, 3, { migrators: 2 }),
    constants: { ...plain, 'device-pages': 'two' },
    without: tooLarge(235_536, 'fixed'),
  },
  {
    name: 'batch',
    summary: 'one migration of two addresses',
    threads: ['cpu', 'device', 'migrate'],
    sizes: sizes(1, 3, { addresses: 2 }),
    constants: plain,
    without: tooLarge(323_697, 'fixed'),
  },
  {
    name: 'copy-on-write',
    summary: 'fork of two addresses, with a spare page of system memory to copy to',
    large: true,
    threads: ['cpu', 'device', 'migrate', 'evict', 'fork'],
    sizes: sizes(1, 3, { addresses: 2 }),
    constants: { ...plain, forks: true },
    without: tooLarge(150_196_386),
  },
  {
    name: 'crowd',
    summary: 'two CPUs, eviction and MADV_DONTNEED at once, with a spare page',
    large: true,
    threads: ['cpu', 'device', 'migrate', 'evict', 'dontneed'],
    sizes: sizes(2, 3),
    constants: { ...plain, zaps: true },
    without: tooLarge(19_190_847),
  },
]
