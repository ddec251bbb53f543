/** The driver and the threads that take part: each scenario is a whole closed world in which `fixed` must hold. */
import type { Parameter, Scenario } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

export const parameters: Readonly<Record<string, Parameter>> = {
  cpus: { sort: 'Cpu', min: 1, max: 2, summary: 'threads of the process that change its memory' },
  buffers: { sort: 'Bo', min: 1, max: 2, summary: 'buffers of one page of user memory each' },
  lists: { sort: 'List', min: 1, max: 2, summary: 'submitters, each with a list of one buffer' },
  addresses: { sort: 'Va', min: 1, max: 1, summary: 'virtual addresses' },
  pages: { sort: 'Page', min: 1, max: 3, summary: 'pages of memory' },
}

const sizes = (more: Scenario['sizes'] = {}): Scenario['sizes'] => ({
  cpus: 1,
  buffers: 1,
  lists: 1,
  addresses: 1,
  pages: 2,
  ...more,
})

/** The variants of which `recoverable` is asked everywhere: the protocol as it should be, and what waits for ever. */
const hangs = ['fixed']

export const scenarios: readonly Scenario[] = [
  {
    name: 'kfd',
    summary: 'KFD: the restore of one buffer, and a queue',
    threads: ['zap', 'restore', 'queue'],
    sizes: sizes(),
    constants: { driver: 'kfd', unbinds: false },
  },
  {
    name: 'kfd-two',
    summary: 'KFD: the same with two buffers of one address',
    large: true,
    threads: ['zap', 'restore', 'queue'],
    sizes: sizes({ buffers: 2 }),
    constants: { driver: 'kfd', unbinds: false },
    without: tooLarge(788_708, ...hangs),
  },
  {
    name: 'amdgpu',
    summary: 'amdgpu: one submitter',
    threads: ['zap', 'cs', 'job'],
    sizes: sizes(),
    constants: { driver: 'amdgpu', unbinds: false },
  },
  {
    name: 'amdgpu-two',
    summary: 'amdgpu: two submitters, whose lists have the same buffer',
    threads: ['zap', 'cs', 'job'],
    sizes: sizes({ lists: 2 }),
    constants: { driver: 'amdgpu', unbinds: false },
  },
  {
    name: 'amdgpu-unlisted',
    summary: 'amdgpu: one submitter, and a job that has the address of the buffer and does not list it',
    threads: ['zap', 'cs', 'job', 'stranger'],
    sizes: sizes(),
    constants: { driver: 'amdgpu', unbinds: false },
  },
  {
    name: 'xe',
    summary: 'xe: one submitter',
    threads: ['zap', 'exec', 'job'],
    sizes: sizes(),
    constants: { driver: 'xe', unbinds: false },
  },
  {
    name: 'xe-two',
    summary: 'xe: one submitter and two buffers of one address',
    large: true,
    threads: ['zap', 'exec', 'job'],
    sizes: sizes({ buffers: 2, pages: 1 }),
    constants: { driver: 'xe', unbinds: false },
    without: tooLarge(1_465_446),
  },
  {
    name: 'xe-unbind',
    summary: 'xe: one submitter and two buffers, one of which is unbound; a pin may fail',
    threads: ['exec', 'job', 'unbind'],
    sizes: sizes({ buffers: 2 }),
    constants: { driver: 'xe', unbinds: true },
  },
  {
    name: 'xe-reclaim',
    summary: 'xe: one submitter, and reclaim, which locks pages',
    threads: ['reclaim', 'exec', 'job'],
    sizes: sizes(),
    constants: { driver: 'xe', unbinds: false },
  },
  {
    name: 'i915',
    summary: 'i915: one submitter',
    threads: ['zap', 'execbuffer', 'job'],
    sizes: sizes(),
    constants: { driver: 'i915', unbinds: false },
  },
  {
    name: 'i915-reclaim',
    summary: 'i915: one submitter, and reclaim, which locks pages',
    threads: ['reclaim', 'execbuffer', 'job'],
    sizes: sizes(),
    constants: { driver: 'i915', unbinds: false },
  },
  {
    name: 'i915-mutex',
    summary: 'i915 of 4.11 to 5.4: one submitter, which holds struct_mutex while it allocates and reclaims',
    threads: ['zap', 'execbuffer_mutex', 'cancel_userptr', 'job'],
    sizes: sizes(),
    constants: { driver: 'i915-5.0', unbinds: false },
  },
  {
    name: 'hfi1',
    summary: 'hfi1: a process and its child use one file, with one cache of pinned pages',
    threads: ['hfi1_parent', 'hfi1_child'],
    sizes: sizes({ pages: 3 }),
    constants: { driver: 'hfi1', unbinds: false },
  },
]
