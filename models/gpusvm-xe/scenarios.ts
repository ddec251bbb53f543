/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads that reclaim pages, or fault on device memory' },
  gpus: { sort: 'Device', min: 1, max: 2, summary: 'GPUs, each with one VM' },
  ranges: { sort: 'Range', min: 1, max: 2, summary: 'ranges of the address space' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses' },
}

const plain = {
  'has-vram': false,
  'has-timeslice': false,
  'has-errors': false,
  'has-hole': false,
  'has-clearing': false,
  'has-files': false,
  'has-insertion': false,
  exits: false,
  'has-child': false,
  'has-faults': true,
  'has-changes': true,
  'has-munmap': false,
  'has-parts': false,
  'others-lock': false,
}
const unmaps = { ...plain, 'has-munmap': true }
const one = { cpus: 1, gpus: 1, ranges: 1, addresses: 1 }
const gpu = ['shader', 'job']
const unbinding = [...gpu, 'unbind_job']

export const scenarios: readonly Scenario[] = [
  {
    name: 'remap',
    summary: 'munmap() and mmap() of a page that a GPU faults on; the next fault removes the range that was unmapped',
    threads: ['fault', 'munmap', ...unbinding],
    sizes: one,
    constants: unmaps,
  },
  {
    name: 'file',
    summary: 'a page that a GPU wants in its memory, munmap(), and anonymous memory or a file in its place',
    threads: ['fault', 'munmap', ...unbinding],
    sizes: one,
    constants: { ...unmaps, 'has-vram': true, 'has-files': true },
  },
  {
    name: 'map',
    summary: 'a GPU faults on a page that is reclaimed',
    threads: ['fault', 'reclaim', ...gpu],
    sizes: one,
    constants: plain,
  },
  {
    name: 'wide',
    summary: 'two ranges under one notifier, and the pages of both are reclaimed, at once or one after the other',
    threads: ['fault', 'reclaim', ...gpu],
    sizes: { cpus: 2, gpus: 1, ranges: 2, addresses: 2 },
    constants: plain,
    without: tooLarge(697_374),
  },
  {
    name: 'unmap',
    summary: 'munmap() of all of a range, or of a part, and mmap() in its place',
    threads: ['fault', 'collector', 'munmap', ...unbinding],
    sizes: { ...one, addresses: 2 },
    constants: { ...unmaps, 'has-parts': true },
    without: tooLarge(511_064),
  },
  {
    name: 'insert',
    summary: 'the same with one page, and a notifier that comes with its first range and goes with its last',
    threads: ['fault', 'collector', 'munmap', ...unbinding],
    sizes: one,
    constants: { ...unmaps, 'has-insertion': true },
  },
  {
    name: 'vram',
    summary: 'a page that a GPU wants in its memory, a CPU back in RAM, and TTM out of that memory',
    threads: ['fault', 'cpu_fault', 'ttm', ...gpu],
    sizes: one,
    constants: { ...plain, 'has-vram': true, 'has-timeslice': true },
    without: tooLarge(168_611),
  },
  {
    name: 'mixed',
    summary: 'two pages of one range in device memory, of which a fault of a CPU may bring back one alone',
    threads: ['fault', 'cpu_fault', 'job'],
    sizes: { ...one, addresses: 2 },
    constants: { ...plain, 'has-vram': true, 'others-lock': true },
  },
  {
    name: 'errors',
    summary: 'mappings for DMA that fail, with two pages that may be in device memory',
    threads: ['fault', ...gpu],
    sizes: { ...one, addresses: 2 },
    constants: { ...plain, 'has-vram': true, 'has-errors': true, 'has-changes': false },
  },
  {
    name: 'clear',
    summary: 'device memory that a job clears, and that is copied to',
    threads: ['fault', 'clear_job', ...gpu],
    sizes: one,
    constants: { ...plain, 'has-vram': true, 'has-clearing': true, 'has-changes': false },
  },
  {
    name: 'hole',
    summary: 'a page that cannot be had, as it lies behind the end of its file, and a VM that is to be closed',
    threads: ['fault', 'close', ...gpu],
    sizes: one,
    constants: { ...plain, 'has-hole': true, 'has-changes': false },
  },
  {
    name: 'close',
    summary: 'a VM that is closed while its pages are reclaimed',
    threads: ['fault', 'reclaim', 'close', ...gpu],
    sizes: one,
    constants: plain,
  },
  {
    name: 'teardown',
    summary: 'a VM that is closed while munmap() makes garbage of its range',
    threads: ['fault', 'collector', 'munmap', 'close', ...unbinding],
    sizes: one,
    constants: unmaps,
  },
  {
    name: 'exit',
    summary: 'the process exits, and its VM is closed with its files',
    threads: ['fault', 'collector', 'exit', ...unbinding],
    sizes: one,
    constants: { ...unmaps, exits: true },
  },
  {
    name: 'child',
    summary: 'the process exits; its child has a page of device memory, which TTM wants',
    threads: ['exit', 'child', 'ttm'],
    sizes: one,
    constants: { ...plain, exits: true, 'has-child': true, 'has-faults': false },
  },
  {
    name: 'peers',
    summary: 'two GPUs that want one page in their memory',
    threads: ['fault', 'job'],
    sizes: { ...one, gpus: 2 },
    constants: { ...plain, 'has-vram': true },
    without: tooLarge(230_481, 'fixed', 'as-merged'),
  },
]
