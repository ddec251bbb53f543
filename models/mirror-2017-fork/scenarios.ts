/** The threads that take part, and their numbers. */
import type { Parameter, Scenario } from 'hmmcheck'
import { parameters as all } from 'hmmcheck/models/mirror-2017/scenarios'
import { tooLarge } from 'hmmcheck/models/too-large'

/** Nobody registers. */
export const parameters: Readonly<Record<string, Parameter>> = Object.fromEntries(
  Object.entries(all).filter(([name]) => name !== 'registrars'),
)

const sizes = (cpus: number, devices: number, pages: number): Scenario['sizes'] => ({
  cpus,
  devices,
  pages,
  addresses: 1,
  hmms: 1,
})

const constants = {
  'bound-at-start': true,
  teardown: false,
  steal: false,
  'driver-calls': 'hmm_vma_get_pfns',
  block: true,
  'cpus-also': 'fork',
  interrupted: false,
} as const

export const scenarios: readonly Scenario[] = [
  {
    name: 'fork',
    summary: 'a CPU that also forks, a child, and a device',
    threads: ['cpu', 'device', 'child'],
    sizes: sizes(1, 1, 2),
    constants,
  },
  {
    name: 'forks',
    summary: 'two such CPUs, a child, a device, and pages enough',
    threads: ['cpu', 'device', 'child'],
    sizes: sizes(2, 1, 4),
    constants,
    large: true,
    without: tooLarge(13_626_440, 'fixed'),
  },
]
