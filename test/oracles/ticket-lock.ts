/** The ticket spinlock of Linux on N CPUs, tickets modulo N (kernel-tla, `ticket spinlock`). */
import {
  Await,
  invariant,
  Local,
  Loop,
  model,
  none,
  optional,
  saturating,
  shared,
  size,
  sort,
  Step,
  struct,
  threadPer,
  wrapping,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const Cpu = sort('Cpu')
const Ticket = wrapping(size(Cpu))
const lock = shared('lock', struct('arch_spinlock_t', { next: Ticket, owner: Ticket }))
/** Says no more than who is between l2 and u1. */
const inside = shared('inside', saturating(0, 2))

const cpu = threadPer(
  Cpu,
  'cpu',
  () => {
    const my = Local('my', optional(Ticket))
    Loop(() => {
      Step('call arch_spin_lock', () => {})
      Step('l1: fetch and add', () => {
        my.set(lock.next)
        lock.next.increment()
      })
      Step('l2: wait', () => {
        Await(my.eq(lock.owner))
        my.set(none)
        inside.increment()
      })
      Step('cs: skip', () => {})
      Step('call arch_spin_unlock', () => {})
      Step('u1: pass on', () => {
        lock.owner.increment()
        inside.decrement()
      })
      Step('u2: skip', () => {})
    })
  },
  { daemon: true },
)

const ticketLock = model('ticket lock', { threads: [cpu], properties: [invariant('mutual exclusion', inside.lt(2))] })

const row = (cpus: number, counts: Pick<Oracle, 'states' | 'transitions' | 'depth'>): Oracle => ({
  name: `ticket lock, ${cpus} CPUs`,
  model: ticketLock,
  configuration: { sizes: { Cpu: cpus }, constants: {} },
  ...counts,
})

export const rows: readonly Oracle[] = [
  row(2, { states: 82, transitions: 148, depth: 20 }),
  row(3, { states: 693, transitions: 1_719, depth: 33 }),
  row(4, { states: 5_316, transitions: 16_080, depth: 46 }),
]
