/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads that change the page table in brackets that may block' },
  devices: { sort: 'Device', min: 1, max: 2, summary: 'devices, each with a worker for its faults and a range' },
}

const sizes = { cpus: 1, devices: 1 }
const plain = { exits: false, 'release-locks': false, compat: false, special: false, steal: false }

export const scenarios: readonly Scenario[] = [
  {
    name: 'fault',
    summary: 'two threads that change the page table, and a device that faults',
    threads: ['zap', 'fault'],
    sizes: { ...sizes, cpus: 2 },
    constants: plain,
  },
  {
    name: 'compat',
    summary: 'the same with one such thread, and a driver that calls hmm_vma_fault()',
    threads: ['zap', 'fault'],
    sizes,
    constants: { ...plain, compat: true },
  },
  {
    name: 'oom',
    summary: 'the OOM reaper, a driver that registers, and a device that faults',
    threads: ['reap', 'registrar', 'fault'],
    sizes,
    constants: plain,
  },
  {
    name: 'special',
    summary: 'entries that become swap or migration entries, and a device that faults',
    threads: ['zap', 'fault'],
    sizes,
    constants: { ...plain, special: true },
  },
  {
    name: 'exit',
    summary: 'the process exits beside a device fault; the release callback takes no lock',
    threads: ['fault', 'exit'],
    sizes,
    constants: { ...plain, exits: true },
  },
  {
    name: 'exit-lock',
    summary: "the same, and the release callback takes the driver's lock",
    threads: ['fault', 'exit'],
    sizes,
    constants: { ...plain, exits: true, 'release-locks': true },
  },
]
