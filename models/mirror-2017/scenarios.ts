/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 4, summary: 'CPUs that fault, read, write, unmap and reclaim' },
  devices: { sort: 'Device', min: 1, max: 4, summary: 'devices that fault, read and write' },
  pages: { sort: 'Page', min: 1, max: 4, summary: 'physical pages' },
  addresses: { sort: 'Va', min: 1, max: 4, summary: 'virtual addresses' },
  registrars: {
    sort: 'Registrar',
    min: 1,
    max: 2,
    summary: 'threads that bind and unbind devices, where they take part',
  },
  hmms: { sort: 'Hmm', min: 1, max: 2, summary: 'struct hmm that there is memory for' },
}

const sizes = (
  cpus: number,
  devices: number,
  pages: number,
  addresses: number,
  more: { registrars?: number; hmms?: number } = {},
): Scenario['sizes'] => ({ cpus, devices, pages, addresses, registrars: 1, hmms: 1, ...more })

const bound = { 'bound-at-start': true, teardown: false, steal: false }

export const scenarios: readonly Scenario[] = [
  {
    name: 'mirror',
    summary: 'two CPUs and a bound device at one address: the brackets, the snapshot and the callback',
    threads: ['cpu', 'device'],
    sizes: sizes(2, 1, 2, 1),
    constants: bound,
  },
  {
    name: 'exit',
    summary: 'the process exits, with two devices bound',
    threads: ['cpu', 'device', 'exit'],
    sizes: sizes(1, 2, 2, 1),
    constants: bound,
  },
  {
    name: 'registration',
    summary: 'two devices are bound and unbound, beside a CPU',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, 'bound-at-start': false },
    without: tooLarge(151_838, 'fixed'),
  },
  {
    name: 'second-struct',
    summary: 'registration, with memory for a second struct hmm',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1, { hmms: 2 }),
    constants: { ...bound, 'bound-at-start': false },
    without: tooLarge(457_703, 'fixed'),
  },
  {
    name: 'teardown',
    summary: 'the process exits while two devices are bound and unbound: every actor',
    threads: ['cpu', 'device', 'registrar', 'exit'],
    sizes: sizes(1, 2, 1, 1),
    constants: { ...bound, teardown: true },
    without: tooLarge(178_650, 'fixed'),
  },
  {
    name: 'reclaim',
    summary: 'a device is unbound and bound beside two CPUs',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(2, 1, 1, 1),
    constants: bound,
    without: tooLarge(112_153, 'fixed'),
  },
  {
    name: 'stealing',
    summary: 'reclaim, where writers may take a free semaphore past those who wait',
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(2, 1, 1, 1),
    constants: { ...bound, steal: true },
    without: tooLarge(112_153, 'fixed'),
  },
  {
    name: 'core',
    summary: 'two of each: CPUs, devices, pages, addresses',
    large: true,
    threads: ['cpu', 'device'],
    sizes: sizes(2, 2, 2, 2),
    constants: bound,
    without: tooLarge(56_373_930),
  },
  {
    name: 'three-of-each',
    summary: 'three CPUs, three devices and three pages at one address',
    large: true,
    threads: ['cpu', 'device'],
    sizes: sizes(3, 3, 3, 1),
    constants: bound,
    without: tooLarge(747_385_646),
  },
  {
    name: 'everyone',
    summary: 'teardown with three CPUs: every actor, and the largest graph',
    large: true,
    threads: ['cpu', 'device', 'registrar', 'exit'],
    sizes: sizes(3, 2, 1, 1),
    constants: { ...bound, teardown: true },
    without: tooLarge(89_099_138),
  },
  {
    name: 'registrars',
    summary: 'two drivers register at once',
    large: true,
    threads: ['cpu', 'device', 'registrar'],
    sizes: sizes(1, 2, 1, 1, { registrars: 2, hmms: 2 }),
    constants: { ...bound, 'bound-at-start': false },
    without: tooLarge(2_528_461),
  },
]
