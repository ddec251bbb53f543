/** Reference counts of objects: the last one frees, once; and who comes too late gets nothing. */
import { describe, expect, test } from 'vitest'
import { Assert, assertion, If, range, setOf, shared, sort, Step } from '../../src/language/index.ts'
import { kref_get, kref_get_unless_zero, kref_init, kref_put } from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const Thing = sort('Thing')
const freed = shared('freed', setOf(Thing))
const kref = shared('kref', range(0, 3))
const one = shared('one', range(0, 3), 1)
const log = shared('log', range(0, 9))

describe('a kref', () => {
  test("begins with its maker's reference, and ends with the last", async () => {
    const maker = thread('maker', () => {
      kref_init(kref)
      const is_last = kref_put(kref)
      return If(is_last, () => log.increment())
    })
    expect(endings(closed([maker]))).toEqual(['1'])
    // Made, put, told.
    expect(await judge(closed([maker]))).toMatchObject({ states: 4, transitions: 3, depth: 4 })
  })

  test('is the last for exactly one of those who put', () => {
    const puts = (name: string) =>
      thread(name, () => {
        const is_last = kref_put(kref)
        return If(is_last, () => log.increment())
      })
    const start = () => kref.set(2)
    expect(endings(closed([puts('a'), puts('b')], [], {}, start))).toEqual(['1'])
    expect(endings(closed([puts('a'), puts('b')], [], {}, start), 'kref')).toEqual(['0'])
  })

  test('that has fallen to zero is not taken up again', async () => {
    const late = thread('late', () => {
      const taken = kref_get_unless_zero(one)
      return If(taken, () => {
        log.increment()
        kref_put(one)
      })
    })
    const last = thread('last', () => kref_put(one))
    // Before the last put, or too late.
    expect(endings(closed([late, last]))).toEqual(['0', '1'])
    expect(await verdicts(closed([late, last]))).toEqual({})
    const careless = thread('careless', () => kref_get(one))
    expect(await verdicts(closed([careless, last]))).toEqual({
      'refcount_t: addition on 0; use-after-free': 'violated in 2',
    })
  })

  test('that is put once too often is misuse', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            kref_put(one)
            return kref_put(one)
          }),
        ]),
      ),
    ).toEqual({ 'refcount_t: underflow; use-after-free': 'violated in 2' })
  })

  test('keeps the object for who holds a reference, not for who only looks', async () => {
    const owner = thread('owner', () => {
      const is_last = kref_put(one)
      return If(is_last, () => Step('kfree', () => freed.set(setOf(Thing).all)))
    })
    const uses = (counts: boolean) =>
      thread('uses', () => {
        const taken = kref_get_unless_zero(one)
        return If(taken, () => {
          if (!counts) kref_put(one)
          Step('uses it', () => Assert('P-LIFE', freed.isEmpty))
          if (counts) kref_put(one)
        })
      })
    const asked = [assertion('P-LIFE')]
    expect(await verdicts(closed([owner, uses(true)], asked, { sizes: { Thing: 1 } }))).toEqual({ 'P-LIFE': 'holds' })
    // Taken and tested, given back, put, tested and freed, used.
    expect(await verdicts(closed([owner, uses(false)], asked, { sizes: { Thing: 1 } }))).toEqual({
      'P-LIFE': 'violated in 5',
    })
  })
})
