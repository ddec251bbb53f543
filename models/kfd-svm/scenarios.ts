/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads that reclaim pages' },
  gpus: { sort: 'Device', min: 1, max: 2, summary: 'GPUs of the process' },
  ranges: { sort: 'Prange', min: 1, max: 2, summary: 'SVM ranges' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses, each in a VMA of its own' },
}

const plain = {
  xnack: false,
  'has-odd': false,
  'loses-read': false,
  'starts-mapped': false,
  exits: false,
  'first-insert': false,
  'has-vram': false,
  'has-strays': false,
  'has-queues': true,
  validates: true,
  'has-deferred': false,
  'has-faults': false,
  'has-stale': false,
  'has-buffer': false,
  'has-child': false,
}
const one = { cpus: 1, gpus: 1, ranges: 1, addresses: 1 }
const unmapped = { ...plain, xnack: true, 'has-deferred': true }
const buffer = { ...plain, 'has-buffer': true, 'has-queues': false, validates: false }
const vram = { ...plain, 'has-vram': true, 'has-queues': false, validates: false }

export const scenarios: readonly Scenario[] = [
  {
    name: 'access',
    summary: 'two GPUs that get access to a range, and lose it',
    threads: ['reclaim', 'set_attr', 'restore', 'wave'],
    sizes: { cpus: 1, gpus: 2, ranges: 1, addresses: 1 },
    constants: plain,
  },
  {
    name: 'map',
    summary: 'a range over two VMAs is mapped, evicted and restored; the pages of one may not be had',
    threads: ['reclaim', 'set_attr', 'restore', 'wave'],
    sizes: { cpus: 1, gpus: 1, ranges: 1, addresses: 2 },
    constants: { ...plain, 'has-odd': true },
    without: tooLarge(296_200),
  },
  {
    name: 'protect',
    summary: 'the same range is mapped already, and mprotect() makes its VMAs unreadable, and readable again',
    threads: ['reclaim', 'mprotect', 'restore', 'wave'],
    sizes: { cpus: 1, gpus: 1, ranges: 1, addresses: 2 },
    constants: { ...plain, 'loses-read': true, 'starts-mapped': true },
    without: tooLarge(433_448),
  },
  {
    name: 'ranges',
    summary: 'two ranges that are mapped, and pages of both are reclaimed at once',
    threads: ['reclaim', 'wave'],
    sizes: { cpus: 2, gpus: 1, ranges: 2, addresses: 2 },
    constants: { ...plain, 'starts-mapped': true, validates: false },
  },
  {
    name: 'retry',
    summary: 'two GPUs that retry faults, get access to a range, and lose it',
    threads: ['reclaim', 'set_attr', 'retry_fault', 'wave'],
    sizes: { cpus: 1, gpus: 2, ranges: 1, addresses: 1 },
    constants: { ...plain, xnack: true },
  },
  {
    name: 'insert',
    summary: 'the first range of the process, whose notifier may not be inserted, as a signal is pending',
    threads: ['reclaim', 'set_attr', 'restore', 'wave'],
    sizes: one,
    constants: { ...plain, 'first-insert': true },
  },
  {
    name: 'exit',
    summary: 'a range that is mapped, and the process exits',
    threads: ['reclaim', 'restore', 'exit', 'wave'],
    sizes: one,
    constants: { ...plain, 'starts-mapped': true, exits: true },
  },
  {
    name: 'vram',
    summary: 'CPUs fault on pages in the memory of a GPU, which TTM wants for somebody else',
    threads: ['cpu_fault', 'evict_bo', 'ttm'],
    sizes: { ...one, cpus: 2 },
    constants: vram,
  },
  {
    name: 'foreign',
    summary: 'a CPU and another GPU fault on a page in the memory of a GPU',
    threads: ['cpu_fault', 'other_gpu'],
    sizes: one,
    constants: vram,
  },
  {
    name: 'moved',
    summary: 'mremap() moves a page in the memory of a GPU to where no range is',
    threads: ['cpu_fault', 'mremap'],
    sizes: one,
    constants: { ...vram, 'has-strays': true },
  },
  {
    name: 'child',
    summary: 'a child shares a page in the memory of a GPU with a process that exits',
    threads: ['child_fault', 'exit'],
    sizes: one,
    constants: { ...vram, 'has-strays': true, exits: true },
  },
  {
    name: 'unmap',
    summary: 'munmap() of the parts of a range, while faults of a GPU on it are on their way',
    threads: ['munmap', 'deferred', 'job', 'ih_work', 'wave'],
    sizes: { cpus: 1, gpus: 1, ranges: 2, addresses: 2 },
    constants: { ...unmapped, 'has-faults': true, 'has-stale': true },
    without: tooLarge(146_926),
  },
  {
    name: 'split',
    summary: 'munmap() of the parts of a range that is mapped, while pages of it are reclaimed',
    threads: ['reclaim', 'munmap', 'deferred', 'wave'],
    sizes: { cpus: 1, gpus: 1, ranges: 2, addresses: 2 },
    constants: { ...unmapped, 'starts-mapped': true, validates: false },
    without: tooLarge(174_466),
  },
  {
    name: 'middle',
    summary: 'munmap() of a page between the two addresses of a range, and of them, while a GPU faults on them',
    threads: ['munmap_hole', 'munmap', 'deferred', 'job', 'ih_work', 'wave'],
    sizes: { cpus: 1, gpus: 1, ranges: 2, addresses: 2 },
    constants: { ...unmapped, 'has-faults': true },
    without: tooLarge(847_894),
  },
  {
    name: 'behind',
    summary: 'munmap() of a page between two addresses that are mapped, while their pages are reclaimed',
    threads: ['reclaim', 'munmap_hole', 'deferred', 'wave'],
    sizes: { cpus: 1, gpus: 1, ranges: 2, addresses: 2 },
    constants: { ...unmapped, 'starts-mapped': true, validates: false },
  },
  {
    name: 'buffer',
    summary: 'the references of a buffer: a fault, munmap(), and the eviction that TTM wants',
    threads: ['fault_on_buffer', 'munmap_range', 'free_ranges', 'ttm_wants', 'evict_buffer', 'release_buffer'],
    sizes: one,
    constants: buffer,
  },
  {
    name: 'buffer-child',
    summary: 'the references of a buffer of which a child has the page, too',
    threads: ['fault_on_buffer', 'munmap_range', 'free_ranges', 'release_buffer', 'child_munmap'],
    sizes: one,
    constants: { ...buffer, 'has-child': true },
  },
  {
    name: 'buffer-split',
    summary: 'two ranges in one buffer: faults and munmap()',
    threads: ['fault_on_buffer', 'munmap_range', 'free_ranges', 'release_buffer'],
    sizes: { cpus: 1, gpus: 1, ranges: 2, addresses: 2 },
    constants: buffer,
    without: tooLarge(163_744),
  },
  {
    name: 'crowd',
    summary: 'two ranges that are mapped, evicted at once, and restored',
    large: true,
    threads: ['reclaim', 'restore', 'wave'],
    sizes: { cpus: 2, gpus: 1, ranges: 2, addresses: 2 },
    constants: { ...plain, 'starts-mapped': true },
    without: tooLarge(1_880_354),
  },
]
