/**
 * N threads increment a counter by a read and a write (Stateright `increment.rs`).
 * `i = number of finished threads` breaks at the soonest by read, read, write, write.
 */
import {
  array,
  Bool,
  count,
  invariant,
  Let,
  model,
  range,
  shared,
  size,
  sort,
  Step,
  threadPer,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const Incrementer = sort('Incrementer')
const i = shared('i', range(0, size(Incrementer)))
/** Says no more than that the thread is at its end. */
const finished = shared('finished', array(Incrementer, Bool))

const increment = threadPer(Incrementer, 'increment', (me) => {
  const t = Let('t', i)
  Step('i = t + 1', () => {
    i.set(t.plus(1))
    finished.at(me).set(true)
  })
})

export const lostUpdate = model('lost update', {
  threads: [increment],
  properties: [
    invariant('i is the number of finished threads', i.eq(count(Incrementer, (thread) => finished.at(thread)))),
  ],
})

const row = (threads: number, counts: Pick<Oracle, 'states' | 'stored' | 'depth' | 'deadLocalReset'>): Oracle => ({
  name: `lost update, ${threads} threads`,
  model: lostUpdate,
  configuration: { sizes: { Incrementer: threads }, constants: {} },
  ...counts,
  shortest: { 'i is the number of finished threads': 4 },
})

export const rows: readonly Oracle[] = [
  row(2, { states: 13, stored: 8, depth: 5, deadLocalReset: { states: 12, transitions: 14 } }),
  row(3, { states: 84, stored: 22, deadLocalReset: { states: 59, transitions: 99 } }),
  row(4, { states: 755, stored: 63, deadLocalReset: { states: 330, transitions: 740 } }),
  row(5, { states: 8_638, stored: 184, deadLocalReset: { states: 2_027, transitions: 5_755 } }),
  row(6, { states: 118_509 }),
]
