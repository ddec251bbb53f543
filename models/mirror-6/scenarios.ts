/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'
import { no_row, nouveauScenarios } from './nouveau.ts'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'CPUs that fault, read and write' },
  devices: { sort: 'Device', min: 1, max: 2, summary: 'threads that use the device' },
  subscriptions: { sort: 'Sub', min: 1, max: 2, summary: 'mirrors: how often the file of the device was opened' },
  zappers: { sort: 'Zapper', min: 1, max: 2, summary: 'threads that call MADV_DONTNEED' },
  pages: { sort: 'Page', min: 1, max: 4, summary: 'pages, one of which is device memory where the driver migrates' },
  addresses: { sort: 'Va', min: 1, max: 2, summary: 'virtual addresses' },
}

const sizes = (pages: number, more: Scenario['sizes'] = {}): Scenario['sizes'] => ({
  cpus: 1,
  devices: 1,
  subscriptions: 1,
  zappers: 1,
  pages,
  addresses: 1,
  ...more,
})
const plain = { ...no_row, migrates: false, 'starts-in-device': false }
const migrates = { ...plain, migrates: true }

export const scenarios: readonly Scenario[] = [
  {
    name: 'fault',
    summary: 'the device faults beside MADV_DONTNEED and a CPU',
    threads: ['cpu', 'device', 'dontneed'],
    sizes: sizes(2),
    constants: plain,
  },
  {
    name: 'reaper',
    summary: 'the device faults beside the OOM reaper, whose brackets must not block',
    threads: ['cpu', 'device', 'reap'],
    sizes: sizes(2),
    constants: plain,
  },
  {
    name: 'migrate',
    summary: 'memory moves to the device, and back where the device faults meanwhile',
    threads: ['device', 'migrate'],
    sizes: sizes(2),
    constants: migrates,
  },
  {
    name: 'migrate-dontneed',
    summary: 'memory moves to the device, beside MADV_DONTNEED',
    threads: ['device', 'dontneed', 'migrate'],
    sizes: sizes(2),
    constants: migrates,
    without: tooLarge(1_178_078, 'fixed'),
  },
  {
    name: 'migrate-cpu',
    summary: 'memory moves to the device, and a CPU brings it back',
    threads: ['cpu', 'device', 'migrate'],
    sizes: sizes(2),
    constants: migrates,
    without: tooLarge(968_580, 'fixed'),
  },
  {
    name: 'to-ram',
    summary: 'a CPU brings back what is in device memory, and MADV_DONTNEED drops it',
    threads: ['cpu', 'device', 'dontneed'],
    sizes: sizes(2),
    constants: { ...migrates, 'starts-in-device': true },
    without: tooLarge(270_774, 'fixed'),
  },
  {
    name: 'two-mirrors',
    summary: 'the file of the device was opened twice: a CPU brings back what both mirrors may have',
    threads: ['cpu', 'device'],
    sizes: sizes(2, { subscriptions: 2 }),
    constants: { ...migrates, 'starts-in-device': true },
  },
  {
    name: 'exit',
    summary: 'the process exits while its device faults, and somebody else may use its memory',
    threads: ['device', 'mmput', 'do_exit', 'user'],
    sizes: sizes(2),
    constants: { ...plain, exits: true },
  },
  {
    name: 'fork',
    summary: 'the device faults beside fork(), and the child and its parent write what they share',
    threads: ['cpu', 'device', 'child', 'fork'],
    sizes: sizes(3),
    constants: { ...plain, forks: true },
    without: tooLarge(1_081_609, 'fixed'),
  },
  {
    name: 'fork-device',
    summary: 'what is in device memory is shared with a child, whose CPU brings it back',
    threads: ['device', 'child', 'fork'],
    sizes: sizes(3),
    constants: { ...migrates, 'starts-in-device': true, forks: true },
    without: tooLarge(120_945, 'fixed'),
  },
  {
    name: 'fork-migrate',
    summary: 'memory moves to the device beside fork()',
    threads: ['device', 'migrate', 'child', 'fork'],
    sizes: sizes(2),
    constants: { ...migrates, forks: true },
    without: tooLarge(2_511_014, 'fixed'),
  },
  ...nouveauScenarios,
]
