/** Wait queues and completions: who sleeps is woken, if somebody wakes, and if the order of test and sleep is right. */
import { describe, expect, test } from 'vitest'
import { Bool, Break, deadlock, If, Loop, lockDeadlock, queueOf, oneOf, shared } from '../../src/language/index.ts'
import {
  complete_all,
  Completion,
  finish_wait,
  Mutex,
  mutex_lock,
  mutex_unlock,
  non_block_end,
  non_block_start,
  prepare_to_wait,
  reinit_completion,
  schedule,
  wait_event,
  wait_event_timeout,
  wait_for_completion,
  wake_up_all,
  WaitQueue,
} from '../../src/kernel/index.ts'
import { Step } from '../../src/language/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const wq = shared('wq', WaitQueue)
const ready = shared('ready', Bool)
const done = shared('done', Completion)
const mutex = shared('mutex', Mutex)
const bit = shared('bit', Bool)
const log = shared('log', queueOf(oneOf('w', 'r', 'd'), 4))
const dead = [deadlock(), lockDeadlock()]

/** wait_event(wq, ready). */
const waits = thread('waits', () => {
  Loop(() => {
    prepare_to_wait(wq)
    If(ready, () => Break())
    schedule(wq)
  })
  finish_wait(wq)
  return log.push('w')
})
/** The same with the test before the preparation. */
const tests_first = thread('tests_first', () => {
  If(ready, () => undefined).Else(() => {
    prepare_to_wait(wq)
    schedule(wq)
  })
  return log.push('w')
})
const wakes = (really: boolean) =>
  thread('wakes', () => {
    log.push('r')
    ready.set(true)
    return really ? wake_up_all(wq) : undefined
  })

describe('a wait queue', () => {
  test('wakes who waits for what has come true', async () => {
    expect(endings(closed([waits, wakes(true)]))).toEqual(['rw'])
    expect(await verdicts(closed([waits, wakes(true)], dead))).toEqual({ deadlock: 'holds', 'lock-deadlock': 'holds' })
  })

  test('without a wake-up nobody wakes', async () => {
    expect(endings(closed([waits, wakes(false)]))).toEqual(['r and stuck', 'rw'])
    // Prepared, tested; told and made true: the sleeper sleeps on.
    expect(await verdicts(closed([waits, wakes(false)], dead))).toEqual({
      deadlock: 'violated in 4',
      'lock-deadlock': 'holds',
    })
  })

  test('who tests before he prepares loses the wake-up between', async () => {
    // Tested; told, made true, woken; prepared.
    expect(await verdicts(closed([tests_first, wakes(true)], dead))).toEqual({
      deadlock: 'violated in 5',
      'lock-deadlock': 'holds',
    })
  })

  test('a wake-up for something else is no end of waiting', async () => {
    const wakes_for_nothing = thread('wakes_for_nothing', () => wake_up_all(wq))
    expect(endings(closed([waits, wakes_for_nothing]))).toEqual([' and stuck'])
  })
})

describe('a completion', () => {
  const waiter = thread('waiter', () => {
    wait_for_completion(done)
    return log.push('w')
  })
  const completes = thread('completes', () => {
    log.push('d')
    return complete_all(done)
  })

  test('is waited for until it is done, and stays done', () => {
    expect(endings(closed([waiter, completes]))).toEqual(['dw'])
    expect(
      endings(
        closed([
          thread('a', () => {
            complete_all(done)
            wait_for_completion(done)
            wait_for_completion(done)
            return log.push('w')
          }),
        ]),
      ),
    ).toEqual(['w'])
  })

  test('that is made new is waited for again', () => {
    expect(
      endings(
        closed([
          thread('a', () => {
            complete_all(done)
            reinit_completion(done)
            wait_for_completion(done)
            return log.push('w')
          }),
        ]),
      ),
    ).toEqual([' and stuck'])
  })

  test('that nobody completes is a deadlock', async () => {
    expect(await verdicts(closed([waiter], dead))).toEqual({ deadlock: 'violated in 0', 'lock-deadlock': 'holds' })
  })

  test('waited for under the lock that its completer needs is a deadlock', async () => {
    const under = thread('under', () => {
      mutex_lock(mutex)
      wait_for_completion(done)
      return mutex_unlock(mutex)
    })
    const locked = thread('locked', () => {
      mutex_lock(mutex)
      complete_all(done)
      return mutex_unlock(mutex)
    })
    expect(await verdicts(closed([under, locked], dead))).toEqual({
      deadlock: 'violated in 1',
      'lock-deadlock': 'holds',
    })
  })
})

describe('a section that must not sleep', () => {
  test('is one for everything that may sleep', async () => {
    const message = 'sleeping function called from invalid context'
    const inside = (body: () => unknown) =>
      thread('inside', () => {
        Step('non_block_start()', () => non_block_start())
        body()
        return Step('non_block_end()', () => non_block_end())
      })
    expect(await verdicts(closed([inside(() => mutex_lock(mutex))]))).toEqual({ [message]: 'violated in 2' })
    expect(await verdicts(closed([inside(() => wait_for_completion(done))]))).toEqual({ [message]: 'violated in 2' })
    expect(await verdicts(closed([inside(() => bit.set(true))]))).toEqual({})
  })

  test('ends where it ends', async () => {
    const after = thread('after', () => {
      Step('non_block_start()', () => non_block_start())
      Step('non_block_end()', () => non_block_end())
      mutex_lock(mutex)
      return mutex_unlock(mutex)
    })
    expect(await verdicts(closed([after]))).toEqual({})
  })
})

describe('wait_event()', () => {
  const waits_for_it = thread('waits', () => {
    wait_event(wq, () => ready)
    return log.push('w')
  })
  test('wakes who waits for what has come true, and only if somebody wakes', () => {
    expect(endings(closed([waits_for_it, wakes(true)]))).toEqual(['rw'])
    expect(endings(closed([waits_for_it, wakes(false)]))).toEqual(['r and stuck', 'rw'])
  })
  test('with a time limit ends without a wake-up, and says whether the condition held', () => {
    const limited = thread('limited', () => {
      const held = wait_event_timeout(wq, () => ready)
      return If(held, () => log.push('w')).Else(() => log.push('d'))
    })
    expect(endings(closed([limited]))).toEqual(['d'])
    // Told; made true; tested. Or given up, and told only then.
    expect(endings(closed([limited, wakes(false)]))).toEqual(['dr', 'rd', 'rw'])
  })
})
