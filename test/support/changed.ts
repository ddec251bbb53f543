/**
 * A protocol whose text changes: two threads add one by a read and a write, with no order at all (`racy`) or a mutex
 * around both (`locked`).
 * As it was first, an update is lost in four steps: read, read, write, write. What each change makes of them can be
 * said by hand.
 */
import {
  Acquire,
  and,
  array,
  atomic,
  Await,
  Bool,
  Choose,
  count,
  current,
  Either,
  fix,
  If,
  invariant,
  model,
  none,
  not,
  optional,
  or,
  procedure,
  range,
  ref,
  shared,
  sort,
  Step,
  struct,
  Thread,
  thread,
  threadPer,
} from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'

/**
 * - `inserted`: each thread accounts for itself first. `renamed`: the read is a load. `wrapped`: all of it is in a
 *   procedure.
 * - `carried`: the number that is accounted for is chosen, and one alone is possible. `several`: of two, both are.
 *   `either`: there are two ways to account.
 * - `early`: what is new must be done before anybody reads.
 * - `started`: another thread has to act first. `corrected`: the mutex is always taken. `split`: the write is two
 *   steps.
 */
export type Change =
  | 'inserted'
  | 'renamed'
  | 'wrapped'
  | 'carried'
  | 'several'
  | 'either'
  | 'early'
  | 'started'
  | 'corrected'
  | 'split'

/** The protocol after some changes. */
export function changed(...changes: readonly Change[]): Protocol {
  const has = (change: Change): boolean => changes.includes(change)
  const Adder = sort('Adder')
  const Mutex = struct('mutex', { owner: optional(Thread) })
  const x = shared('x', range(0, 2))
  const lock = shared('lock', Mutex)
  const [seen, sum] = [shared('seen', array(Adder, range(0, 2))), shared('sum', array(Adder, range(0, 3)))]
  const [finished, accounted] = [shared('finished', array(Adder, Bool)), shared('accounted', array(Adder, range(0, 2)))]
  const [started, reading] = [shared('started', Bool), shared('reading', Bool)]
  const locked = fix('locked')
  const mutex_lock = atomic('mutex_lock', [ref(Mutex)], (mutex) => {
    Acquire(mutex.owner.isNone, (holder) => mutex.owner.eq(holder))
    mutex.owner.set(current)
  })

  const body = procedure('body', [Adder], (me) => {
    const isTaken = has('corrected') ? or(locked, not(locked)) : locked
    If(isTaken, () => {
      mutex_lock(lock)
    })
    if (has('inserted'))
      Step('account', () => {
        accounted.at(me).set(1)
      })
    if (has('early'))
      Step('account early', () => {
        Await(count(Adder, (one) => and(seen.at(one).eq(0), x.eq(0), not(reading))).eq(2))
        accounted.at(me).set(1)
      })
    if (has('carried') || has('several')) {
      const n = Choose('n', range(0, 2), (one) => (has('several') ? one.gt(0) : one.eq(2)))
      accounted.at(me).set(n)
    }
    if (has('either'))
      Either(
        () =>
          Step('account', () => {
            accounted.at(me).set(1)
          }),
        () =>
          Step('account twice', () => {
            accounted.at(me).set(2)
          }),
      )
    Step(has('renamed') ? 'load' : 'read', () => {
      if (has('started')) Await(started)
      seen.at(me).set(x)
      if (has('early')) reading.set(true)
    })
    if (has('split'))
      Step('compute', () => {
        sum.at(me).set(seen.at(me).plus(1))
      })
    Step(has('split') ? 'store' : 'write', () => {
      x.set(has('split') ? sum.at(me) : seen.at(me).plus(1))
      finished.at(me).set(true)
    })
    If(isTaken, () => lock.owner.set(none))
  })
  const outer = procedure('outer', [Adder], (me) => {
    body(me)
  })
  const add = threadPer(Adder, 'add', (me) => {
    ;(has('wrapped') ? outer : body)(me)
  })
  const start = thread('start', () => {
    started.set(true)
  })
  return {
    name: 'adders',
    title: 'Two threads add one',
    model: model('adders', {
      threads: has('started') ? [add, start] : [add],
      properties: [invariant('nothing is lost', x.eq(count(Adder, (one) => finished.at(one))))],
    }),
    parameters: { adders: { sort: 'Adder', min: 1, max: 2, summary: 'threads' } },
    fixes: [{ name: 'locked', kind: 'correction', summary: 'a mutex around both', source: 'by hand' }],
    variants: [
      { name: 'racy', summary: 'no order', constants: { locked: false } },
      { name: 'fixed', summary: 'a mutex', constants: { locked: true } },
    ],
    scenarios: [{ name: 'two', summary: 'two threads', sizes: { adders: 2 } }],
    expectations: [],
  }
}
