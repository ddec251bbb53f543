/**
 * What the text alone gives away, and invariants that say nothing: each with its neighbour of which nothing is said.
 */
import { describe, expect, test } from 'vitest'
import { unrecordedWarnings } from '../../src/analysis/unrecorded.ts'
import { check } from '../../src/explorer/check.ts'
import { definitions } from '../../src/language/definitions.ts'
import {
  and,
  anyOf,
  array,
  atomic,
  Await,
  Bool,
  configure,
  constant,
  Either,
  every,
  Idle,
  If,
  implies,
  invariant,
  Loop,
  model,
  not,
  or,
  procedure,
  range,
  ref,
  shared,
  sort,
  Step,
  thread,
  type Property,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { Mutex, mutex_lock, mutex_unlock } from '../../src/kernel/mutex.ts'
import { Rwsem, down_read, up_read } from '../../src/kernel/rwsem.ts'
import { small } from '../support/engine.ts'

interface Made {
  readonly threads: readonly ThreadDefinition[]
  readonly properties: readonly Property[]
  readonly only?: readonly string[]
  readonly constants?: Readonly<Record<string, boolean>>
  readonly sizes?: Readonly<Record<string, number>>
}
async function warned(
  code: string,
  { threads, properties, only, constants = {}, sizes = {} }: Made,
): Promise<readonly string[]> {
  const { warnings } = await check(
    configure(model('m', { threads, properties }), {
      sizes,
      constants,
      ...(only === undefined ? {} : { threads: only }),
    }),
    small,
  )
  return warnings
    .filter((one) => one.code === code)
    .map(({ what, at, calls = [] }) => {
      expect([at, ...calls].some((place) => /^test\/analysis\/statics\.test\.ts:\d+$/.test(place))).toBe(true)
      return what
    })
}

const x = shared('x', range(0, 3))
const y = shared('y', Bool)
const never = shared('never', Bool)
const sets = thread('sets', () => {
  x.set(1)
  y.set(true)
})
const page = sort('Page')
const freed = shared('freed', array(page, Bool))
const mapped = shared('mapped', array(page, Bool))
const maps = thread('maps', () => {
  Step('map', () => {
    If(x.eq(0), () => x.set(1))
  })
})

describe('invariants that say nothing', () => {
  test.each<readonly [string, Property, boolean]>([
    ['a premise that is never true', invariant('i', implies(never, x.eq(3))), true],
    ['a premise that comes true', invariant('i', implies(y, x.eq(1))), false],
    ['a premise of a value that is never reached', invariant('i', implies(x.eq(3), y)), true],
    [
      'two implications, one of which says something',
      invariant('i', and(implies(never, y), implies(y, x.eq(1)))),
      false,
    ],
    ['two implications that say nothing', invariant('i', and(implies(never, y), implies(x.eq(2), y))), true],
    ['an implication in an implication', invariant('i', implies(y, implies(x.eq(0), never))), true],
    ['written with or and not', invariant('i', or(not(x.eq(3)), y)), true],
    ['no implication at all', invariant('i', or(x.le(1), y)), false],
    ['a premise that leaves its domain', invariant('i', implies(x.eq(0), x.le(3))), false],
  ])('%s', async (_, property, is) => {
    expect(await warned('HMM064', { threads: [sets], properties: [property] })).toHaveLength(is ? 1 : 0)
  })

  test('over every page: none is ever mapped; and where there is no page', async () => {
    const properties = [
      invariant(
        'no-uaf',
        every(page, (p) => implies(mapped.at(p), not(freed.at(p)))),
      ),
    ]
    expect(await warned('HMM064', { threads: [maps], properties, sizes: { Page: 2 } })).toEqual([
      'the invariant no-uaf is vacuous: its premise is never true: `some page: mapped[page]`',
    ])
    expect(await warned('HMM064', { threads: [maps], properties, sizes: { Page: 0 } })).toEqual([
      'the invariant no-uaf is true in every state: nothing that it speaks of exists in this configuration',
    ])
  })

  test('with two workers the same', async () => {
    const configured = configure(
      model('m', {
        threads: [sets],
        properties: [invariant('i', implies(never, y)), invariant('j', implies(y, x.eq(1)))],
      }),
      { sizes: {}, constants: {} },
    )
    const { warnings, properties, verdict } = await check(configured, { ...small, workers: 2 })
    expect(warnings.filter(({ code }) => code === 'HMM064').map(({ what }) => what)).toEqual([
      expect.stringContaining('the invariant i is vacuous'),
    ])
    expect([verdict, properties.map(({ name }) => name)]).toEqual(['holds', ['i', 'j']])
  })

  test('a variant that leaves the premise out, or a scenario without the thread that makes it true', async () => {
    const c = constant('c', Bool)
    expect(
      await warned('HMM064', {
        threads: [sets],
        properties: [invariant('i', implies(c, x.eq(3)))],
        constants: { c: false },
      }),
    ).toEqual([])
    const other = thread('other', () => never.set(true))
    expect(
      await warned('HMM064', {
        threads: [sets, other],
        properties: [invariant('i', implies(never, y))],
        only: ['sets'],
      }),
    ).toEqual([])
  })
})

describe('variables that never change', () => {
  test('one that is read and never assigned, not one that another scenario assigns, or that starts with several values', async () => {
    const start = shared('start', Bool, anyOf(false, true))
    const other = thread('other', () => never.set(true))
    const properties = [invariant('i', or(never, x.le(3), start))]
    expect(await warned('HMM065', { threads: [sets], properties })).toEqual([
      'the variable never never changes: nothing in m assigns it',
    ])
    expect(await warned('HMM065', { threads: [sets, other], properties, only: ['sets'] })).toEqual([])
  })

  test('what a procedure assigns by reference changes', async () => {
    const put = procedure('put', [ref(Bool)], (flag) => flag.set(true))
    expect(
      await warned('HMM065', {
        threads: [
          thread('t', () => {
            put(never)
          }),
        ],
        properties: [invariant('i', or(never, not(never)))],
      }),
    ).toEqual([])
  })
})

describe('Idle() right before a lock', () => {
  const m = shared('m', Mutex),
    sem = shared('sem', Rwsem)
  const properties = [invariant('i', x.le(3))]
  const loop = (body: () => void): ThreadDefinition =>
    thread('u', () =>
      Loop(() => {
        Idle()
        body()
        return undefined
      }),
    )
  const locked = (): void => {
    mutex_lock(m)
    x.set(1)
    mutex_unlock(m)
  }

  test('a mutex: the thread waits for it where it may rest', async () => {
    expect(await warned('HMM067', { threads: [loop(locked)], properties })).toEqual([
      'u rests at idle while it waits for a lock: `mutex_lock(&m)` stands right behind Idle(), so a hang there is not seen',
    ])
  })

  test('in a procedure, and as a branch', async () => {
    const work = procedure('work', [], () => {
      locked()
    })
    expect(
      await warned('HMM067', {
        threads: [
          loop(() => {
            work()
          }),
        ],
        properties,
      }),
    ).toHaveLength(1)
    expect(
      await warned('HMM067', {
        threads: [
          loop(() => {
            Either(
              () => {
                work()
              },
              () => x.set(2),
            )
          }),
        ],
        properties,
      }),
    ).toHaveLength(1)
  })

  test('not with a step between, not a lock that is joined in a queue, not in a daemon', async () => {
    expect(
      await warned('HMM067', {
        threads: [
          loop(() => {
            Step('work', () => {})
            locked()
          }),
        ],
        properties,
      }),
    ).toEqual([])
    expect(
      await warned('HMM067', {
        threads: [
          loop(() => {
            down_read(sem)
            up_read(sem)
          }),
        ],
        properties,
        constants: {},
      }),
    ).toEqual([])
    expect(
      await warned('HMM067', {
        threads: [
          thread(
            'u',
            () =>
              Loop(() => {
                Idle()
                locked()
              }),
            { daemon: true },
          ),
        ],
        properties,
      }),
    ).toEqual([])
  })
})

describe('procedures and threads that no model has', () => {
  test('each at its definition', () => {
    const called = procedure('called', [], () => {
      x.set(1)
    })
    const forgotten = atomic('forgotten', [], () => {
      Await(y)
    })
    const passed = thread('passed', () => {
      called()
      void forgotten
    })
    thread('left', () => x.set(2))
    model('m', { threads: [passed], properties: [] })
    const mine = unrecordedWarnings(definitions(), (at) => at.startsWith('test/analysis/statics.test.ts:'))
    expect(mine.map(({ code, what }) => `${code} ${what}`)).toEqual(
      expect.arrayContaining([
        'HMM068 the procedure forgotten is called in no model',
        'HMM068 the thread left is part of no model',
      ]),
    )
    expect(mine.some(({ what }) => /called is|passed/.test(what) && !/forgotten/.test(what))).toBe(false)
  })

  test('one that is defined anew for each model is had if one of them has it', () => {
    const make = (used: boolean): void => {
      const again = procedure('again', [], () => {
        x.set(1)
      })
      model('m', {
        threads: [
          thread('t', () => {
            if (used) again()
            else x.set(1)
          }),
        ],
        properties: [],
      })
    }
    make(false)
    make(true)
    expect(unrecordedWarnings(definitions(), () => true).filter(({ what }) => what.includes('again'))).toEqual([])
  })
})
