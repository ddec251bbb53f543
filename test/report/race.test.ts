/** Which write made which earlier read stale; and that nothing is said where none did. */
import { describe, expect, test } from 'vitest'
import {
  Acquire,
  and,
  array,
  Assert,
  assertion,
  atomic,
  Bool,
  Choose,
  configure,
  current,
  ghost,
  If,
  invariant,
  Let,
  model,
  none,
  not,
  optional,
  or,
  range,
  ref,
  setOf,
  shared,
  Step,
  struct,
  Thread,
  thread,
} from '../../src/language/index.ts'
import type { Model } from '../../src/language/ast.ts'
import { slotOf } from '../../src/report/had-read.ts'
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
    cell: 'i',
    read: 2,
    write: 3,
    relies: 4,
    text: 'race: step 2 (increment[1]) reads i; step 3 (increment[0]) then changes it: 0 → 1; step 4 relies on the old value',
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
  const door = model('door', {
    threads: [thread('a', enter), thread('b', enter)],
    properties: [invariant('one', users.lt(2))],
  })

  test('test, then act: the test is stale', async () => {
    expect((await traced(door, 'one')).race).toMatchObject({ cell: 'busy', relies: 4 })
  })

  test('nobody tests, nobody reads what is stale', async () => {
    const blind = model('blind', {
      threads: ['a', 'b'].map((name) =>
        thread(name, () => {
          Step('enter', () => {
            users.increment()
          })
        }),
      ),
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
            Step('act', () => {
              If(not(still), () => {
                users.set(2)
              })
            })
          })
        }),
        thread('b', () => {
          busy.set(true)
        }),
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
  const closed = model('locked', {
    threads: [thread('a', add), thread('b', add)],
    properties: [invariant('n', n.lt(2))],
  })
  expect((await traced(closed, 'n')).race).toBeUndefined()
})

test('what a thread has written itself since is not what it read', async () => {
  const x = shared('x', range(0, 3))
  const closed = model('own', {
    threads: [
      thread('a', () => {
        const t = Let('t', x)
        x.set(t.plus(1))
        Step('check', () => {
          Assert('one', x.eq(1), 'not one')
        })
      }),
      thread('b', () => {
        x.set(3)
      }),
    ],
    properties: [assertion('one')],
  })
  expect((await traced(closed, 'one')).race).toBeUndefined()
})

test('a deadlock has none', async () => {
  const { graph, run, property } = await shortestOf(
    { variant: 'without-lock_order', scenario: 'wide' },
    'lock-deadlock',
  )
  expect(traceOf(graph, run, { property }).race).toBeUndefined()
})

describe('what was read made the difference', () => {
  const x = shared('x', range(0, 3)),
    y = shared('y', range(0, 3)),
    out = shared('out', range(0, 3))
  const writer = thread('writer', () => {
    y.set(2)
    x.set(2)
  })

  test('of two stale reads, the later one makes none: the earlier is named', async () => {
    const reader = thread('reader', () => {
      const a = Let('a', y),
        b = Let('b', x)
      // b counts only if a is not 0
      Step('act', () => {
        If(a.eq(2), () => {
          out.set(1)
        }).Else(() => {
          out.set(3)
          If(b.eq(3), () => {
            out.set(2)
          })
        })
      })
    })
    const closed = model('two', { threads: [reader, writer], properties: [invariant('late', or(out.ne(3), x.ne(2)))] })
    expect((await traced(closed, 'late')).race).toMatchObject({ cell: 'y' })
  })

  test('where each value would have come to the same, nothing is said', async () => {
    const reader = thread('reader', () => {
      const a = Let('a', x)
      Step('act', () => {
        out.set(a)
        out.set(3)
      })
    })
    const same = thread('other', () => {
      const a = Let('a', x)
      Step('act', () => {
        If(a.le(3), () => {
          out.set(3)
        })
      })
    })
    for (const one of [reader, same]) {
      const closed = model('same', { threads: [one, writer], properties: [invariant('late', or(out.ne(3), x.ne(2)))] })
      expect((await traced(closed, 'late')).race).toBeUndefined()
    }
  })

  test('what says who holds something is no race, whether a lock says whom it waits for or not; a flag beside it is', async () => {
    const owner = shared('owner', optional(Thread)),
      holders = shared('holders', setOf(Thread)),
      taken = shared('taken', Bool)
    const races = async (isFree: () => ReturnType<typeof not>, take: () => void): Promise<string | undefined> => {
      const enter: Block = () => {
        const free = Let('free', isFree())
        Step('enter', () => {
          If(free, () => {
            take()
            out.increment()
          })
        })
      }
      const closed = model('door', {
        threads: [thread('a', enter), thread('b', enter)],
        properties: [invariant('one', out.lt(2))],
      })
      return (await traced(closed, 'one')).race?.cell
    }
    expect(
      await races(
        () => owner.isNone,
        () => {
          owner.set(current)
        },
      ),
    ).toBeUndefined()
    expect(
      await races(
        () => holders.isEmpty,
        () => {
          holders.add(current)
        },
      ),
    ).toBeUndefined()
    expect(
      await races(
        () => not(taken),
        () => {
          taken.set(true)
        },
      ),
    ).toBe('taken')
  })

  test('a ghost is none', async () => {
    const newest = ghost('newest', Bool, true),
      copy = ghost('copy', Bool)
    const reader = thread('reader', () => {
      Step('copy', () => {
        out.set(1)
        copy.set(newest)
      })
      Step('act', () => {
        out.set(2)
        Assert('seen', or(not(copy), newest), 'old')
      })
    })
    const ageing = thread('ageing', () => {
      Step('age', () => {
        y.set(1)
        newest.set(false)
      })
    })
    const closed = model('ghost', { threads: [reader, ageing], properties: [assertion('seen')] })
    expect((await traced(closed, 'seen')).race).toBeUndefined()
  })

  test('a choice that is not there any more, an assertion and a domain error that come all the same', async () => {
    const cell = shared('cells', array(range(0, 1), range(0, 3)))
    const chooser = thread('chooser', () => {
      const a = Let('a', cell.at(0))
      const n = Choose('n', range(0, 3), (one) => one.eq(a))
      Step('act', () => {
        Assert('zero', or(a.ne(0), n.ne(0), cell.at(0).eq(0)), 'it is not what it was')
      })
    })
    const other = thread('other', () => {
      cell.at(0).set(2)
    })
    expect(
      (await traced(model('choice', { threads: [chooser, other], properties: [assertion('zero')] }), 'zero')).race,
    ).toMatchObject({ cell: 'cells[0]' })
    const always = thread('always', () => {
      const a = Let('a', x)
      Step('act', () => {
        Assert('never', and(a.eq(3), x.ne(2)), 'whatever it was')
      })
    })
    expect(
      (await traced(model('always', { threads: [always, writer], properties: [assertion('never')] }), 'never')).race,
    ).toBeUndefined()
  })
})

describe('where a cell is', () => {
  const Entry = struct('entry', { lock: optional(Thread), pte: optional(range(0, 3)) })
  const table = shared('table', array(Thread, array(Bool, Entry)))
  const all = configure(
    model('m', {
      threads: [
        thread(
          't',
          () => {
            table.at(current).at(true).pte.set(1)
          },
          { count: 2 },
        ),
      ],
      properties: [],
    }),
    { sizes: {}, constants: {} },
  )
  test.each([
    ['table', ['table'], 'array'],
    ['table[t[1]]', ['table', 1], 'array'],
    ['table[t[0]][yes]', ['table', 0, true], 'record'],
    ['table[t[1]][no].pte', ['table', 1, false, 'pte'], 'optional'],
    ['table[t[1]][no].lock.x', ['table', 1, false, 'lock'], 'optional'],
  ])('%s', (cell, keys, kind) => {
    expect(slotOf(all, cell)).toMatchObject({ keys, type: { kind }, ghost: false })
  })

  test.each(['other', 'table[t[2]]', 'table.pte', 'table[t[1]][no].pt', 'table[t[1]][no].ptee'])(
    '%s is nowhere',
    (cell) => {
      expect(slotOf(all, cell)).toBeUndefined()
    },
  )
})
