/** The drivers as rows, and who takes part: each scenario is a closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'CPUs that fault, read and write' },
  devices: { sort: 'Device', min: 1, max: 2, summary: 'devices, each with a driver of its own' },
  pages: { sort: 'Page', min: 1, max: 3, summary: 'pages of the system' },
}

const sizes = { cpus: 1, devices: 1, pages: 2 }
const plain = {
  driver: 'nouveau',
  'has-readers': false,
  'has-writers': false,
  forks: false,
  protects: false,
  fails: false,
  migrates: false,
  'starts-exclusive': false,
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'migrate',
    summary: 'nouveau: an atomic fault beside migration, which locks the page',
    threads: ['device', 'migrate'],
    sizes,
    constants: { ...plain, migrates: true },
  },
  {
    name: 'nouveau',
    summary: 'nouveau: an atomic fault beside a CPU and MADV_DONTNEED',
    threads: ['cpu', 'device', 'dontneed'],
    sizes,
    constants: plain,
    without: tooLarge(140_994, 'fixed', 'as-merged', 'as-6.3', 'without-retry-unlocks'),
  },
  {
    name: 'nouveau-alone',
    summary: 'nouveau: an atomic fault on a page that is exclusive already, and nobody comes to help',
    threads: ['device'],
    sizes: { ...sizes, pages: 1 },
    constants: { ...plain, 'starts-exclusive': true },
  },
  {
    name: 'test-hmm',
    summary: 'lib/test_hmm.c: the same',
    threads: ['cpu', 'device', 'dontneed'],
    sizes,
    constants: { ...plain, driver: 'test-hmm' },
    without: tooLarge(101_536),
  },
  {
    name: 'test-hmm-alone',
    summary: 'lib/test_hmm.c: the page is exclusive already, and nobody comes to help',
    threads: ['device'],
    sizes: { ...sizes, pages: 1 },
    constants: { ...plain, driver: 'test-hmm', 'starts-exclusive': true },
  },
  {
    name: 'failure',
    summary: 'nouveau: the page fails, beside a CPU',
    threads: ['cpu', 'device', 'memory_failure'],
    sizes,
    constants: { ...plain, fails: true },
  },
  {
    name: 'two-devices',
    summary: 'nouveau: two devices, which read by ordinary faults, too',
    threads: ['device'],
    sizes: { ...sizes, devices: 2, pages: 1 },
    constants: { ...plain, 'has-readers': true },
  },
  {
    name: 'fork',
    summary: 'nouveau: an atomic fault beside fork() and a CPU',
    threads: ['cpu', 'device', 'fork'],
    sizes,
    constants: { ...plain, 'has-writers': true, forks: true },
  },
  {
    name: 'mprotect',
    summary: 'nouveau: an atomic fault beside mprotect() and a CPU',
    threads: ['cpu', 'device', 'mprotect'],
    sizes: { ...sizes, pages: 1 },
    constants: { ...plain, 'has-writers': true, protects: true },
  },
]
