/** Atomic counters and reference counts. */
import { describe, expect, test } from 'vitest'
import { Bool, If, Let, oneOf, queueOf, range, shared, sometimes, type Recorded } from '../../src/language/index.ts'
import {
  atomic_dec,
  atomic_dec_and_test,
  atomic_inc,
  refcount_dec_and_test,
  refcount_inc,
  refcount_inc_not_zero,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const count = shared('count', range(0, 2))
const log = shared('log', queueOf(oneOf('y', 'n'), 4))
const says = (answer: Bool): Recorded => If(answer, () => log.push('y')).Else(() => log.push('n'))
/** The counter begins at this. */
const from = (n: number) => (): Recorded => count.set(n)
const twice = (body: () => Recorded) => ['a', 'b'].map((name) => thread(name, body))

describe('counters', () => {
  test('two that increment at once lose nothing', async () => {
    // 00, 10, 01, 11 of two threads that have or have not.
    expect(
      await judge(
        closed(
          twice(() => atomic_inc(count)),
          [sometimes('one', count.eq(1)), sometimes('two', count.eq(2))],
        ),
      ),
    ).toEqual({ states: 4, transitions: 4, depth: 3, properties: { one: 'holds in 1', two: 'holds in 2' } })
  })

  test('a read, and then a write, may lose one', () => {
    expect(
      endings(
        closed(
          twice(() => {
            const was = Let('was', count)
            return count.set(was.plus(1))
          }),
        ),
        'count',
      ),
    ).toEqual(['1', '2'])
    expect(endings(closed(twice(() => atomic_inc(count))), 'count')).toEqual(['2'])
  })

  test('of those who drop it exactly one sees zero', () => {
    expect(
      endings(
        closed(
          twice(() => says(atomic_dec_and_test(count))),
          [],
          {},
          from(2),
        ),
      ),
    ).toEqual(['ny', 'yn'])
  })

  test('a counter has bounds', async () => {
    expect(await verdicts(closed([thread('a', () => atomic_dec(count))], [sometimes('down', count.eq(1))]))).toEqual({
      domain: 'violated in 1',
      down: 'undecided',
    })
    expect(
      await verdicts(closed([thread('a', () => atomic_inc(count))], [sometimes('up', count.eq(1))], {}, from(2))),
    ).toEqual({ domain: 'violated in 1', up: 'undecided' })
  })
})

describe('reference counts', () => {
  test('one more on nothing is misuse, and so is one less', async () => {
    expect(await verdicts(closed([thread('a', () => refcount_inc(count))]))).toEqual({
      'refcount_t: addition on 0; use-after-free': 'violated in 1',
    })
    expect(await verdicts(closed([thread('a', () => refcount_dec_and_test(count))]))).toEqual({
      'refcount_t: underflow; use-after-free': 'violated in 1',
    })
    const right = thread('a', () => {
      refcount_inc(count)
      refcount_dec_and_test(count)
      return refcount_dec_and_test(count)
    })
    expect(await verdicts(closed([right], [], {}, from(1)))).toEqual({})
  })

  test('the last reference is dropped once', () => {
    expect(
      endings(
        closed(
          twice(() => says(refcount_dec_and_test(count))),
          [],
          {},
          from(2),
        ),
      ),
    ).toEqual(['ny', 'yn'])
  })

  test('a lookup that races with the last put gets a reference or nothing', async () => {
    // y: the lookup was first, and the put not the last; else the put saw zero.
    const put = thread('put', () => refcount_dec_and_test(count))
    const get = thread('get', () => says(refcount_inc_not_zero(count)))
    expect(endings(closed([put, get], [], {}, from(1)))).toEqual(['n', 'y'])
    expect(endings(closed([put, get], [], {}, from(1)), 'count')).toEqual(['0', '1'])
    expect(await verdicts(closed([put, get], [sometimes('two', count.eq(2))], {}, from(1)))).toEqual({
      two: 'holds in 1',
    })
  })

  test('a lookup that does not look is seen', async () => {
    const put = thread('put', () => refcount_dec_and_test(count))
    expect(await verdicts(closed([put, thread('get', () => refcount_inc(count))], [], {}, from(1)))).toEqual({
      'refcount_t: addition on 0; use-after-free': 'violated in 2',
    })
  })
})
