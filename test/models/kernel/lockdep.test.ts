/** Lock classes and their order, by hand-listed behaviours. */
import { expect, test } from 'vitest'
import { check } from '../../../src/explorer/check.ts'
import { deadlock, shared, Step, type Property } from '../../../src/language/index.ts'
import { lockdep, Mutex, mutex_lock, mutex_unlock } from '../../../models/kernel/index.ts'
import { closed, thread, verdicts } from './support.ts'

type Class = 'mmap_sem' | 'page lock' | 'mirrors_sem'
const { lock_acquire, lock_release, order } = lockdep('mmap_sem', 'page lock', 'mirrors_sem')
const locks = { 'mmap_sem': shared('mmap_sem', Mutex), 'page lock': shared('page_lock', Mutex), 'mirrors_sem': shared('mirrors_sem', Mutex) }

const take = (one: Class) => Step(`lock ${one}`, () => { mutex_lock(locks[one]); lock_acquire(one) })
const give = (one: Class) => Step(`unlock ${one}`, () => { mutex_unlock(locks[one]); lock_release(one) })
const nested = (outer: Class, inner: Class) => { take(outer); take(inner); give(inner); return give(outer) }
const properties: readonly Property[] = [...order, deadlock()]

test('the same order everywhere has no cycle', async () => {
  const threads = [thread('a', () => nested('mmap_sem', 'page lock')), thread('b', () => nested('page lock', 'mirrors_sem')), thread('c', () => nested('mmap_sem', 'mirrors_sem'))]
  expect(await verdicts(closed(threads, properties))).toEqual({ 'P-ORDER': 'holds', 'P-ORDER.reached': 'holds in 2', 'deadlock': 'holds' })
})

test('both orders in one thread are a cycle, though nobody can be deadlocked', async () => {
  const one = thread('a', () => { nested('mmap_sem', 'page lock'); return nested('page lock', 'mmap_sem') })
  expect(await verdicts(closed([one], properties))).toEqual({ 'P-ORDER': 'violated in 6', 'P-ORDER.reached': 'holds in 2', 'deadlock': 'holds' })
})

test('an order that leads round over three threads is named pair by pair, each with its schedule', async () => {
  const threads = [thread('a', () => nested('mmap_sem', 'page lock')), thread('b', () => nested('page lock', 'mirrors_sem')), thread('c', () => nested('mirrors_sem', 'mmap_sem'))]
  const { properties: found } = await check(closed(threads, order), { partitionBytes: 2 ** 22 })
  const relation = found.find(({ name }) => name === 'P-ORDER')
  expect(relation).toMatchObject({ verdict: 'violated', steps: 2 })
  expect(relation?.cycle?.map(({ name, steps, run }) => [name, steps, run?.steps.map(({ transition }) => transition.thread)])).toEqual([
    ['P-ORDER: mmap_sem → page lock', 2, [0, 0]], ['P-ORDER: page lock → mirrors_sem', 2, [1, 1]], ['P-ORDER: mirrors_sem → mmap_sem', 2, [2, 2]],
  ])
})

test('what was given back is not held', async () => {
  const one = thread('a', () => { take('page lock'); give('page lock'); take('mmap_sem'); take('page lock'); return give('page lock') })
  expect(await verdicts(closed([one], order))).toEqual({ 'P-ORDER': 'holds', 'P-ORDER.reached': 'holds in 4' })
})

test('a class inside itself is a cycle', async () => {
  const second = shared('second_page_lock', Mutex)
  const one = thread('a', () => { take('page lock'); return Step('lock another page', () => { mutex_lock(second); lock_acquire('page lock') }) })
  expect(await verdicts(closed([one], order))).toEqual({ 'P-ORDER': 'violated in 2', 'P-ORDER.reached': 'holds in 2' })
})
