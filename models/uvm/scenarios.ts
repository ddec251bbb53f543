/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads of the process' },
  gpus: { sort: 'Device', min: 1, max: 2, summary: 'threads that service the faults of GPUs' },
  blocks: { sort: 'VaBlock', min: 1, max: 2, summary: 'blocks of at most 2 MiB' },
  notifiers: { sort: 'Sub', min: 1, max: 2, summary: 'notifiers: one of each block, and one that stands in' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses, each of one page' },
}

const plain = {
  'to-gpu': false,
  'has-cpus': false,
  'has-cow': false,
  'short-of-memory': false,
  reclaims: false,
  'shares-pages': false,
  unregisters: false,
  splits: false,
  'starts-mapped': false,
  'starts-on-gpu': false,
}
const one = { cpus: 1, gpus: 1, blocks: 1, notifiers: 1, addresses: 1 }
const two = { ...one, blocks: 2, notifiers: 2, addresses: 2 }

export const scenarios: readonly Scenario[] = [
  {
    name: 'map',
    summary: 'a GPU maps a page of system memory, which a child has too, while MADV_DONTNEED takes it away',
    threads: ['service', 'dontneed', 'gpu', 'channel'],
    sizes: one,
    constants: { ...plain, 'has-cow': true, 'starts-mapped': true },
  },
  {
    name: 'short',
    summary: 'the same, and callbacks may find no memory',
    threads: ['service', 'dontneed', 'gpu', 'channel'],
    sizes: one,
    constants: { ...plain, 'short-of-memory': true },
  },
  {
    name: 'reclaim',
    summary: 'two blocks; the fault for the one takes a page of the other',
    threads: ['service', 'dontneed', 'gpu', 'channel'],
    sizes: two,
    constants: { ...plain, reclaims: true },
  },
  {
    name: 'migrate',
    summary: 'pages move to the GPU and back, as the GPU and a CPU fault, and MADV_DONTNEED takes them away',
    threads: ['service', 'cpu', 'dontneed', 'gpu', 'channel'],
    sizes: one,
    constants: { ...plain, 'to-gpu': true, 'has-cpus': true },
  },
  {
    name: 'evict',
    summary: 'a page of the GPU is evicted while a fault of a GPU wants it in system memory',
    threads: ['service', 'cpu', 'evict', 'gpu', 'channel'],
    sizes: one,
    constants: { ...plain, 'to-gpu': true, 'has-cpus': true, 'starts-on-gpu': true },
  },
  {
    name: 'split',
    summary: 'a block is split while MADV_DONTNEED and the OOM reaper take pages away',
    threads: ['service', 'dontneed', 'reap', 'split', 'gpu', 'channel'],
    sizes: { ...one, notifiers: 2 },
    constants: { ...plain, splits: true, 'starts-mapped': true },
    without: tooLarge(189_480),
  },
  {
    name: 'unregister',
    summary: 'a GPU is unregistered while a CPU faults on a page in its memory',
    threads: ['cpu', 'unregister', 'gpu', 'channel'],
    sizes: one,
    constants: { ...plain, 'has-cpus': true, unregisters: true, 'starts-on-gpu': true },
  },
  {
    name: 'shared',
    summary: 'two processes that share two pages, and bring them to GPUs',
    threads: ['service', 'channel'],
    sizes: { ...two, gpus: 2 },
    constants: { ...plain, 'to-gpu': true, 'shares-pages': true },
    without: tooLarge(360_088, 'as-595.45.04', 'without-setup-unlocked'),
  },
]
