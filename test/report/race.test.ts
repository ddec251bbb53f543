/** Which write made which earlier read stale; and that nothing is said where none did. */
import { describe, expect, test } from 'vitest'
import {
  Assert, assertion, atomic, Bool, configure, current, If, invariant, Let, model, Acquire, none, not, optional, range, ref, shared, Step, struct, Thread, thread,
} from '../../src/language/index.ts'
import type { Model } from '../../src/language/ast.ts'
import { traceOf } from '../../src/report/trace.ts'
import type { Trace } from '../../src/report/trace.ts'
import { lostUpdate } from '../oracles/lost-update.ts'
import { shortest, shortestOf } from './support.ts'

type Block = Parameters<typeof thread>[1]

async function traced(text: Model, name: string, sizes: Readonly<Record<string, number>> = {}): Promise<Trace> {
  const { graph, run, property } = await shortest(configure(text, { sizes, constants: {} }), name)
  return traceOf(graph, run, { property })
}

test('a lost update: read, read, write, write', async () => {
  const { race } = await traced(lostUpdate, 'i is the number of finished threads', { Incrementer: 2 })
  expect(race).toEqual({
    cell: 'i', read: 2, write: 3, relies: 4,
    text: 'the race: step 2 (increment[1]) reads i, step 3 (increment[0]) changes it: 0 → 1; step 4 relies on what was read',
  })
})

test('what came through another cell and another thread', async () => {
  const { graph, run, property } = await shortestOf({ variant: 'as-posted' }, 'P-NOUAF')
  const { race } = traceOf(graph, run, { property })
  // device_fault copied mm.pte into the device's entry; unmap took it away; the device fails
  expect(race).toMatchObject({ cell: 'mm.pte', read: 3, write: 7, relies: 9 })
})

describe('what was only tested', () => {
  const busy = shared('busy', Bool)
  const users = shared('users', range(0, 2))
  const enter: Block = () => {
    const free = Let('free', not(busy))
    Step('enter', () => {
      If(free, () => {
        busy.set(true)
        users.increment()
      })
    })
  }
  const door = model('door', { threads: [thread('a', enter), thread('b', enter)], properties: [invariant('one', users.lt(2))] })

  test('test, then act: the test is stale', async () => {
    expect((await traced(door, 'one')).race).toMatchObject({ cell: 'busy', relies: 4 })
  })

  test('nobody tests, nobody reads what is stale', async () => {
    const blind = model('blind', {
      threads: ['a', 'b'].map((name) => thread(name, () => { Step('enter', () => { users.increment() }) })),
      properties: [invariant('one', users.lt(2))],
    })
    expect((await traced(blind, 'one')).race).toBeUndefined()
  })

  test('tested anew before it acts: the first test misleads nobody', async () => {
    const twice = model('twice', {
      threads: [
        thread('a', () => {
          const free = Let('free', not(busy))
          If(free, () => {
            const still = Let('still', not(busy))
            Step('act', () => { If(not(still), () => { users.set(2) }) })
          })
        }),
        thread('b', () => { busy.set(true) }),
      ],
      properties: [invariant('one', users.lt(2))],
    })
    // a reads no, b sets it, a reads yes: what it acts on is up to date
    expect((await traced(twice, 'one')).race).toBeUndefined()
  })
})

test('locks are there to be changed by others', async () => {
  const Mutex = struct('mutex', { owner: optional(Thread) })
  const lock = shared('lock', Mutex)
  const n = shared('n', range(0, 2))
  const mutex_lock = atomic('mutex_lock', [ref(Mutex)], (mutex) => {
    Acquire(mutex.owner.isNone, (holder) => mutex.owner.eq(holder))
    mutex.owner.set(current)
  })
  const add: Block = () => {
    mutex_lock(lock)
    n.increment()
    lock.owner.set(none)
  }
  const closed = model('locked', { threads: [thread('a', add), thread('b', add)], properties: [invariant('n', n.lt(2))] })
  expect((await traced(closed, 'n')).race).toBeUndefined()
})

test('what a thread has written itself since is not what it read', async () => {
  const x = shared('x', range(0, 3))
  const closed = model('own', {
    threads: [
      thread('a', () => {
        const t = Let('t', x)
        x.set(t.plus(1))
        Step('check', () => { Assert('one', x.eq(1), 'not one') })
      }),
      thread('b', () => { x.set(3) }),
    ],
    properties: [assertion('one')],
  })
  expect((await traced(closed, 'one')).race).toBeUndefined()
})

test('a deadlock has none', async () => {
  const { graph, run, property } = await shortestOf({ variant: 'without-lock_order', scenario: 'wide' }, 'lock-deadlock')
  expect(traceOf(graph, run, { property }).race).toBeUndefined()
})
