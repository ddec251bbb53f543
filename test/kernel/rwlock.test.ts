/** rwlock_t: who is granted it, in which order, who waits for whom, and that nobody sleeps with it. */
import { describe, expect, test } from 'vitest'
import {
  and,
  Await,
  Bool,
  deadlock,
  If,
  lockDeadlock,
  not,
  oneOf,
  or,
  queueOf,
  shared,
  Step,
} from '../../src/language/index.ts'
import {
  Mutex,
  mutex_lock,
  read_lock,
  read_trylock,
  read_unlock,
  Rwlock,
  spin_lock,
  spin_unlock,
  Spinlock,
  write_lock,
  write_trylock,
  write_unlock,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const lock = shared('lock', Rwlock)
const spin = shared('spin', Spinlock)
const mutex = shared('mutex', Mutex)
const log = shared('log', queueOf(oneOf('a', 'b', 'w', 'x', 'y', 'n'), 4))
const locks = [deadlock(), lockDeadlock()]
const queued = (n: number) => lock.waiters.length.eq(n)
const held = or(lock.writer.isSome, not(lock.readers.isEmpty))

const reads = (name: 'a' | 'b', arrives: Bool) =>
  thread(name, () => {
    Await(arrives)
    read_lock(lock)
    log.push(name)
    return read_unlock(lock)
  })
const writes = (name: 'w' | 'x', arrives: Bool) =>
  thread(name, () => {
    Await(arrives)
    write_lock(lock)
    log.push(name)
    return write_unlock(lock)
  })
/** Owns it until `last` spin. */
const first = (how: 'read' | 'write', last: number) =>
  thread('first', () => {
    if (how === 'write') write_lock(lock)
    else read_lock(lock)
    Await(queued(last))
    return how === 'write' ? write_unlock(lock) : read_unlock(lock)
  })

describe('one transition', () => {
  test('alone, and for two readers: each of them before, owner or after', async () => {
    const one = (name: string) =>
      thread(name, () => {
        read_lock(lock)
        return read_unlock(lock)
      })
    expect(await judge(closed([one('a'), one('b')], locks))).toMatchObject({ states: 9, transitions: 12 })
    expect(
      await judge(
        closed([
          thread('w', () => {
            write_lock(lock)
            return write_unlock(lock)
          }),
        ]),
      ),
    ).toMatchObject({ states: 3, transitions: 2 })
  })
})

describe('the queue is first in, first out', () => {
  test('of writers, and of a reader behind a writer', () => {
    expect(endings(closed([first('write', 2), writes('w', and(held, queued(0))), writes('x', queued(1))]))).toEqual([
      'wx',
    ])
    expect(endings(closed([first('read', 2), writes('w', and(held, queued(0))), reads('b', queued(1))]))).toEqual([
      'wb',
    ])
  })
  test('of readers, who get in together', () => {
    expect(endings(closed([first('write', 2), reads('a', held), reads('b', held)]))).toEqual(['ab', 'ba'])
  })
})

describe('trying', () => {
  const tries = (how: 'read' | 'write', when: Bool) =>
    thread('tries', () => {
      Await(when)
      const taken = how === 'read' ? read_trylock(lock) : write_trylock(lock)
      return If(taken, () => log.push('y')).Else(() => log.push('n'))
    })
  test('a reader gets in beside readers, a writer beside nobody', () => {
    const holds = (how: 'read' | 'write') =>
      thread('holds', () => (how === 'read' ? read_lock(lock) : write_lock(lock)))
    expect(endings(closed([tries('read', not(held))]))).toEqual(['y'])
    expect(endings(closed([holds('read'), tries('read', held)]))).toEqual(['y'])
    expect(endings(closed([holds('read'), tries('write', held)]))).toEqual(['n'])
    expect(endings(closed([holds('write'), tries('read', held)]))).toEqual(['n'])
  })
})

describe('misuse', () => {
  test('reading twice, unlocking what is not held, sleeping with it', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            read_lock(lock)
            read_lock(lock)
          }),
        ]),
      ),
    ).toEqual({
      'read_lock() by a thread that reads it already: a deadlock as soon as a writer comes between': 'violated in 2',
    })
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            write_lock(lock)
            write_lock(lock)
          }),
        ]),
      ),
    ).toEqual({ 'write_lock() by a thread that owns it': 'violated in 2' })
    expect(await verdicts(closed([thread('a', () => read_unlock(lock))]))).toEqual({
      'read_unlock() by a thread that does not read it': 'violated in 1',
    })
    expect(await verdicts(closed([thread('a', () => write_unlock(lock))]))).toEqual({
      'write_unlock() by a thread that does not write it': 'violated in 1',
    })
    for (const take of [() => read_lock(lock), () => write_lock(lock)]) {
      expect(
        await verdicts(
          closed([
            thread('a', () => {
              take()
              mutex_lock(mutex)
            }),
          ]),
        ),
      ).toEqual({ 'sleeping function called from invalid context': 'violated in 2' })
    }
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            read_lock(lock)
            read_unlock(lock)
            mutex_lock(mutex)
          }),
        ]),
      ),
    ).toEqual({})
  })
})

describe('deadlock', () => {
  const one = thread('one', () => {
    read_lock(lock)
    spin_lock(spin)
    spin_unlock(spin)
    return read_unlock(lock)
  })
  const other = thread('other', () => {
    spin_lock(spin)
    read_lock(lock)
    read_unlock(lock)
    return spin_unlock(spin)
  })
  test('of two readers, once a writer stands between them', async () => {
    expect(await verdicts(closed([one, other], locks))).toEqual({ deadlock: 'holds', 'lock-deadlock': 'holds' })
    const writer = thread('writer', () => {
      write_lock(lock)
      return Step('done', () => write_unlock(lock))
    })
    expect(await verdicts(closed([one, other, writer], locks))).toMatchObject({
      'lock-deadlock': expect.stringContaining('violated') as string,
    })
  })
})
