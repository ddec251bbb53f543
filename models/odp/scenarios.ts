/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads that zap the entry of the process' },
  qps: { sort: 'Qp', min: 1, max: 2, summary: 'queue pairs of the device, whose faults run in parallel' },
  regions: { sort: 'Mr', min: 1, max: 3, summary: 'memory regions, or children of the implicit one' },
  addresses: { sort: 'Va', min: 1, max: 1, summary: 'virtual addresses of the process' },
  pages: { sort: 'Page', min: 1, max: 3, summary: 'pages of memory' },
}

const sizes = (qps: number, regions: number, pages: number): Scenario['sizes'] => ({
  cpus: 1,
  qps,
  regions,
  addresses: 1,
  pages,
})
const plain = {
  implicit: false,
  registers: false,
  snapshots: false,
  'memory-scheme': false,
  'per-mm': false,
  zaps: true,
  mapped: 'dma_list',
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'dereg',
    summary: 'a region that is registered and deregistered, with a fault, and a thread that zaps its page',
    threads: ['zap', 'fault', 'owner'],
    sizes: sizes(1, 1, 2),
    constants: { ...plain, registers: true },
  },
  {
    name: 'fault',
    summary: 'two faults of one region, and a thread that zaps its page',
    threads: ['zap', 'fault'],
    sizes: sizes(2, 1, 2),
    constants: plain,
    without: tooLarge(157_420, 'fixed'),
  },
  {
    name: 'dma-map',
    summary: 'the same from 6.16 on, where a flag in pfn_list says that the page is mapped for DMA',
    threads: ['zap', 'fault'],
    sizes: sizes(2, 1, 2),
    constants: { ...plain, mapped: 'pfn_list' },
    without: tooLarge(223_262, 'fixed'),
  },
  {
    name: 'snapshot',
    summary: 'as in fault, but either may be a prefetch of what is there',
    threads: ['zap', 'fault'],
    sizes: sizes(2, 1, 1),
    constants: { ...plain, snapshots: true },
    without: tooLarge(120_749, 'fixed'),
  },
  {
    name: 'snapshot-dma-map',
    summary: 'as in dma-map, but either may be a prefetch of what is there',
    threads: ['zap', 'fault'],
    sizes: sizes(2, 1, 1),
    constants: { ...plain, snapshots: true, mapped: 'pfn_list' },
    without: tooLarge(117_859, 'fixed'),
  },
  {
    name: 'reaper',
    summary: 'as in fault with one fault, and the OOM reaper, whose brackets must not block',
    threads: ['zap', 'reap', 'fault'],
    sizes: sizes(1, 1, 1),
    constants: plain,
  },
  {
    name: 'prefetch',
    summary: 'a region that is registered and deregistered, and the work of a prefetch',
    threads: ['zap', 'prefetch', 'owner'],
    sizes: sizes(1, 1, 1),
    constants: { ...plain, registers: true },
  },
  {
    name: 'implicit',
    summary: 'an implicit region: a fault, a thread that zaps the page, and the work that destroys a child',
    threads: ['zap', 'fault', 'work'],
    sizes: sizes(1, 2, 1),
    constants: { ...plain, implicit: true },
    without: tooLarge(537_341, 'fixed'),
  },
  {
    name: 'implicit-create',
    summary: 'an implicit region with two faults, which make its child, and its deregistration',
    threads: ['fault', 'dereg'],
    sizes: sizes(2, 2, 1),
    constants: { ...plain, implicit: true, registers: true, zaps: false },
  },
  {
    name: 'implicit-dereg',
    summary: 'an implicit region with one fault and one child, which is deregistered',
    threads: ['zap', 'fault', 'work', 'dereg'],
    sizes: sizes(1, 1, 1),
    constants: { ...plain, implicit: true, registers: true },
  },
  {
    name: 'memory-scheme',
    summary: 'an implicit region with one fault, which is deregistered, where children are in odp_mkeys too',
    threads: ['fault', 'dereg'],
    sizes: sizes(1, 1, 1),
    constants: { ...plain, implicit: true, registers: true, 'memory-scheme': true, zaps: false },
  },
  {
    name: 'dmabuf',
    summary: 'a region over a buffer of another device, which moves it: a fault, and its deregistration',
    threads: ['exporter', 'fault_dmabuf', 'owner_dmabuf'],
    sizes: sizes(1, 1, 2),
    constants: { ...plain, registers: true, zaps: false },
  },
  {
    name: 'per-mm',
    summary: '5.0 to 5.2: a bracket that may block, one that must not, and a registration',
    threads: ['zap_per_mm', 'reap_per_mm', 'register_per_mm'],
    sizes: sizes(1, 1, 1),
    constants: { ...plain, 'per-mm': true, zaps: false },
  },
]
