/**
 * RCU: a grace period waits for the readers of its beginning, nobody sleeps in a read section, and what was given to
 * call_rcu() is freed after it.
 */
import { describe, expect, test } from 'vitest'
import {
  array,
  Assert,
  assertion,
  Await,
  Bool,
  Choose,
  deadlock,
  every,
  lockDeadlock,
  not,
  oneOf,
  queueOf,
  shared,
  sort,
  Step,
} from '../../src/language/index.ts'
import {
  Mutex,
  mutex_lock,
  rcu_read_lock,
  rcu_read_unlock,
  rcuCallbacks,
  rcuReadUnlock,
  synchronize_rcu,
} from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const log = shared('log', queueOf(oneOf('r', 's', 'l'), 4))
const entered = shared('entered', Bool)
const begun = shared('begun', Bool)
const mutex = shared('mutex', Mutex)
const dead = [deadlock(), lockDeadlock()]

describe('a grace period', () => {
  test('waits for a reader of its beginning', () => {
    const reader = thread('reader', () => {
      rcu_read_lock()
      entered.set(true)
      log.push('r')
      return rcu_read_unlock()
    })
    const waiter = thread('waiter', () => {
      Await(entered)
      synchronize_rcu()
      return log.push('s')
    })
    expect(endings(closed([reader, waiter]))).toEqual(['rs'])
  })

  test('does not wait for one that comes later', () => {
    const waiter = thread('waiter', () => {
      synchronize_rcu()
      log.push('s')
      return begun.set(true)
    })
    const late = thread('late', () => {
      Await(begun)
      rcu_read_lock()
      log.push('l')
      return rcu_read_unlock()
    })
    expect(endings(closed([waiter, late]))).toEqual(['sl'])
  })

  test('of a section that has another inside waits for the outer one', () => {
    const nested = thread('reader', () => {
      rcu_read_lock()
      entered.set(true)
      rcu_read_lock()
      rcu_read_unlock()
      log.push('r')
      return rcu_read_unlock()
    })
    const waiter = thread('waiter', () => {
      Await(entered)
      synchronize_rcu()
      return log.push('s')
    })
    expect(endings(closed([nested, waiter]))).toEqual(['rs'])
  })

  test('under a mutex that a reader of it waits for, by trying again, never ends', async () => {
    const holder = thread('holder', () => {
      mutex_lock(mutex)
      Await(entered)
      return synchronize_rcu()
    })
    const reader = thread('reader', () => {
      rcu_read_lock()
      entered.set(true)
      Await(mutex.owner.isNone)
      return rcu_read_unlock()
    })
    expect(await verdicts(closed([holder, reader], dead))).toMatchObject({
      deadlock: expect.stringContaining('violated') as string,
    })
  })
})

describe('misuse', () => {
  const message = 'sleeping function called from invalid context'
  test('sleeping in a read section, a grace period in one, leaving none', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            rcu_read_lock()
            mutex_lock(mutex)
          }),
        ]),
      ),
    ).toEqual({ [message]: 'violated in 2' })
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            rcu_read_lock()
            synchronize_rcu()
          }),
        ]),
      ),
    ).toEqual({ [message]: 'violated in 2' })
    expect(await verdicts(closed([thread('a', () => rcu_read_unlock())]))).toEqual({
      'rcu_read_unlock() outside a read section': 'violated in 1',
    })
  })
})

describe('call_rcu()', () => {
  const Thing = sort('Thing')
  const freed = shared('freed', array(Thing, Bool))
  const { call_rcu, reader_left } = rcuCallbacks(Thing, 'heads', (thing) => freed.at(thing).set(true))
  const leave = rcuReadUnlock(reader_left)
  const one = { sizes: { Thing: 1 } }

  test('frees at once where nobody reads', () => {
    const freer = thread('freer', () =>
      Step('call_rcu()', () => {
        call_rcu(Choose('thing', Thing))
      }),
    )
    expect(endings(closed([freer], [], one), 'freed')).toEqual(['true'])
  })

  test('frees when the last reader of then has left, and not before', async () => {
    const reader = thread('reader', () => {
      rcu_read_lock()
      entered.set(true)
      Step('reads', () =>
        Assert(
          'P-LIFE',
          every(Thing, (thing) => not(freed.at(thing))),
        ),
      )
      return leave()
    })
    const frees = (how: 'call_rcu' | 'kfree') =>
      thread('frees', () => {
        Await(entered)
        return Step(how, () => {
          const thing = Choose('thing', Thing)
          if (how === 'call_rcu') call_rcu(thing)
          else freed.at(thing).set(true)
        })
      })
    expect(await verdicts(closed([reader, frees('call_rcu')], [assertion('P-LIFE')], one))).toEqual({
      'P-LIFE': 'holds',
    })
    // rcu_read_lock(), entered, and seen to be; freed; read.
    expect(await verdicts(closed([reader, frees('kfree')], [assertion('P-LIFE')], one))).toEqual({
      'P-LIFE': 'violated in 5',
    })
    expect(endings(closed([reader, frees('call_rcu')], [], one), 'freed')).toEqual(['true'])
  })
})
