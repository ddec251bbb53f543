/** A `holds` says what it takes memory for where something is read without a lock, and only there. */
import { describe, expect, test } from 'vitest'
import { Seqcount, read_seqcount_begin, read_seqcount_retry } from '../../src/kernel/seqcount.ts'
import { rcu_read_lock, rcu_read_unlock } from '../../src/kernel/rcu.ts'
import { Srcu, srcu_read_lock, srcu_read_unlock } from '../../src/kernel/srcu.ts'
import { Mutex, mutex_lock, mutex_unlock } from '../../src/kernel/mutex.ts'
import { memoryOf } from '../../src/analysis/memory.ts'
import { check } from '../../src/explorer/check.ts'
import {
  atomic,
  Bool,
  configure,
  constant,
  If,
  invariant,
  model,
  no,
  not,
  procedure,
  shared,
  sometimes,
  thread,
  type ConfiguredModel,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { plainPaint } from '../../src/report/paint.ts'
import { propertyLines } from '../../src/report/text.ts'
import { digestOf } from '../../src/schedules/digest.ts'
import { small } from '../support/engine.ts'

const x = shared('x', Bool)
const mutex = shared('mutex', Mutex)
const seq = shared('seq', Seqcount)
const srcu = shared('srcu', Srcu)
const fast = constant('fast', Bool)
const reads = (lockless: boolean) =>
  procedure(
    'peek',
    [],
    () => {
      If(x, () => x.set(false))
    },
    { lockless },
  )
const sets = thread('sets', () => x.set(true))

const built = (
  threads: readonly ThreadDefinition[],
  constants: Readonly<Record<string, boolean>> = {},
  only?: readonly string[],
): ConfiguredModel =>
  configure(
    model('m', { threads, properties: [invariant('P', not(x)), sometimes('Q', x), invariant('R', no.eq(no))] }),
    { sizes: {}, constants, ...(only === undefined ? {} : { threads: only }) },
  )

describe('what memory is taken for', () => {
  const uses: readonly (readonly [string, () => void, boolean])[] = [
    [
      'seqcount',
      () => {
        read_seqcount_begin(seq)
        read_seqcount_retry(seq)
      },
      true,
    ],
    [
      'rcu',
      () => {
        rcu_read_lock()
        rcu_read_unlock()
      },
      true,
    ],
    [
      'srcu',
      () => {
        srcu_read_lock(srcu)
        srcu_read_unlock(srcu)
      },
      true,
    ],
    [
      "a procedure of the user's",
      () => {
        reads(true)()
      },
      true,
    ],
    [
      'in a procedure of another',
      () => {
        procedure('outer', [], () => {
          reads(true)()
        })()
      },
      true,
    ],
    [
      'an atomic procedure',
      () => {
        atomic('READ_ONCE', [], () => x.set(x), { lockless: true })()
      },
      true,
    ],
    [
      'the same, not marked',
      () => {
        reads(false)()
      },
      false,
    ],
    [
      'a mutex',
      () => {
        mutex_lock(mutex)
        mutex_unlock(mutex)
      },
      false,
    ],
  ]
  test.each(uses)('%s', (_, use, is) => {
    const t = thread('t', () => {
      use()
    })
    expect(memoryOf(built([sets, t]))).toBe(is ? 'sequentially consistent' : undefined)
    expect(memoryOf(built([sets, t], {}, ['sets'])), 'of a thread that takes no part').toBeUndefined()
  })

  test('a branch that the configuration leaves out is no use of it', () => {
    const t = thread('t', () => {
      If(fast, () => {
        reads(true)()
      })
    })
    expect(memoryOf(built([sets, t], { fast: true }))).toBe('sequentially consistent')
    expect(memoryOf(built([sets, t], { fast: false }))).toBeUndefined()
  })

  test('every holds says so in its line, no other verdict does', async () => {
    const lines = async (lockless: boolean) =>
      propertyLines(
        await check(
          built([
            sets,
            thread('t', () => {
              reads(lockless)()
            }),
          ]),
          small,
        ),
        plainPaint,
      )
    expect(await lines(true)).toEqual([
      '  violated    P  invariant      minimal: 1 step, 0 switches',
      '  possible    Q  sometimes      in 1 step',
      '  holds       R  invariant      memory is assumed to be sequentially consistent',
    ])
    expect((await lines(false)).join('\n')).not.toContain('memory')
  })

  test('it is documentation: a schedule of the model without the mark is a schedule of it', () => {
    const digest = (lockless: boolean) =>
      digestOf(
        built([
          sets,
          thread('t', () => {
            reads(lockless)()
          }),
        ]),
        { kind: 'invariant', name: 'P' },
      )
    expect(digest(true)).toBe(digest(false))
  })
})
