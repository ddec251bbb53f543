/** Mutexes and spinlocks: one owner, who waits for whom, and where nobody may sleep. */
import { describe, expect, test } from 'vitest'
import {
  Await,
  Bool,
  deadlock,
  If,
  lockDeadlock,
  Loop,
  no,
  not,
  oneOf,
  queueOf,
  shared,
  Step,
  yes,
  type Recorded,
} from '../../src/language/index.ts'
import {
  leaf_section,
  might_sleep,
  Mutex,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  Spinlock,
  Srcu,
  synchronize_srcu,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const mutex = shared('mutex', Mutex)
const spinlock = shared('spinlock', Spinlock)
const bit = shared('bit', Bool)
const log = shared('log', queueOf(oneOf('a', 'b', 'c'), 3))
const [m1, m2] = [shared('m1', Mutex), shared('m2', Mutex)]
const [s1, s2] = [shared('s1', Spinlock), shared('s2', Spinlock)]
const locks = [deadlock(), lockDeadlock()]

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

/** Both kinds, as far as they are alike. */
const kinds = [
  {
    kind: 'mutex',
    isFree: mutex.owner.isNone,
    lock: () => mutex_lock(mutex),
    unlock: () => mutex_unlock(mutex),
    first: () => mutex_lock(m1),
    second: () => mutex_lock(m2),
  },
  {
    kind: 'spin',
    isFree: spinlock.owner.isNone,
    lock: () => spin_lock(spinlock),
    unlock: () => spin_unlock(spinlock),
    first: () => spin_lock(s1),
    second: () => spin_lock(s2),
  },
] as const

describe.each(kinds)('$kind', ({ kind, lock, unlock, first, second, isFree }) => {
  const takes = (name: 'a' | 'b' | 'c') =>
    thread(name, () => {
      lock()
      log.push(name)
      return unlock()
    })

  test('two that want it: one owner at a time', async () => {
    const pair = ['a', 'b'].map((name) =>
      thread(name, () => {
        lock()
        return unlock()
      }),
    )
    // Before, owner, after: 3 * 3 states but both owners; two ways lead out of the first state, one out of each of
    // the six others but the last.
    expect(await judge(closed(pair, locks))).toEqual({
      states: 8,
      transitions: 8,
      depth: 5,
      properties: { deadlock: 'holds', 'lock-deadlock': 'holds' },
    })
  })

  test('nobody stands in a queue: any of those who wait may be next', () => {
    expect(endings(closed([takes('a'), takes('b'), takes('c')]))).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  })

  test('two crossed are found beside a thread that goes on for ever', async () => {
    const threads = [
      thread('a', () => {
        first()
        return second()
      }),
      thread('b', () => {
        second()
        return first()
      }),
    ]
    // Each takes its first: then each stands before its second. As a whole nothing is deadlocked while the spinner
    // goes on.
    expect(await verdicts(closed([...threads, spinner], locks))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 2',
    })
    expect(await verdicts(closed(threads, locks))).toEqual({
      deadlock: 'violated in 2',
      'lock-deadlock': 'violated in 2',
    })
  })

  test('waiting for one that is never given back is a deadlock, but nobody waits for each other', async () => {
    expect(
      await verdicts(
        closed(
          [
            thread('a', lock),
            thread('b', () => {
              Await(not(isFree))
              return lock()
            }),
          ],
          locks,
        ),
      ),
    ).toEqual({ deadlock: 'violated in 2', 'lock-deadlock': 'holds' })
  })

  test('taking it twice is misuse: a callback that takes the lock of its caller', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            lock()
            return lock()
          }),
        ]),
      ),
    ).toEqual({ [`${kind}_lock() by the thread that holds it`]: 'violated in 2' })
  })

  test('giving back what another holds, or nobody, is misuse', async () => {
    const message = `${kind}_unlock() by a thread that does not hold it`
    expect(await verdicts(closed([thread('a', unlock)]))).toEqual({ [message]: 'violated in 1' })
    expect(
      await verdicts(
        closed([
          thread('a', lock),
          thread('b', () => {
            Await(not(isFree))
            return unlock()
          }),
        ]),
      ),
    ).toEqual({ [message]: 'violated in 3' })
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            lock()
            unlock()
            return unlock()
          }),
        ]),
      ),
    ).toEqual({ [message]: 'violated in 3' })
  })
})

describe('mutex_trylock', () => {
  const tries = thread('b', () => {
    const taken = mutex_trylock(mutex)
    If(taken, () => log.push('b')).Else(() => log.push('c'))
  })

  test('takes a free one, and never waits for one that is held', () => {
    expect(endings(closed([tries]))).toEqual(['b'])
    expect(endings(closed([thread('a', () => mutex_lock(mutex)), tries]))).toEqual(['b and stuck', 'c'])
  })

  test('who gets it is its owner', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            mutex_trylock(mutex)
            return mutex_unlock(mutex)
          }),
        ]),
      ),
    ).toEqual({})
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            mutex_lock(mutex)
            mutex_trylock(mutex)
            mutex_unlock(mutex)
            return mutex_unlock(mutex)
          }),
        ]),
      ),
    ).toEqual({ 'mutex_unlock() by a thread that does not hold it': 'violated in 4' })
  })
})

describe('sleeping', () => {
  const message = 'sleeping function called from invalid context'
  const srcu = shared('srcu', Srcu)
  const under = (body: () => Recorded) =>
    closed([
      thread('a', () => {
        spin_lock(spinlock)
        return body()
      }),
    ])

  test.each([
    ['mutex_lock()', () => mutex_lock(mutex)],
    ['synchronize_srcu()', () => synchronize_srcu(srcu)],
    [
      'a function that might sleep',
      () =>
        Step('schedule()', () => {
          might_sleep()
          return bit.set(true)
        }),
    ],
  ] as const)('%s under a spinlock is misuse, whether it would have to wait or not', async (_, body) => {
    expect(await verdicts(under(body))).toEqual({ [message]: 'violated in 2' })
  })

  test('trying for a mutex, and giving one back, does not sleep', async () => {
    expect(
      await verdicts(
        under(() => {
          mutex_trylock(mutex)
          return mutex_unlock(mutex)
        }),
      ),
    ).toEqual({})
  })

  test('after the last spinlock is given back it is allowed again, not after the first of two', async () => {
    const of = (unlocks: number) =>
      closed([
        thread('a', () => {
          spin_lock(s1)
          spin_lock(s2)
          spin_unlock(s2)
          if (unlocks === 2) spin_unlock(s1)
          return mutex_lock(mutex)
        }),
      ])
    expect(await verdicts(of(2))).toEqual({})
    expect(await verdicts(of(1))).toEqual({ [message]: 'violated in 4' })
  })

  test('a spinlock of one thread does not keep another from sleeping', async () => {
    const b = thread('b', () => {
      Await(not(spinlock.owner.isNone))
      return mutex_lock(mutex)
    })
    expect(await verdicts(closed([thread('a', () => spin_lock(spinlock)), b], locks))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'holds',
    })
  })
})

describe('a leaf section', () => {
  const a = (locked: Bool) =>
    thread('a', () =>
      leaf_section('section', locked, () => {
        bit.set(true)
        return bit.set(false)
      }),
    )

  test('is one transition; without its lock, one a statement', async () => {
    expect(await judge(closed([a(yes)]))).toMatchObject({ states: 2, transitions: 1 })
    expect(await judge(closed([a(no)]))).toMatchObject({ states: 3, transitions: 2 })
  })
})
