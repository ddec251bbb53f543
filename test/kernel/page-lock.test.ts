/** The page lock: who gets it, who waits, and who only asks. */
import { describe, expect, test } from 'vitest'
import {
  Await,
  Choose,
  deadlock,
  If,
  lockDeadlock,
  oneOf,
  queueOf,
  shared,
  type Id,
  type Recorded,
} from '../../src/language/index.ts'
import { Page, pageLocks } from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const { is_locked, lock_page, trylock_page, unlock_page, wait_on_page_locked } = pageLocks()
const log = shared('log', queueOf(oneOf('a', 'b', 'n'), 3))
const one = { sizes: { Page: 1 } }
const locks = [deadlock(), lockDeadlock()]
/** A thread that does this with the only page there is. */
const on = (name: string, body: (page: Id<'Page'>) => unknown) => thread(name, () => body(Choose('page', Page)))

describe('lock_page', () => {
  test('has one owner at a time', async () => {
    // The page, the lock, its return: 4 * 4 states, but not both owners.
    const pair = ['a', 'b'].map((name) =>
      on(name, (page) => {
        lock_page(page)
        return unlock_page(page)
      }),
    )
    expect(await judge(closed(pair, locks, one))).toMatchObject({
      states: 15,
      properties: { deadlock: 'holds', 'lock-deadlock': 'holds' },
    })
  })

  test('any of those who wait may be next', () => {
    const takes = (name: 'a' | 'b') =>
      on(name, (page) => {
        lock_page(page)
        log.push(name)
        return unlock_page(page)
      })
    expect(endings(closed([takes('a'), takes('b')], [], one))).toEqual(['ab', 'ba'])
  })

  test('twice by one thread is misuse, and so is giving back what another has', async () => {
    expect(
      await verdicts(
        closed(
          [
            on('a', (page) => {
              lock_page(page)
              return lock_page(page)
            }),
          ],
          [],
          one,
        ),
      ),
    ).toEqual({ 'lock_page() by the thread that holds it': 'violated in 3' })
    expect(
      await verdicts(
        closed(
          [
            on('a', lock_page),
            on('b', (page) => {
              Await(is_locked(page))
              return unlock_page(page)
            }),
          ],
          [],
          one,
        ),
      ),
    ).toEqual({ 'unlock_page() by a thread that did not lock it': 'violated in 5' })
  })
})

describe('trylock_page', () => {
  const tries = on('b', (page) => {
    const taken = trylock_page(page)
    return If(taken, () => log.push('b')).Else(() => log.push('n'))
  })

  test('takes a free one, and leaves a locked one alone', () => {
    expect(endings(closed([tries], [], one))).toEqual(['b'])
    expect(endings(closed([on('a', lock_page), tries], [], one))).toEqual(['b and stuck', 'n'])
  })
})

describe('wait_on_page_locked', () => {
  const waits = on('b', (page) => {
    wait_on_page_locked(page)
    return log.push('b')
  })

  test('returns when it is free, and takes nothing', () => {
    expect(
      endings(
        closed(
          [
            on('a', (page) => {
              lock_page(page)
              log.push('a')
              return unlock_page(page)
            }),
            waits,
          ],
          [],
          one,
        ),
      ),
    ).toEqual(['ab', 'ba'])
  })

  test('waits for its owner: who never comes is a deadlock, who waits for the waiter a lock deadlock', async () => {
    expect(endings(closed([on('a', lock_page), waits], [], one))).toEqual([' and stuck', 'b'])
    const crossed = (name: string) =>
      thread(name, (): Recorded => {
        const own = Choose('own', Page)
        const other = Choose('other', Page, (page) => page.ne(own))
        lock_page(own)
        return wait_on_page_locked(other)
      })
    expect(await verdicts(closed([crossed('a'), crossed('b')], locks, { sizes: { Page: 2 } }))).toEqual({
      deadlock: 'violated in 4',
      'lock-deadlock': 'violated in 4',
    })
  })

  test('is misuse by its owner', async () => {
    expect(
      await verdicts(
        closed(
          [
            on('a', (page) => {
              lock_page(page)
              return wait_on_page_locked(page)
            }),
          ],
          [],
          one,
        ),
      ),
    ).toEqual({ 'wait_on_page_locked() by the thread that holds it': 'violated in 3' })
  })
})
