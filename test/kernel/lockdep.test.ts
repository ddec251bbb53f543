/** Lock classes and their order, by hand-listed behaviours. */
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { current, deadlock, If, shared, Step, type Property } from '../../src/language/index.ts'
import {
  down_read,
  down_write,
  holds_rwsem,
  lockdep,
  lockOrder,
  Mutex,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  Rwsem,
  up_read,
  up_write,
} from '../../src/kernel/index.ts'
import { closed, thread, verdicts } from './support.ts'

type Class = 'mmap_sem' | 'page lock' | 'mirrors_sem'
const { lock_acquire, lock_release, order } = lockdep('mmap_sem', 'page lock', 'mirrors_sem')
const locks = {
  mmap_sem: shared('mmap_sem', Mutex),
  'page lock': shared('page_lock', Mutex),
  mirrors_sem: shared('mirrors_sem', Mutex),
}

const take = (one: Class) =>
  Step(`lock ${one}`, () => {
    mutex_lock(locks[one])
    lock_acquire(one)
  })
const give = (one: Class) =>
  Step(`unlock ${one}`, () => {
    mutex_unlock(locks[one])
    lock_release(one)
  })
const nested = (outer: Class, inner: Class) => {
  take(outer)
  take(inner)
  give(inner)
  return give(outer)
}
const properties: readonly Property[] = [...order, deadlock()]

test('the same order everywhere has no cycle', async () => {
  const threads = [
    thread('a', () => nested('mmap_sem', 'page lock')),
    thread('b', () => nested('page lock', 'mirrors_sem')),
    thread('c', () => nested('mmap_sem', 'mirrors_sem')),
  ]
  expect(await verdicts(closed(threads, properties))).toEqual({
    'P-ORDER': 'holds',
    'P-ORDER.reached': 'holds in 2',
    deadlock: 'holds',
  })
})

test('both orders in one thread are a cycle, though nobody can be deadlocked', async () => {
  const one = thread('a', () => {
    nested('mmap_sem', 'page lock')
    return nested('page lock', 'mmap_sem')
  })
  expect(await verdicts(closed([one], properties))).toEqual({
    'P-ORDER': 'violated in 6',
    'P-ORDER.reached': 'holds in 2',
    deadlock: 'holds',
  })
})

test('an order that leads round over three threads is named pair by pair, each with its schedule', async () => {
  const threads = [
    thread('a', () => nested('mmap_sem', 'page lock')),
    thread('b', () => nested('page lock', 'mirrors_sem')),
    thread('c', () => nested('mirrors_sem', 'mmap_sem')),
  ]
  const { properties: found } = await check(closed(threads, order), { partitionBytes: 2 ** 22 })
  const relation = found.find(({ name }) => name === 'P-ORDER')
  expect(relation).toMatchObject({ verdict: 'violated', steps: 2 })
  expect(
    relation?.cycle?.map(({ name, steps, witness }) => [
      name,
      steps,
      witness?.run.steps.map(({ transition }) => transition.thread),
    ]),
  ).toEqual([
    ['P-ORDER: mmap_sem → page lock', 2, [0, 0]],
    ['P-ORDER: page lock → mirrors_sem', 2, [1, 1]],
    ['P-ORDER: mirrors_sem → mmap_sem', 2, [2, 2]],
  ])
})

test('what was given back is not held', async () => {
  const one = thread('a', () => {
    take('page lock')
    give('page lock')
    take('mmap_sem')
    take('page lock')
    return give('page lock')
  })
  expect(await verdicts(closed([one], order))).toEqual({ 'P-ORDER': 'holds', 'P-ORDER.reached': 'holds in 4' })
})

test('a class inside itself is a cycle', async () => {
  const second = shared('second_page_lock', Mutex)
  const one = thread('a', () => {
    take('page lock')
    return Step('lock another page', () => {
      mutex_lock(second)
      lock_acquire('page lock')
    })
  })
  expect(await verdicts(closed([one], order))).toEqual({ 'P-ORDER': 'violated in 2', 'P-ORDER.reached': 'holds in 2' })
})

const mmap_sem = shared('mmap', Rwsem)
const update = shared('update', Mutex)
const fair = { constants: { steal: false } }
const watched = lockOrder(['mmap_sem', 'update'], () => ({
  mmap_sem: holds_rwsem(mmap_sem, current),
  update: update.owner.eq(current),
}))
const { acquiring } = watched
const mutex_lock_update = () => acquiring('update', () => mutex_lock(update))
const down_write_mmap_sem = () => acquiring('mmap_sem', () => down_write(mmap_sem))
const inMmapSem = thread('a', () => {
  down_write_mmap_sem()
  mutex_lock_update()
  mutex_unlock(update)
  return up_write(mmap_sem)
})
const pairsOf = async (threads: Parameters<typeof closed>[0]) => {
  const { properties: found } = await check(closed(threads, watched.order, fair), { partitionBytes: 2 ** 22 })
  return found.find(({ name }) => name === 'P-ORDER')?.cycle?.map(({ name, steps }) => [name, steps])
}

describe('without a ghost, by who holds them', () => {
  test('the same order everywhere has no cycle', async () => {
    expect(await verdicts(closed([inMmapSem], watched.order, fair))).toEqual({
      'P-ORDER': 'holds',
      'P-ORDER.reached': 'holds in 2',
    })
  })

  test('who waits in the queue of a semaphore has its order, though it is never granted', async () => {
    const reads = thread('b', () => {
      mutex_lock_update()
      acquiring('mmap_sem', () => down_read(mmap_sem))
      up_read(mmap_sem)
      return mutex_unlock(update)
    })
    expect(await pairsOf([inMmapSem, reads])).toEqual([
      ['P-ORDER: mmap_sem → update', 2],
      ['P-ORDER: update → mmap_sem', 2],
    ])
    const own = thread('b', () => {
      acquiring('mmap_sem', () => down_read(mmap_sem))
      down_write_mmap_sem()
      return up_write(mmap_sem)
    })
    expect(await pairsOf([own])).toEqual([['P-ORDER: mmap_sem → mmap_sem', 2]])
  })

  test('a lock that is only tried is waited for by nobody, and is held', async () => {
    const tries = thread('b', () =>
      If(mutex_trylock(update), () => {
        down_write_mmap_sem()
        up_write(mmap_sem)
        mutex_unlock(update)
      }),
    )
    expect(await pairsOf([tries, inMmapSem])).toEqual([
      ['P-ORDER: mmap_sem → update', 2],
      ['P-ORDER: update → mmap_sem', 2],
    ])
    const insideTried = thread('b', () => {
      down_write_mmap_sem()
      If(mutex_trylock(update), () => mutex_unlock(update))
      return up_write(mmap_sem)
    })
    const outsideLocked = thread('c', () => {
      mutex_lock_update()
      down_write_mmap_sem()
      up_write(mmap_sem)
      return mutex_unlock(update)
    })
    expect(await pairsOf([insideTried, outsideLocked])).toBeUndefined()
  })

  test('a lock is watched only where it is said which class it has', async () => {
    const unwatched = thread('b', () => {
      mutex_lock_update()
      down_write(mmap_sem)
      up_write(mmap_sem)
      return mutex_unlock(update)
    })
    expect(await pairsOf([unwatched, inMmapSem])).toBeUndefined()
  })
})
