/**
 * Threads that rest with a lock held: by hand, and on random programs of locks against the reference interpreter and
 * what it shows of each state.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  down_read,
  down_write,
  Mutex,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  Page,
  pageLocks,
  Rwsem,
  Spinlock,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
} from '../../src/kernel/index.ts'
import { lockFields } from '../../src/analysis/locks.ts'
import { check } from '../../src/explorer/check.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import {
  array,
  Await,
  Bool,
  Choose,
  configure,
  current,
  deadlock,
  Either,
  Idle,
  If,
  Loop,
  model,
  not,
  optional,
  queueOf,
  range,
  Return,
  setOf,
  shared,
  Step,
  struct,
  Thread,
  thread,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import type { CountedThreadOptions } from '../../src/language/threads.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { lockUses } from '../../src/report/locks.ts'
import { machine, plainState, transitions, type State } from '../../src/semantics/machine.ts'
import { atAllowedEnd } from '../../src/semantics/properties.ts'
import { small } from '../support/engine.ts'

const configured = (
  threads: readonly ThreadDefinition[],
  sizes: Readonly<Record<string, number>> = {},
): ConfiguredModel => configure(model('m', { threads, properties: [deadlock()] }), { sizes, constants: {} })

async function said(all: ConfiguredModel, options: object = {}): Promise<readonly string[]> {
  const { warnings } = await check(all, { ...small, ...options })
  return warnings
    .flatMap(({ code, what, at }) => {
      if (code !== 'HMM066') return []
      expect(at).toMatch(/^test\/analysis\/rests\.test\.ts:\d+$/)
      return [what.replace(': a thread that waits for it may wait for ever', '')]
    })
    .toSorted()
}

const m = shared('m', Mutex),
  sem = shared('sem', Rwsem),
  spin = shared('spin', Spinlock)
const x = shared('x', Bool)
const Own = struct('own', {
  owner: optional(Thread),
  users: setOf(Thread),
  last: optional(Thread),
  queue: queueOf(Thread, 3),
})
const own = shared('own', Own)
/** Somebody who wants every lock there is, and gives it back. */
const other = thread('other', () => {
  mutex_lock(m)
  mutex_unlock(m)
  down_write(sem)
  up_write(sem)
  spin_lock(spin)
  spin_unlock(spin)
})
const t = (body: () => void, options: CountedThreadOptions = {}): readonly ThreadDefinition[] => [
  thread(
    't',
    () => {
      body()
    },
    options,
  ),
  other,
]

describe('said', () => {
  test.each<readonly [string, () => void, readonly string[]]>([
    [
      'at the end',
      () => {
        mutex_lock(m)
      },
      ['t ends and holds m'],
    ],
    [
      'on one way of several',
      () => {
        mutex_lock(m)
        Either(
          () => {
            mutex_unlock(m)
          },
          () => {
            x.set(true)
          },
        )
      },
      ['t ends and holds m'],
    ],
    [
      'by a return',
      () => {
        mutex_lock(m)
        If(x, () => Return())
        x.set(true)
        mutex_unlock(m)
        mutex_lock(m)
        If(x, () => Return())
        mutex_unlock(m)
      },
      ['t ends and holds m'],
    ],
    [
      'at an Idle',
      () => {
        Loop(() => {
          Idle('rest')
          x.set(true)
          spin_lock(spin)
          Either(
            () => {
              spin_unlock(spin)
            },
            () => {
              Idle('held')
              x.set(false)
              spin_unlock(spin)
            },
          )
        })
      },
      ['t rests at held and holds spin'],
    ],
    [
      'of two locks',
      () => {
        mutex_lock(m)
        down_read(sem)
      },
      ['t ends and holds m', 't ends and holds sem'],
    ],
    [
      'of a reader, of a writer',
      () => {
        Either(
          () => {
            down_read(sem)
          },
          () => {
            down_write(sem)
          },
        )
      },
      ['t ends and holds sem'],
    ],
    [
      'of a trylock',
      () => {
        mutex_trylock(m)
      },
      ['t ends and holds m'],
    ],
    [
      'of a lock of its own that says whom it waits for, or not',
      () => {
        Step('take', () => {
          Await(own.owner.isNone)
          own.owner.set(current)
        })
        Step('use', () => {
          Await(own.users.isEmpty)
          own.users.add(current)
        })
      },
      ['t ends and holds own'],
    ],
  ])('%s', async (_, body, expected) => {
    expect(await said(configured(t(body)))).toEqual(expected)
  })

  test('of an array, once, by the first that was held', async () => {
    const locks = shared('locks', array(range(0, 2), Mutex))
    expect(
      await said(
        configured(
          t(() => {
            const n = Choose('n', range(0, 2))
            mutex_lock(locks.at(n))
          }),
        ),
      ),
    ).toEqual(['t ends and holds locks[0]'])
    const many = shared('many', array(range(0, 20), Mutex))
    expect(
      await said(
        configured(
          t(() => {
            const n = Choose('n', range(0, 20))
            mutex_lock(many.at(n))
          }),
        ),
      ),
    ).toEqual(['t ends and holds many[]'])
    const { lock_page } = pageLocks()
    const taker = thread(
      'taker',
      () => {
        const page = Choose('page', Page)
        lock_page(page)
      },
      { count: 2 },
    )
    expect(await said(configured([taker], { Page: 2 }))).toEqual(['taker ends and holds page_lock[0]'])
  })

  test('by one worker and by two', async () => {
    const all = configured(
      t(
        () => {
          mutex_lock(m)
          down_read(sem)
        },
        { count: 2 },
      ),
    )
    expect(await said(all, { workers: 2 })).toEqual(await said(all))
    expect(await said(all)).toEqual(['t ends and holds m', 't ends and holds sem'])
  })
})

describe('not said', () => {
  test.each<readonly [string, () => void, CountedThreadOptions]>([
    [
      'where it is given back',
      () => {
        mutex_lock(m)
        x.set(true)
        mutex_unlock(m)
      },
      {},
    ],
    [
      'where the model says why',
      () => {
        mutex_lock(m)
      },
      { keepsLocks: 'it is the owner for ever' },
    ],
    [
      'of a queue in which a thread stands, of a name that nobody waits for',
      () => {
        own.queue.push(current)
        own.last.set(current)
      },
      {},
    ],
    [
      'of a turn',
      () => {
        own.last.set(current)
        Await(own.last.ne(current))
      },
      {},
    ],
    [
      'where a thread waits inside',
      () => {
        mutex_lock(m)
        Await(not(x))
        mutex_unlock(m)
      },
      {},
    ],
    [
      'while it is taken again from a place to rest',
      () => {
        Loop(() => {
          Idle()
          x.set(true)
          mutex_lock(m)
          mutex_unlock(m)
        })
      },
      {},
    ],
  ])('%s', async (_, body, options) => {
    expect(await said(configured(t(body, options)))).toEqual([])
  })
})

test('a word why is no part of what a model does', async () => {
  const of = async (options: CountedThreadOptions): Promise<unknown> => {
    const {
      states,
      transitions: count,
      depth,
      properties,
    } = await check(
      configured(
        t(() => {
          mutex_lock(m)
        }, options),
      ),
      small,
    )
    return { states, count, depth, said: properties.map(({ name, verdict, steps }) => ({ name, verdict, steps })) }
  }
  expect(await of({ keepsLocks: 'why' })).toEqual(await of({}))
})

/**
 * As the interpreter shows it: each thread that comes to a place where it may stay, and the locks that the state says
 * it holds.
 */
function shown(all: ConfiguredModel): readonly string[] {
  const reference = machine(all),
    fields = lockFields(all)
  const idle = new Map<string, string>()
  for (const { name, body } of all.threads)
    visitStatements(body, (s) => {
      if (s.kind === 'label' && s.idle)
        idle.set(`${name} ${s.path.replace(/\d+$/, (n) => String(Number(n) + 1))}`, s.name)
    })
  const found = new Set<string>()
  const known = new Map<string, true>()
  const todo = reference.initial.map(({ state }) => state)
  const keyOf = (state: State): string => JSON.stringify(plainState(reference, state))
  for (const state of todo) known.set(keyOf(state), true)
  for (const state of todo) {
    for (const { outcome, thread: mover } of transitions(reference, state)) {
      if (outcome.kind !== 'next') continue
      const plain = plainState(reference, outcome.state)
      const name = all.threads[all.instances[mover]?.thread ?? -1]?.name ?? ''
      if (atAllowedEnd(reference, outcome.state, mover)) {
        const point = plain.threads[mover]?.point ?? ''
        const where = point === 'end' ? 'ends' : `rests at ${idle.get(`${name} ${point}`) ?? '?'}`
        for (const { lock, thread: holder, waits } of lockUses(all, fields, plain))
          if (holder === mover && !waits) found.add(`${name} ${where} and holds ${lock}`)
      }
      const key = keyOf(outcome.state)
      if (!known.has(key)) {
        known.set(key, true)
        todo.push(outcome.state)
      }
    }
  }
  return [...found].toSorted()
}

type Word = 'lock' | 'unlock' | 'read' | 'up_read' | 'write' | 'up_write' | 'idle' | 'x' | 'maybe'
const words = fc.array(
  fc.constantFrom<Word>('lock', 'unlock', 'read', 'up_read', 'write', 'up_write', 'idle', 'x', 'maybe'),
  { minLength: 1, maxLength: 6 },
)
function program(list: readonly Word[]): void {
  list.forEach((word, n) => {
    switch (word) {
      case 'lock':
        mutex_lock(m)
        return
      case 'unlock':
        mutex_unlock(m)
        return
      case 'read':
        down_read(sem)
        return
      case 'up_read':
        up_read(sem)
        return
      case 'write':
        down_write(sem)
        return
      case 'up_write':
        up_write(sem)
        return
      case 'idle':
        Idle(`rest ${n}`)
        x.set(not(x))
        return
      case 'x':
        x.set(not(x))
        return
      case 'maybe':
        If(x, () => Return())
    }
  })
}

test('on random programs of locks, what the interpreter shows', async () => {
  let held = 0
  await fc.assert(
    fc.asyncProperty(words, words, async (one, two) => {
      const all = configured([
        thread('one', () => {
          program(one)
        }),
        thread('two', () => {
          program(two)
        }),
      ])
      const expected = shown(all)
      held += expected.length
      expect(await said(all)).toEqual(expected)
    }),
    { numRuns: 150, seed: 1 },
  )
  expect(held).toBeGreaterThan(50)
})
