/** The drivers as rows, and who takes part: each scenario is a closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  pages: { sort: 'Page', min: 3, max: 4, summary: 'pages: one of each device, the others of the system' },
  devices: { sort: 'Device', min: 1, max: 2, summary: 'devices of the parent, each with one page of its own' },
}

const sizes = { pages: 3, devices: 1 }
const cpus = ['cpu-parent', 'cpu-child', 'fork']
/** The rows. Each is what is read in the driver's own text. */
const hmm_pfn = {
  'rights-from': 'hmm_pfn',
  'short-of-write-fails': false,
  'declines-own-faults': false,
  forks: true,
  iotlb: false,
  'two-devices': false,
}
const vm_flags = { ...hmm_pfn, 'rights-from': 'vm_flags' }

export const scenarios: readonly Scenario[] = [
  {
    name: 'xe',
    summary: 'xe SVM (6.15 to 7.0): entries have the rights of the vma, and a device that faults',
    threads: [...cpus, 'migrate', 'fault'],
    sizes,
    constants: vm_flags,
  },
  {
    name: 'kfd',
    summary: 'amdkfd without retry faults: the rights of the vma, and a worker that makes the entries again',
    threads: [...cpus, 'migrate', 'queue', 'restore'],
    sizes,
    constants: { ...vm_flags, 'declines-own-faults': true },
  },
  {
    name: 'nouveau',
    summary: 'nouveau: entries have the rights that hmm_range_fault() says, and a fault is replayed',
    threads: [...cpus, 'migrate', 'fault'],
    sizes,
    constants: hmm_pfn,
  },
  {
    name: 'nouveau-alone',
    summary: 'the same, and no CPU of either process comes to help',
    threads: ['fork', 'migrate', 'fault'],
    sizes,
    constants: hmm_pfn,
  },
  {
    name: 'test-hmm',
    summary: 'lib/test_hmm.c: the same rights, and an error where writing was asked for and is not allowed',
    threads: [...cpus, 'migrate', 'fault'],
    sizes,
    constants: { ...hmm_pfn, 'short-of-write-fails': true },
  },
  {
    name: 'no-fork',
    summary: 'one process, whose page moves to the device and back',
    threads: ['cpu-parent', 'migrate', 'fault'],
    sizes,
    constants: { ...vm_flags, forks: false },
  },
  {
    name: 'sva',
    summary: 'a device that walks the page table itself, after a fork whose child is gone',
    threads: ['sva'],
    sizes,
    constants: { ...hmm_pfn, forks: false, iotlb: true },
  },
  {
    name: 'two-devices',
    summary: 'two devices of different owners, and a fork',
    threads: [...cpus, 'migrate', 'fault'],
    sizes: { pages: 4, devices: 2 },
    constants: { ...hmm_pfn, 'two-devices': true },
    without: tooLarge(693_864, 'fixed'),
  },
]
