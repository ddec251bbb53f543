/** The threads that take part: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads of the process that change its page table' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses, which are those of the guest' },
  pages: { sort: 'Page', min: 1, max: 4, summary: 'pages of memory' },
}

const sizes = (more: Scenario['sizes'] = {}): Scenario['sizes'] => ({ cpus: 1, addresses: 1, pages: 2, ...more })
/** The variants of which `recoverable` is asked everywhere: the protocol as it should be. */
const hangs = ['fixed']
const plain = {
  'has-memslot': true,
  'lockless-fault': false,
  'has-apic-page': false,
  'has-cache': false,
  'has-faults': true,
}
const cache = { ...plain, 'has-cache': true, 'has-faults': false }

export const scenarios: readonly Scenario[] = [
  {
    name: 'fault',
    summary: 'a change of the page table, and a guest that faults',
    threads: ['zap', 'vcpu', 'guest'],
    sizes: sizes(),
    constants: plain,
  },
  {
    name: 'hull',
    summary: 'two changes at two addresses, and a guest that faults',
    large: true,
    threads: ['zap', 'vcpu', 'guest'],
    sizes: sizes({ cpus: 2, addresses: 2, pages: 3 }),
    constants: plain,
    without: tooLarge(737_916, ...hangs),
  },
  {
    name: 'lockless',
    summary: 'a fault that asks for brackets without mmu_lock, as on PowerPC',
    threads: ['zap', 'vcpu', 'guest'],
    sizes: sizes(),
    constants: { ...plain, 'lockless-fault': true, 'has-faults': false },
  },
  {
    name: 'vma',
    summary: 'something else is mapped over the address, and a guest that faults',
    threads: ['remap', 'vcpu', 'guest'],
    sizes: sizes(),
    constants: plain,
  },
  {
    name: 'memslot',
    summary: 'a memslot is added beside a change of the page table',
    threads: ['zap', 'vcpu', 'guest', 'memslot'],
    sizes: sizes(),
    constants: { ...plain, 'has-memslot': false },
  },
  {
    name: 'cache',
    summary: 'a gfn-to-pfn cache, at an address that a memslot covers',
    threads: ['zap', 'refresh', 'user'],
    sizes: sizes(),
    constants: cache,
  },
  {
    name: 'cache-moves',
    summary: 'the same with two addresses: the guest moves its page',
    threads: ['zap', 'refresh', 'user'],
    sizes: sizes({ addresses: 2, pages: 3 }),
    constants: cache,
    without: tooLarge(139_706, ...hangs),
  },
  {
    name: 'cache-hva',
    summary: 'a gfn-to-pfn cache, at an address that no memslot covers',
    threads: ['zap', 'refresh', 'user'],
    sizes: sizes(),
    constants: { ...cache, 'has-memslot': false },
  },
  {
    name: 'apic',
    summary: 'the APIC access page of a vCPU',
    threads: ['zap', 'apic'],
    sizes: sizes(),
    constants: { ...plain, 'has-apic-page': true, 'has-faults': false },
  },
]
