/**
 * Read-write semaphores: who is granted one, in which order, and who waits for whom.
 *
 * In the counts, a thread that takes a lock and gives it back is at one of four places: before (0), in the queue (Q),
 * owner (H), after (E).
 */
import { describe, expect, test } from 'vitest'
import {
  and,
  array,
  Await,
  before,
  Bool,
  count,
  deadlock,
  If,
  implies,
  invariant,
  lockDeadlock,
  Loop,
  Misuse,
  not,
  oneOf,
  queueOf,
  shared,
  sometimes,
  sort,
  Step,
  struct,
  Thread,
  transition,
  yes,
} from '../../src/language/index.ts'
import {
  down_read,
  down_read_trylock,
  down_write,
  down_write_trylock,
  downgrade_write,
  holds_rwsem,
  objects,
  Rwsem,
  rwsem_is_idle,
  spin_lock,
  Spinlock,
  up_read,
  up_write,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const sem = shared('sem', Rwsem)
const other = shared('other', Rwsem)
const lock = shared('lock', Spinlock)
const log = shared('log', queueOf(oneOf('a', 'b', 'c', 'd', 'y', 'n'), 4))
const released = shared('released', Bool)
const bit = shared('bit', Bool)

/** Whether writers may pass the queue. */
const fair = { constants: { steal: false } }
const stealing = { constants: { steal: true } }
const locks = [deadlock(), lockDeadlock()]

type Letter = 'a' | 'b' | 'c' | 'd'
const reads = (name: Letter, arrives: Bool) =>
  thread(name, () => {
    Await(arrives)
    down_read(sem)
    log.push(name)
    up_read(sem)
  })
const writes = (name: Letter, arrives: Bool) =>
  thread(name, () => {
    Await(arrives)
    down_write(sem)
    log.push(name)
    up_write(sem)
  })
/** Owns the semaphore for writing until `last` of them wait, and says when it has given it back. */
const first = (last: number) =>
  thread('first', () => {
    down_write(sem)
    Await(sem.waiters.length.eq(last))
    Step('released', () => {
      up_write(sem)
      released.set(true)
    })
  })
/** `n` wait for the thread that owns it. */
const queued = (n: number) => sem.waiters.length.eq(n)
/** Something that goes on for ever. */
const spinner = thread(
  'spinner',
  () =>
    Loop(() => {
      bit.set(true)
      bit.set(false)
    }),
  { daemon: true },
)

describe('one transition or two', () => {
  test('alone, taking it is one transition, for reading and for writing', async () => {
    // 0, H, E
    const read = closed([
      thread('a', () => {
        down_read(sem)
        return up_read(sem)
      }),
    ])
    const write = closed(
      [
        thread('a', () => {
          down_write(sem)
          return up_write(sem)
        }),
      ],
      [],
      fair,
    )
    expect(await judge(read)).toMatchObject({ states: 3, transitions: 2, depth: 3 })
    expect(await judge(write)).toMatchObject({ states: 3, transitions: 2, depth: 3 })
  })

  const twice = (a: 'read' | 'write', b: 'read' | 'write') => {
    const taker = (name: string, how: 'read' | 'write') =>
      thread(name, () => {
        if (how === 'read') {
          down_read(sem)
          return up_read(sem)
        }
        down_write(sem)
        return up_write(sem)
      })
    return closed([taker('a', a), taker('b', b)], locks, a === 'read' && b === 'read' ? {} : fair)
  }

  test('two readers never wait', async () => {
    // Each in 0, H, E by itself: 3 * 3 states, 2 * 2 * 3 transitions.
    expect(await judge(twice('read', 'read'))).toMatchObject({ states: 9, transitions: 12, depth: 5 })
  })

  test.each([
    ['write', 'write'],
    ['read', 'write'],
  ] as const)('a %s and a %s: the later one is queued, then granted', async (a, b) => {
    // 00; H0 0H; HQ QH E0 0E; EQ QE EH HE; EE. Two ways lead out of 00, H0, 0H, none out of EE, one out of each of
    // the other eight.
    expect(await judge(twice(a, b))).toEqual({
      states: 12,
      transitions: 14,
      depth: 5,
      properties: { deadlock: 'holds', 'lock-deadlock': 'holds' },
    })
  })
})

describe('the order in which it is granted', () => {
  test('a new reader never passes a waiting writer, though readers own it', () => {
    // c comes when b waits, and a gives it back only when c waits too: it would wait for ever if c were let in.
    const a = thread('a', () => {
      down_read(sem)
      log.push('a')
      Await(queued(2))
      up_read(sem)
    })
    const threads = [a, writes('b', not(sem.readers.isEmpty)), reads('c', queued(1))]
    expect(endings(closed(threads, [], fair))).toEqual(['abc'])
    expect(endings(closed(threads, [], stealing))).toEqual(['abc'])
  })

  test('a reader that was queued before a writer is served before it', () => {
    const threads = [first(2), reads('b', sem.writer.isSome), writes('c', queued(1))]
    expect(endings(closed(threads, [], fair))).toEqual(['bc'])
    // A writer that wakes up takes a free one past the reader, where that is allowed.
    expect(endings(closed(threads, [], stealing))).toEqual(['bc', 'cb'])
  })

  test('a writer that was queued before a reader is served before it', () => {
    const threads = [first(2), writes('b', sem.writer.isSome), reads('c', queued(1))]
    expect(endings(closed(threads, [], fair))).toEqual(['bc'])
    // A reader takes nothing past anybody.
    expect(endings(closed(threads, [], stealing))).toEqual(['bc'])
  })

  test('two writers are served in their order, unless they steal', () => {
    const threads = [first(2), writes('b', sem.writer.isSome), writes('c', queued(1))]
    expect(endings(closed(threads, [], fair))).toEqual(['bc'])
    expect(endings(closed(threads, [], stealing))).toEqual(['bc', 'cb'])
  })

  test('a writer that is new takes a free one past the queue only where it may steal', () => {
    const threads = [first(1), reads('b', sem.writer.isSome), writes('c', released)]
    expect(endings(closed(threads, [], fair))).toEqual(['bc'])
    expect(endings(closed(threads, [], stealing))).toEqual(['bc', 'cb'])
  })

  test('a reader that is new waits behind the queue, also while nobody owns it', () => {
    // c comes when the semaphore is free and b is still in the queue, or later.
    const threads = [first(1), writes('b', sem.writer.isSome), reads('c', released)]
    expect(endings(closed(threads, [], fair))).toEqual(['bc'])
    expect(endings(closed(threads, [], stealing))).toEqual(['bc'])
  })

  const together = sometimes('together', sem.readers.size.eq(2))

  test('readers behind a reader at the head are granted it with it', async () => {
    const threads = [first(2), reads('b', sem.writer.isSome), reads('c', queued(1))]
    expect(endings(closed(threads, [], fair))).toEqual(['bc', 'cb'])
    // first owns it, b arrives and waits, c arrives and waits, first gives it back after it has seen them: 1 + 2 + 2
    // + 2; b and c are granted it.
    expect(await verdicts(closed(threads, [together], fair))).toEqual({ together: 'holds in 9' })
  })

  test('one reader may be in and out before the reader behind it looks, so that a writer that steals comes between', () => {
    // As if the second had come a moment later: who only waits has done nothing that others could see.
    const threads = [first(2), reads('b', sem.writer.isSome), reads('c', queued(1)), writes('d', released)]
    expect(endings(closed(threads, [], fair))).toEqual(['bcd', 'cbd'])
    expect(endings(closed(threads, [], stealing))).toEqual(['bcd', 'bdc', 'cbd', 'dbc', 'dcb'])
  })

  test('readers with a writer between them are not', async () => {
    const threads = [first(3), reads('b', sem.writer.isSome), writes('c', queued(1)), reads('d', queued(2))]
    expect(endings(closed(threads, [], fair))).toEqual(['bcd'])
    expect(await verdicts(closed(threads, [together], fair))).toEqual({ together: 'violated' })
    // Stealing, c may be done before b is granted it, and then nobody stands between b and d.
    expect(endings(closed(threads, [], stealing))).toEqual(['bcd', 'cbd', 'cdb'])
  })

  test('a writer is always alone', async () => {
    const alone = invariant('alone', implies(sem.writer.isSome, sem.readers.isEmpty))
    const threads = [first(1), reads('b', sem.writer.isSome), writes('c', released), reads('d', released)]
    expect(await verdicts(closed(threads, [alone], stealing))).toEqual({ alone: 'holds' })
  })
})

describe('without waiting, and from writing to reading', () => {
  const tries = (how: 'read' | 'write', arrives: Bool) =>
    thread('try', () => {
      Await(arrives)
      const taken = how === 'read' ? down_read_trylock(sem) : down_write_trylock(sem)
      If(taken, () => log.push('y')).Else(() => log.push('n'))
    })
  const keeps = (how: 'read' | 'write') => thread('keeps', () => (how === 'read' ? down_read(sem) : down_write(sem)))

  test.each([
    ['read', 'read', 'y'],
    ['read', 'write', 'n'],
    ['write', 'read', 'n'],
    ['write', 'write', 'n'],
  ] as const)('while another owns it for %s, trying to %s says %s', (owner, how, answer) => {
    const arrives = not(rwsem_is_idle(sem))
    expect(endings(closed([keeps(owner), tries(how, arrives)], [], owner === 'write' ? fair : {}))).toEqual([answer])
  })

  test.each(['read', 'write'] as const)('free, it is taken: %s', (how) => {
    expect(endings(closed([tries(how, yes)]))).toEqual(['y'])
  })

  test('a reader that tries does not pass a waiting writer either', () => {
    // b stays in the queue, as nobody gives it back.
    const threads = [keeps('read'), writes('b', not(sem.readers.isEmpty)), tries('read', queued(1))]
    expect(endings(closed(threads, [], fair))).toEqual(['n and stuck'])
  })

  test('who tries in vain owns nothing', async () => {
    const vain = thread('vain', () => {
      Await(sem.writer.isSome)
      down_read_trylock(sem)
      up_read(sem)
    })
    // down_write(), the await, the attempt, and up_read() fails.
    expect(await verdicts(closed([keeps('write'), vain], [], fair))).toEqual({
      'up_read() by a thread that does not read it': 'violated in 4',
    })
  })

  test('a writer that becomes a reader lets readers in and keeps writers out', async () => {
    // a goes on as a reader until the reader b has been in; c comes once a reads.
    const downgrades = thread('a', () => {
      down_write(sem)
      Await(queued(1))
      Step('downgraded', () => {
        downgrade_write(sem)
        released.set(true)
      })
      Await(not(log.isEmpty))
      log.push('a')
      up_read(sem)
    })
    const threads = [downgrades, reads('b', sem.writer.isSome), writes('c', released)]
    expect(endings(closed(threads, [], fair))).toEqual(['bac'])
    const owned = transition(
      'owned',
      implies(before(sem.writer).isSome, not(and(sem.writer.isNone, sem.readers.isEmpty))),
    )
    // Without up_write() nobody sees a moment in which it is free.
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              down_write(sem)
              return downgrade_write(sem)
            }),
          ],
          [owned],
          fair,
        ),
      ),
    ).toEqual({ owned: 'holds' })
  })
})

describe('locks that wait for each other', () => {
  const both = (name: string, one: typeof sem, two: typeof sem) =>
    thread(name, () => {
      down_write(one)
      down_write(two)
      up_write(two)
      up_write(one)
    })

  test('two crossed are found beside a thread that goes on for ever', async () => {
    const threads = [both('a', sem, other), both('b', other, sem), spinner]
    // Each takes its first, each joins the queue of its second. The spinner always has a step, so as a whole nothing
    // is deadlocked.
    expect(await verdicts(closed(threads, locks, fair))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 4',
    })
    expect(await verdicts(closed([both('a', sem, other), both('b', sem, other), spinner], locks, fair))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'holds',
    })
  })

  const again = thread('a', () => {
    down_read(sem)
    down_read(sem)
    up_read(sem)
    up_read(sem)
  })

  test('reading recursively, with a writer in the queue, is a deadlock', async () => {
    // a reads, b waits for a, a waits behind b. Without b, the second down_read() is the misuse: what comes behind it
    // is not decided.
    expect(await verdicts(closed([again, thread('b', () => down_write(sem)), spinner], locks, fair))).toEqual({
      deadlock: 'undecided',
      'lock-deadlock': 'violated in 3',
      'down_read() by a thread that reads it already: a deadlock as soon as a writer comes between': 'violated in 2',
    })
  })

  test('reading recursively is misuse also when no writer is there', async () => {
    // Misuse ends the schedule, and what comes behind it is not decided.
    expect(await verdicts(closed([again], locks))).toEqual({
      deadlock: 'undecided',
      'lock-deadlock': 'undecided',
      'down_read() by a thread that reads it already: a deadlock as soon as a writer comes between': 'violated in 2',
    })
  })

  test.each([
    [
      'writing, then reading',
      () => {
        down_write(sem)
        return down_read(sem)
      },
    ],
    [
      'writing, then writing',
      () => {
        down_write(sem)
        return down_write(sem)
      },
    ],
    [
      'reading, then writing',
      () => {
        down_read(sem)
        return down_write(sem)
      },
    ],
  ] as const)('a callback that takes the lock its caller holds waits for itself: %s', async (_, body) => {
    expect(await verdicts(closed([thread('a', body), spinner], locks, fair))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 2',
    })
  })

  test('a thread that waits behind another in the queue waits for it', async () => {
    // a owns sem and waits for other; b owns other for reading and waits behind the writer c, which waits for a.
    const threads = [
      thread('a', () => {
        down_read(sem)
        return down_write(other)
      }),
      thread('b', () => {
        down_read(other)
        return down_read(sem)
      }),
      thread('c', () => down_write(sem)),
    ]
    // Each takes its first; c, b and a join the queues: without c there is none.
    expect(await verdicts(closed([...threads, spinner], locks, fair))).toMatchObject({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 5',
    })
    expect(await verdicts(closed([...threads.slice(0, 2), spinner], locks, fair))).toMatchObject({
      'lock-deadlock': 'holds',
    })
  })

  test('waiting for a lock that somebody forgot to give back is no lock deadlock, as nobody waits for each other', async () => {
    // a owns it at its end.
    expect(
      await verdicts(closed([thread('a', () => down_write(sem)), writes('b', sem.writer.isSome)], locks, fair)),
    ).toEqual({ deadlock: 'violated in 3', 'lock-deadlock': 'holds' })
  })
})

describe('misuse', () => {
  const owner = thread('owner', () => down_write(sem))
  test.each([
    ['up_read() by a thread that does not read it', () => up_read(sem)],
    ['up_write() by a thread that does not write it', () => up_write(sem)],
    ['downgrade_write() by a thread that does not write it', () => downgrade_write(sem)],
  ] as const)('%s, whoever else owns it', async (message, body) => {
    expect(await verdicts(closed([thread('a', body)]))).toEqual({ [message]: 'violated in 1' })
    expect(
      await verdicts(
        closed(
          [
            owner,
            thread('a', () => {
              Await(sem.writer.isSome)
              return body()
            }),
          ],
          [],
          fair,
        ),
      ),
    ).toEqual({ [message]: 'violated in 3' })
  })

  test('a reader that gives back what it would have as a writer, and the reverse', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            down_read(sem)
            return up_write(sem)
          }),
        ]),
      ),
    ).toEqual({ 'up_write() by a thread that does not write it': 'violated in 2' })
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              down_write(sem)
              return up_read(sem)
            }),
          ],
          [],
          fair,
        ),
      ),
    ).toEqual({ 'up_read() by a thread that does not read it': 'violated in 2' })
  })

  test('taking it, for reading and for writing, in a place that must not sleep', async () => {
    const under = (body: () => unknown) =>
      closed(
        [
          thread('a', () => {
            spin_lock(lock)
            return body()
          }),
        ],
        [],
        {},
      )
    const message = 'sleeping function called from invalid context'
    expect(await verdicts(under(() => down_read(sem)))).toEqual({ [message]: 'violated in 2' })
    expect(await verdicts(under(() => down_read_trylock(sem)))).toEqual({})
    expect(await verdicts(under(() => down_write_trylock(sem)))).toEqual({})
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              spin_lock(lock)
              return down_write(sem)
            }),
          ],
          [],
          fair,
        ),
      ),
    ).toEqual({ [message]: 'violated in 2' })
  })

  test('freeing the memory of one that is owned, or waited for', async () => {
    const Box = sort('Box')
    const boxes = objects(Box, 'boxes')
    const box = shared('box', array(Box, struct('box', { sem: Rwsem })))
    const frees = thread('frees', () => {
      const mine = boxes.kmalloc()
      down_write(box.at(mine).sem)
      Step('kfree(box)', () => {
        Misuse('freeing a held lock', rwsem_is_idle(box.at(mine).sem))
        boxes.kfree(mine)
      })
    })
    // The misuse comes first in the step: what kfree() finds behind it is not decided.
    expect(await verdicts(closed([frees], [], { ...fair, sizes: { Box: 1 } }))).toEqual({
      'P-LIFE': 'undecided',
      'freeing a held lock': 'violated in 3',
    })
  })

  test('who owns it: readers and the writer, not those who wait', async () => {
    const threads = [first(1), reads('b', sem.writer.isSome)]
    // Either owns it at some time, both never.
    const owners = (n: number) => count(Thread, (one) => holds_rwsem(sem, one)).eq(n)
    expect(await verdicts(closed(threads, [sometimes('one', owners(1)), sometimes('two', owners(2))], fair))).toEqual({
      one: 'holds in 1',
      two: 'violated',
    })
  })
})
