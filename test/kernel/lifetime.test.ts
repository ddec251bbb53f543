/** Objects that are allocated and freed, the users of an address space, and SRCU. */
import { describe, expect, test } from 'vitest'
import {
  assertion,
  Await,
  Bool,
  deadlock,
  every,
  If,
  IfSome,
  lockDeadlock,
  Loop,
  Misuse,
  none,
  oneOf,
  optional,
  queueOf,
  shared,
  some,
  sometimes,
  sort,
  Step,
  type Id,
  type Recorded,
} from '../../src/language/index.ts'
import {
  mm_is_alive,
  mm_state,
  mmget,
  mmput,
  mmput_last,
  Mutex,
  mutex_lock,
  mutex_unlock,
  objects,
  Srcu,
  srcu_read_lock,
  srcu_read_unlock,
  synchronize_srcu,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const Thing = sort('Thing')
const things = objects(Thing, 'things')
const log = shared('log', queueOf(oneOf('a', 'b', 'y', 'n'), 4))
const says = (answer: Bool): Recorded => If(answer, () => log.push('y')).Else(() => log.push('n'))
const sized = (n: number) => ({ sizes: { Thing: n } })

describe('objects', () => {
  const uses = (thing: Id<'Thing'>): Recorded => Step('thing->field', () => things.dereference(thing, 'thing->field'))

  test('any that is free may be allocated, none twice', async () => {
    // 1 + 2 states for the first, and the other of the two for the second.
    const two = thread('a', () => {
      things.kmalloc()
      return things.kmalloc()
    })
    expect(await judge(closed([two], [sometimes('all', every(Thing, things.is_allocated))], sized(2)))).toEqual({
      states: 5,
      transitions: 4,
      depth: 3,
      properties: { all: 'holds in 2' },
    })
  })

  test('who finds none sleeps until one is freed', () => {
    const first = thread('first', () => {
      const one = things.kmalloc()
      Step('a', () => log.push('a'))
      return things.kfree(one)
    })
    const second = thread('second', () => {
      Await(log.has('a'))
      things.kmalloc()
      return log.push('b')
    })
    expect(endings(closed([first, second], [], sized(1)))).toEqual(['ab'])
    const keeps = thread('keeps', () => things.kmalloc())
    const late = thread('late', () => {
      Await(some(Thing, things.is_allocated))
      return things.kmalloc()
    })
    expect(endings(closed([keeps, late], [], sized(1)), 'things')).toEqual(['0 and stuck'])
  })

  test('using one is right while it is allocated', async () => {
    const right = thread('a', () => {
      const one = things.kmalloc()
      uses(one)
      return things.kfree(one)
    })
    expect(await verdicts(closed([right], [assertion('P-LIFE')], sized(1)))).toEqual({ 'P-LIFE': 'holds' })
  })

  test('using one after it was freed is seen', async () => {
    const wrong = thread('a', () => {
      const one = things.kmalloc()
      things.kfree(one)
      return uses(one)
    })
    expect(await verdicts(closed([wrong], [], sized(2)))).toEqual({ 'P-LIFE': 'violated in 3' })
  })

  test('freeing one twice is seen', async () => {
    const wrong = thread('a', () => {
      const one = things.kmalloc()
      things.kfree(one)
      return things.kfree(one)
    })
    expect(await verdicts(closed([wrong], [], sized(2)))).toEqual({ 'P-LIFE': 'violated in 3' })
  })

  test('a use through an old pointer is seen though the memory may be allocated again', async () => {
    // The other thread may have the memory again when it is used; it need not, and that is enough.
    const wrong = thread('a', () => {
      const one = things.kmalloc()
      things.kfree(one)
      return uses(one)
    })
    const reuses = thread('b', () => things.kmalloc())
    expect(
      await verdicts(closed([wrong, reuses], [sometimes('both', every(Thing, things.is_allocated))], sized(1))),
    ).toEqual({ 'P-LIFE': 'violated in 3', both: 'holds in 1' })
  })

  test('a pointer that one thread keeps while another frees it is seen', async () => {
    const pointer = shared('pointer', optional(Thing))
    const owner = thread('owner', () => {
      const one = things.kmalloc()
      pointer.set(one)
      return Step('pointer = NULL; kfree(one)', () => {
        pointer.set(none)
        return things.kfree(one)
      })
    })
    const looks = (atOnce: boolean) =>
      thread('looks', () =>
        atOnce
          ? Step('looks and uses', () => IfSome(pointer, (one) => things.dereference(one, 'one->field')))
          : IfSome(pointer, (one) => uses(one)),
      )
    expect(await verdicts(closed([owner, looks(true)], [], sized(1)))).toEqual({ 'P-LIFE': 'holds' })
    // Allocated, published, looked up, freed, used.
    expect(await verdicts(closed([owner, looks(false)], [], sized(1)))).toEqual({ 'P-LIFE': 'violated in 5' })
  })

  test('freeing a lock that is held is misuse', async () => {
    const mutex = shared('mutex', Mutex)
    const frees = thread('frees', () => {
      const one = things.kmalloc()
      return Step('kfree(thing)', () => {
        Misuse('freeing a held lock', mutex.owner.isNone)
        things.kfree(one)
      })
    })
    expect(await verdicts(closed([frees], [], sized(1)))).toEqual({ 'P-LIFE': 'holds' })
    // mutex_lock() comes after kmalloc() or before it: three steps either way.
    // Misuse has no successor: what it may hide is not decided.
    expect(await verdicts(closed([frees, thread('locks', () => mutex_lock(mutex))], [], sized(1)))).toEqual({
      'P-LIFE': 'undecided',
      'freeing a held lock': 'violated in 3',
    })
  })
})

describe('the users of an address space', () => {
  const user = (name: string) =>
    thread(name, () => {
      Step('begins', () => mmget())
      Step('works', () => says(mm_is_alive()))
      return Step('ends', () => mmput())
    })
  const exit = thread('exit', () => {
    Step('mmput', () => mmput_last())
    return mm_state.set('exited')
  })

  test('it stays while somebody uses it, and cannot be used once it is gone', () => {
    // Who comes too late does nothing: the operation does not begin.
    expect(endings(closed([user('one'), exit]))).toEqual([' and stuck', 'y'])
    expect(endings(closed([user('one'), user('two'), exit]))).toEqual([' and stuck', 'y and stuck', 'yy'])
  })

  test('its end comes last, in two steps', async () => {
    expect(
      await judge(
        closed([exit], [sometimes('exiting', mm_state.eq('exiting')), sometimes('exited', mm_state.eq('exited'))]),
      ),
    ).toEqual({ states: 3, transitions: 2, depth: 3, properties: { exiting: 'holds in 1', exited: 'holds in 2' } })
  })
})

describe('srcu', () => {
  const srcu = shared('srcu', Srcu)
  const mutex = shared('mutex', Mutex)
  const gone = shared('gone', Bool)
  const bit = shared('bit', Bool)
  const spinner = thread(
    'spinner',
    () =>
      Loop(() => {
        bit.set(true)
        return bit.set(false)
      }),
    { daemon: true },
  )
  const reader = thread('reader', () => {
    srcu_read_lock(srcu)
    log.push('a')
    return srcu_read_unlock(srcu)
  })

  test('who waits, waits for readers that are there, not for those that come', () => {
    const waits = thread('waits', () => {
      Step('removed', () => gone.set(true))
      synchronize_srcu(srcu)
      return log.push('b')
    })
    expect(endings(closed([reader, waits]))).toEqual(['ab', 'ba'])
  })

  test('what a reader found is there until it leaves', async () => {
    const finds = thread('finds', () => {
      srcu_read_lock(srcu)
      return If(gone, () => srcu_read_unlock(srcu)).Else(() => {
        Step('uses it', () => Misuse('use after free', bit.eq(false)))
        srcu_read_unlock(srcu)
      })
    })
    const frees = (waits: boolean) =>
      thread('frees', () => {
        gone.set(true)
        if (waits) synchronize_srcu(srcu)
        return bit.set(true)
      })
    expect(await verdicts(closed([finds, frees(true)], [deadlock(), lockDeadlock()]))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'holds',
    })
    // The reader looks and finds it (2), it is removed and freed (2), it is used (1).
    expect(await verdicts(closed([finds, frees(false)]))).toEqual({ 'use after free': 'violated in 5' })
  })

  test('waiting inside a read section waits for itself', async () => {
    const inside = thread('inside', () => {
      srcu_read_lock(srcu)
      synchronize_srcu(srcu)
      return srcu_read_unlock(srcu)
    })
    expect(await verdicts(closed([inside, spinner], [deadlock(), lockDeadlock()]))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 2',
    })
  })

  test('waiting under a lock that a reader wants is a deadlock', async () => {
    const wants = thread('wants', () => {
      srcu_read_lock(srcu)
      mutex_lock(mutex)
      mutex_unlock(mutex)
      return srcu_read_unlock(srcu)
    })
    const waits = thread('waits', () => {
      mutex_lock(mutex)
      synchronize_srcu(srcu)
      return mutex_unlock(mutex)
    })
    // The section is entered, the lock taken, the wait begun.
    expect(await verdicts(closed([wants, waits, spinner], [deadlock(), lockDeadlock()]))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 3',
    })
  })

  test('leaving a section that was not entered is misuse', async () => {
    expect(await verdicts(closed([thread('a', () => srcu_read_unlock(srcu))]))).toEqual({
      'srcu_read_unlock() outside a read section': 'violated in 1',
    })
  })

  test('nobody there: the wait is two transitions', async () => {
    expect(await judge(closed([thread('a', () => synchronize_srcu(srcu))]))).toMatchObject({
      states: 3,
      transitions: 2,
      depth: 3,
    })
  })
})
