/**
 * call_srcu(): freed when the readers of then have left, by whoever is the last; and the orders in which exit may
 * take a notifier out.
 */
import { describe, expect, test } from 'vitest'
import {
  Assert,
  assertion,
  Bool,
  Choose,
  constant,
  deadlock,
  If,
  lockDeadlock,
  not,
  oneOf,
  or,
  procedure,
  queueOf,
  setOf,
  shared,
  sort,
  Step,
} from '../../src/language/index.ts'
import {
  Mutex,
  mutex_lock,
  mutex_unlock,
  mmuNotifiers,
  Rwsem,
  Srcu,
  srcu_read_lock,
  srcu_read_unlock,
  srcuCallbacks,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const Thing = sort('Thing')
const srcu = shared('srcu', Srcu)
const mutex = shared('mutex', Mutex)
const freed = shared('freed', setOf(Thing))
/** Who has done something, in capitals if the thing was freed by the end of that step. */
const log = shared('log', queueOf(oneOf('r', 'R', 'q', 'Q'), 6))
const says = (before: 'r' | 'q', after: 'R' | 'Q') =>
  If(freed.isEmpty, () => log.push(before)).Else(() => log.push(after))
const callbacks = srcuCallbacks(Thing, 'heads', { srcu, freed: (thing) => freed.add(thing) })
const one = { sizes: { Thing: 1 } }

const leaves = () =>
  Step('srcu_read_unlock', () => {
    srcu_read_unlock(srcu)
    callbacks.reader_left()
    says('r', 'R')
  })
const reader = (name: string) =>
  thread(name, () => {
    srcu_read_lock(srcu)
    return leaves()
  })
const queues = () =>
  Step('call_srcu', () => {
    callbacks.call_srcu(Choose('thing', Thing))
    says('q', 'Q')
  })

describe('call_srcu', () => {
  test('frees at once if nobody reads', async () => {
    expect(endings(closed([thread('a', queues)], [], one))).toEqual(['Q'])
    expect(await judge(closed([thread('a', queues)], [], one))).toMatchObject({ states: 2, transitions: 1 })
  })

  test('frees when the reader of then leaves, and does not wait', () => {
    // The reader has left, or comes later, or is there: then it frees.
    expect(endings(closed([reader('a'), thread('b', queues)], [], one))).toEqual(['QR', 'qR', 'rQ'])
  })

  test('waits for the last of several readers, not for those that come', () => {
    const found = endings(closed([reader('a'), reader('b'), thread('c', queues)], [], one))
    // None is there, and two, one or none have left before; one is there, or two, and the last of these frees.
    expect(found).toEqual(['QRR', 'qRR', 'qrR', 'rQR', 'rqR', 'rrQ'])
  })

  test('what a reader has found is there until it leaves', async () => {
    const gone = shared('gone', Bool)
    const finds = thread('finds', () => {
      srcu_read_lock(srcu)
      If(not(gone), () => {
        Step('uses', () => Assert('P-LIFE', freed.isEmpty))
      })
      return leaves()
    })
    const frees = (waits: boolean) =>
      thread('frees', () => {
        gone.set(true)
        return waits ? queues() : Step('kfree', () => freed.add(Choose('thing', Thing)))
      })
    const asked = [assertion('P-LIFE')]
    expect(await verdicts(closed([finds, frees(true)], asked, one))).toEqual({ 'P-LIFE': 'holds' })
    // Entered, not gone; gone, freed; used.
    expect(await verdicts(closed([finds, frees(false)], asked, one))).toEqual({ 'P-LIFE': 'violated in 5' })
  })

  test('may be called inside a section, and under a lock that a reader wants: nobody waits', async () => {
    const dead = [deadlock(), lockDeadlock()]
    const inside = thread('inside', () => {
      srcu_read_lock(srcu)
      queues()
      return leaves()
    })
    expect(endings(closed([inside], [], one))).toEqual(['qR'])
    const wants = thread('wants', () => {
      srcu_read_lock(srcu)
      mutex_lock(mutex)
      mutex_unlock(mutex)
      return leaves()
    })
    const under = thread('under', () => {
      mutex_lock(mutex)
      queues()
      return mutex_unlock(mutex)
    })
    expect(await verdicts(closed([wants, under], dead, one))).toEqual({ deadlock: 'holds', 'lock-deadlock': 'holds' })
  })

  test('twice, while it waits, is misuse', async () => {
    const twice = thread('twice', () => {
      srcu_read_lock(srcu)
      queues()
      return queues()
    })
    expect(await verdicts(closed([twice], [], one))).toEqual({
      'call_srcu() of what is queued already': 'violated in 3',
    })
  })
})

describe('a notifier list', () => {
  const Mirror = sort('Mirror')
  const mmap_sem = shared('mmap_sem', Rwsem)
  const release_before_unlink = constant('release_before_unlink', Bool)
  const unlink_twice = constant('unlink_twice', Bool)
  const released = shared('released', setOf(Mirror))
  const dead = shared('dead', setOf(Mirror))
  const notifiers = mmuNotifiers(Mirror, {
    mmap_sem,
    release_before_unlink,
    unlink_twice,
    freed: (mirror) => dead.add(mirror),
  })
  const listed = () => notifiers.list.set(setOf(Mirror).all)
  const asked = [assertion('P-LIFE')]

  test('in the old order a bracket misses a notifier whose release is still to come', async () => {
    const release = procedure('release', [Mirror], (mn) => {
      Step('srcu_read_lock: release', () => notifiers.enter_release(mn))
      Step('srcu_read_unlock: release', () => {
        released.add(mn)
        notifiers.leave()
      })
    })
    const exit = thread('exit', () => notifiers.mmu_notifier_release(release))
    const bracket = thread('bracket', () =>
      Step('a bracket', () => {
        const mirror = Choose('mirror', Mirror)
        Assert('P-LIFE', or(notifiers.is_listed(mirror), released.has(mirror)))
      }),
    )
    const on = (first: boolean) => ({ sizes: { Mirror: 1 }, constants: { release_before_unlink: first } })
    expect(await verdicts(closed([exit, bracket], asked, on(true), listed))).toEqual({ 'P-LIFE': 'holds' })
    // Taken out, missed.
    expect(await verdicts(closed([exit, bracket], asked, on(false), listed))).toEqual({ 'P-LIFE': 'violated in 2' })
  })

  test('may be left twice with hlist_del_init_rcu(), and once with hlist_del_rcu()', async () => {
    const leaves_it = thread('leaves_it', () => {
      const mirror = Choose('mirror', Mirror)
      notifiers.hlist_del_init_rcu(mirror)
      return notifiers.hlist_del_init_rcu(mirror)
    })
    const on = (twice: boolean) => ({ sizes: { Mirror: 1 }, constants: { unlink_twice: twice } })
    expect(await verdicts(closed([leaves_it], asked, on(true), listed))).toEqual({ 'P-LIFE': 'holds' })
    expect(await verdicts(closed([leaves_it], asked, on(false), listed))).toEqual({ 'P-LIFE': 'violated in 3' })
  })

  test('frees what is taken out when its methods have returned', async () => {
    const method = procedure('invalidate_range_start', [Mirror], (mn) => {
      Step('srcu_read_lock', () => notifiers.enter(mn))
      Step('srcu_read_unlock', () => {
        Assert('P-LIFE', not(dead.has(mn)))
        notifiers.leave()
      })
    })
    const bracket = thread('bracket', () => notifiers.for_each(method))
    const unregisters = (waits: boolean) =>
      thread('unregisters', () => {
        const mirror = Choose('mirror', Mirror)
        notifiers.hlist_del_init_rcu(mirror)
        return Step('kfree', () => (waits ? notifiers.mmu_notifier_call_srcu(mirror) : dead.add(mirror)))
      })
    const on = { sizes: { Mirror: 1 }, constants: { unlink_twice: true } }
    expect(await verdicts(closed([bracket, unregisters(true)], asked, on, listed))).toEqual({ 'P-LIFE': 'holds' })
    expect(endings(closed([bracket, unregisters(true)], [], on, listed), 'dead')).toEqual(['0'])
    // Entered; chosen, taken out, freed; used.
    expect(await verdicts(closed([bracket, unregisters(false)], asked, on, listed))).toEqual({
      'P-LIFE': 'violated in 5',
    })
  })
})
