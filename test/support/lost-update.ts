/**
 * Two threads add one by a read and a write, and four ways to order them: what each makes of the schedule read, read,
 * write, write can be said by hand.
 *
 * - `racy`: no order at all; it loses an update in four steps.
 * - `locked`: a mutex around both, which the second thread can't have before the first is done.
 * - `ordered`: the read itself has a guard, and is false for the second thread.
 * - `rechecked`: a look at x before the write, and back if it has changed. Both may look before either writes, so
 *   that corrects nothing.
 * - `late`: who writes second adds to what is there.
 */
import {
  Acquire,
  array,
  atomic,
  Await,
  Bool,
  count,
  current,
  deadlock,
  fix,
  Goto,
  If,
  invariant,
  Label,
  Let,
  model,
  none,
  not,
  optional,
  range,
  ref,
  shared,
  sort,
  Step,
  struct,
  Thread,
  threadPer,
} from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'

const Adder = sort('Adder')
const Mutex = struct('mutex', { owner: optional(Thread) })
const x = shared('x', range(0, 2))
const lock = shared('lock', Mutex)
const busy = shared('busy', Bool)
const seen = shared('seen', array(Adder, range(0, 2)))
const finished = shared('finished', array(Adder, Bool))

const [locked, ordered, rechecked, late] = [fix('locked'), fix('ordered'), fix('rechecked'), fix('late')]

const mutex_lock = atomic('mutex_lock', [ref(Mutex)], (mutex) => {
  Acquire(mutex.owner.isNone, (holder) => mutex.owner.eq(holder))
  mutex.owner.set(current)
})

const add = threadPer(Adder, 'add', (me) => {
  If(locked, () => {
    mutex_lock(lock)
  })
  const again = Label('again')
  Step('read', () => {
    If(ordered, () => {
      Await(not(busy))
      busy.set(true)
    })
    seen.at(me).set(x)
  })
  If(rechecked, () => {
    const changed = Let('changed', not(x.eq(seen.at(me))))
    If(changed, () => {
      Goto(again)
    })
  })
  Step('write', () => {
    If(late, () => x.increment()).Else(() => x.set(seen.at(me).plus(1)))
    If(ordered, () => busy.set(false))
    finished.at(me).set(true)
  })
  If(locked, () => lock.owner.set(none))
})

const variant = (name: string, fixed?: string) => ({
  name,
  summary: name,
  constants: Object.fromEntries(['locked', 'ordered', 'rechecked', 'late'].map((one) => [one, one === fixed])),
})

export const lostUpdate: Protocol = {
  name: 'lost-update',
  title: 'Two threads add one',
  model: model('lost update', {
    threads: [add],
    properties: [invariant('nothing is lost', x.eq(count(Adder, (one) => finished.at(one)))), deadlock()],
  }),
  parameters: { adders: { sort: 'Adder', min: 1, max: 3, summary: 'threads' } },
  fixes: ['locked', 'ordered', 'rechecked', 'late'].map((name) => ({
    name,
    kind: 'correction',
    summary: name,
    source: 'by hand',
  })),
  variants: [
    variant('racy'),
    variant('locked', 'locked'),
    variant('ordered', 'ordered'),
    variant('rechecked', 'rechecked'),
    variant('late', 'late'),
  ],
  scenarios: [{ name: 'two', summary: 'two threads', sizes: { adders: 2 } }],
  expectations: [],
}
