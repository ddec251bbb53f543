/** The threads that take part, and their numbers: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 3, summary: 'CPUs that use the memory' },
  pages: { sort: 'Page', min: 2, max: 5, summary: 'pages: one or two of the system, the others of the device' },
  addresses: { sort: 'Va', min: 1, max: 3, summary: 'virtual addresses' },
}

const sizes = (cpus: number, pages: number, addresses = 1): Scenario['sizes'] => ({ cpus, pages, addresses })

const plain = { 'system-pages': 'one', removes: false, closes: false, 'pins-taken': false }

/**
 * The variants of which `recoverable` is asked everywhere: the protocol as it should be, and those whose bug, or its
 * correction, is a wait or a loop without end.
 */
const hangs = ['fixed', 'fixed-one-more']

export const scenarios: readonly Scenario[] = [
  {
    name: 'life',
    summary: 'a page of device memory is given out, used by two CPUs, unmapped, and given out again',
    threads: ['migrate', 'cpu', 'zap'],
    sizes: sizes(2, 2),
    constants: plain,
  },
  {
    name: 'remove',
    summary: 'the device is removed while CPUs use its memory, and its driver reads the page table',
    threads: ['migrate', 'cpu', 'zap', 'snapshot', 'remove'],
    sizes: sizes(1, 2),
    constants: { ...plain, removes: true },
  },
  {
    name: 'idle',
    summary: 'the device is removed while nobody uses its memory',
    threads: ['migrate', 'remove'],
    sizes: sizes(1, 2),
    constants: { ...plain, removes: true },
  },
  {
    name: 'close',
    summary: 'the file is closed while its process goes on',
    threads: ['migrate', 'cpu', 'close'],
    sizes: sizes(2, 2),
    constants: { ...plain, closes: true },
  },
  {
    name: 'pin',
    summary: 'somebody pins the memory for good, and a CPU uses it',
    threads: ['migrate', 'cpu', 'gup'],
    sizes: sizes(1, 3),
    constants: { ...plain, 'pins-taken': true, 'system-pages': 'two' },
  },
  {
    name: 'pin-remove',
    summary: 'somebody pins the memory for good, and the device is removed',
    threads: ['migrate', 'gup', 'remove'],
    sizes: sizes(1, 3),
    constants: { ...plain, removes: true, 'pins-taken': true, 'system-pages': 'two' },
  },
  {
    name: 'crowd',
    summary: 'removal with three CPUs, two pages of device memory and two addresses',
    large: true,
    threads: ['migrate', 'cpu', 'zap', 'remove'],
    sizes: sizes(3, 4, 2),
    constants: { ...plain, removes: true, 'system-pages': 'two' },
    without: tooLarge(18_594_708, ...hangs),
  },
  {
    name: 'three-of-each',
    summary: 'removal with three CPUs, three pages of device memory and three addresses',
    large: true,
    threads: ['migrate', 'cpu', 'zap', 'remove'],
    sizes: sizes(3, 5, 3),
    constants: { ...plain, removes: true, 'system-pages': 'two' },
    without: tooLarge(2_100_629_160, ...hangs),
  },
]
