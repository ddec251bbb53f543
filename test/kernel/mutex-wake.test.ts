/** The two steps of mutex_unlock(): who frees a mutex as soon as it can be taken frees it under the second. */
import { expect, test } from 'vitest'
import { Assert, assertion, Await, Bool, deadlock, not, shared, Step } from '../../src/language/index.ts'
import { Mutex, mutex_lock, mutex_unlock, mutex_unlock_and_wake } from '../../src/kernel/index.ts'
import { closed, thread, verdicts } from './support.ts'

const lock = shared('lock', Mutex)
const empty = shared('empty', Bool)
const freed = shared('freed', Bool)
const asked = [assertion('P-LIFE'), deadlock()]

/** Takes what it has out of the list, under the lock. */
const leaves = (in_two: boolean) =>
  thread('leaves', () => {
    mutex_lock(lock)
    Step('list_del', () => empty.set(true))
    return in_two ? mutex_unlock_and_wake(lock, () => Assert('P-LIFE', not(freed))) : mutex_unlock(lock)
  })
/** Frees the lock with what it protects, once the list is empty. */
const frees = (takes: boolean) =>
  thread('frees', () => {
    if (takes) {
      mutex_lock(lock)
      Await(empty)
      mutex_unlock(lock)
    } else {
      Await(empty)
    }
    return Step('kfree', () => freed.set(true))
  })

test('the lock itself excludes nothing here', async () => {
  // Locked, taken out, free; seen empty, freed; looked at again.
  expect(await verdicts(closed([leaves(true), frees(false)], asked))).toEqual({
    'P-LIFE': 'violated in 6',
    deadlock: 'holds',
  })
})

test('an unlock that does not touch it again lets it go', async () => {
  expect(await verdicts(closed([leaves(false), frees(false)], asked))).toEqual({ 'P-LIFE': 'holds', deadlock: 'holds' })
})

test('taking it before it is freed does not help; and waiting with it held is a deadlock', async () => {
  // Locked, taken out, free; locked, seen empty, unlocked, freed; looked at again.
  expect(await verdicts(closed([leaves(true), frees(true)], asked))).toEqual({
    'P-LIFE': 'violated in 8',
    deadlock: 'violated in 1',
  })
})

test('it is free from the first step on', async () => {
  const free = thread('free', () => {
    mutex_lock(lock)
    return mutex_unlock(lock)
  })
  expect(await verdicts(closed([leaves(true), free], asked))).toEqual({ 'P-LIFE': 'holds', deadlock: 'holds' })
})
