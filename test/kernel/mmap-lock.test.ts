/** Today's mmap_lock: who is granted it, in which order, and who waits for whom. */
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
  mmap_read_lock,
  mmap_read_trylock,
  mmap_read_unlock,
  mmap_write_downgrade,
  mmap_write_lock,
  mmap_write_trylock,
  mmap_write_unlock,
  MmapLock,
  Mutex,
  mutex_lock,
  mutex_unlock,
  non_block_start,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const sem = shared('sem', MmapLock)
const mutex = shared('mutex', Mutex)
const released = shared('released', Bool)
const log = shared('log', queueOf(oneOf('a', 'b', 'w', 'x', 'y', 'n'), 4))
const locks = [deadlock(), lockDeadlock()]
const queued = (n: number) => sem.waiters.length.eq(n)
/** The first one owns it. */
const held = or(sem.writer.isSome, not(sem.readers.isEmpty))

const reads = (name: 'a' | 'b', arrives: Bool | undefined = undefined) =>
  thread(name, () => {
    if (arrives !== undefined) Await(arrives)
    mmap_read_lock(sem)
    log.push(name)
    return mmap_read_unlock(sem)
  })
const writes = (name: 'w' | 'x', arrives: Bool | undefined = undefined) =>
  thread(name, () => {
    if (arrives !== undefined) Await(arrives)
    mmap_write_lock(sem)
    log.push(name)
    return mmap_write_unlock(sem)
  })
/** Owns it until `last` entries stand in the queue, with so many readers in theirs. */
const first = (how: 'read' | 'write', last: number, readers = 0) =>
  thread('first', () => {
    if (how === 'write') mmap_write_lock(sem)
    else mmap_read_lock(sem)
    Await(and(queued(last), sem.waiting_readers.size.ge(readers)))
    return Step('released', () => {
      if (how === 'write') mmap_write_unlock(sem)
      else mmap_read_unlock(sem)
      released.set(true)
    })
  })

describe('one transition', () => {
  test('alone, for reading and for writing', async () => {
    // before, owner, after
    expect(
      await judge(
        closed([
          thread('a', () => {
            mmap_read_lock(sem)
            return mmap_read_unlock(sem)
          }),
        ]),
      ),
    ).toMatchObject({ states: 3, transitions: 2 })
    expect(
      await judge(
        closed([
          thread('a', () => {
            mmap_write_lock(sem)
            return mmap_write_unlock(sem)
          }),
        ]),
      ),
    ).toMatchObject({ states: 3, transitions: 2 })
  })
  test('two readers never wait: each of them before, owner or after', async () => {
    const one = (name: string) =>
      thread(name, () => {
        mmap_read_lock(sem)
        return mmap_read_unlock(sem)
      })
    expect(await judge(closed([one('a'), one('b')], locks))).toMatchObject({ states: 9, transitions: 12 })
  })
})

describe('the queue', () => {
  test('all its readers get in together, also those behind a writer', () => {
    // Queue: a, w, b. The writer may take it first, while nobody owns it; it never comes between the readers.
    const ends = endings(
      closed([first('write', 2, 2), reads('a', held), writes('w', queued(1)), reads('b', queued(2))]),
    )
    expect(ends).toEqual(['abw', 'baw', 'wab', 'wba'])
  })
  test('a reader that comes while others read and a writer waits stands behind it', () => {
    expect(endings(closed([first('read', 2), writes('w', held), reads('b', queued(1))]))).toEqual(['wb'])
  })
  test('of two writers, the later one may be first', () => {
    expect(endings(closed([first('write', 2), writes('w', held), writes('x', queued(1))]))).toEqual(['wx', 'xw'])
  })
  test('a reader that finds nobody owning it passes a writer that waits, and takes the readers of the queue along', () => {
    expect(endings(closed([first('write', 1), writes('w', held), reads('b', released)]))).toEqual(['bw', 'wb'])
  })
})

describe('trying', () => {
  const tries = (how: 'read' | 'write') =>
    thread('tries', () => {
      const taken = how === 'read' ? mmap_read_trylock(sem) : mmap_write_trylock(sem)
      return If(taken, () => log.push('y')).Else(() => log.push('n'))
    })
  test('succeeds where the lock is free, and fails where it is held', () => {
    expect(endings(closed([tries('read')]))).toEqual(['y'])
    expect(endings(closed([tries('write')]))).toEqual(['y'])
    const holds = thread('holds', () => mmap_write_lock(sem))
    const late = (how: 'read' | 'write') =>
      thread('tries', () => {
        Await(held)
        const taken = how === 'read' ? mmap_read_trylock(sem) : mmap_write_trylock(sem)
        return If(taken, () => log.push('y')).Else(() => log.push('n'))
      })
    expect(endings(closed([holds, late('read')]))).toEqual(['n'])
    expect(endings(closed([holds, late('write')]))).toEqual(['n'])
  })
})

describe('misuse', () => {
  test('reading twice, unlocking what is not held, sleeping where nobody may', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            mmap_read_lock(sem)
            mmap_read_lock(sem)
          }),
        ]),
      ),
    ).toEqual({
      'mmap_read_lock() by a thread that reads it already: a deadlock as soon as a writer comes between':
        'violated in 2',
    })
    expect(await verdicts(closed([thread('a', () => mmap_read_unlock(sem))]))).toEqual({
      'mmap_read_unlock() by a thread that does not read it': 'violated in 1',
    })
    expect(await verdicts(closed([thread('a', () => mmap_write_unlock(sem))]))).toEqual({
      'mmap_write_unlock() by a thread that does not write it': 'violated in 1',
    })
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            Step('non_block_start()', () => non_block_start())
            mmap_read_lock(sem)
          }),
        ]),
      ),
    ).toEqual({ 'sleeping function called from invalid context': 'violated in 2' })
  })
})

describe('downgrade', () => {
  test('lets readers in, and no writer', () => {
    const downgrades = thread('first', () => {
      mmap_write_lock(sem)
      Await(queued(1))
      mmap_write_downgrade(sem)
      log.push('x')
      return mmap_read_unlock(sem)
    })
    expect(endings(closed([downgrades, reads('a', held)]))).toEqual(['ax', 'xa'])
    expect(endings(closed([downgrades, writes('w', held)]))).toEqual(['xw'])
  })
})

describe('deadlock', () => {
  const takes = (name: string, steps: () => unknown) => thread(name, () => steps())
  test('in two orders with a mutex', async () => {
    const one = takes('one', () => {
      mmap_write_lock(sem)
      mutex_lock(mutex)
      mutex_unlock(mutex)
      return mmap_write_unlock(sem)
    })
    const other = takes('other', () => {
      mutex_lock(mutex)
      mmap_write_lock(sem)
      mmap_write_unlock(sem)
      return mutex_unlock(mutex)
    })
    expect(await verdicts(closed([one, other], locks))).toMatchObject({
      'lock-deadlock': expect.stringContaining('violated') as string,
    })
  })
  test('of two readers, once a writer stands between them', async () => {
    const one = takes('one', () => {
      mmap_read_lock(sem)
      mutex_lock(mutex)
      mutex_unlock(mutex)
      return mmap_read_unlock(sem)
    })
    const other = takes('other', () => {
      mutex_lock(mutex)
      mmap_read_lock(sem)
      mmap_read_unlock(sem)
      return mutex_unlock(mutex)
    })
    expect(await verdicts(closed([one, other], locks))).toEqual({ deadlock: 'holds', 'lock-deadlock': 'holds' })
    expect(await verdicts(closed([one, other, writes('w')], locks))).toMatchObject({
      'lock-deadlock': expect.stringContaining('violated') as string,
    })
  })
})
