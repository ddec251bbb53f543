/** The mmu notifier core: who is called in a bracket, what registration excludes, and what unregistration waits for. */
import { describe, expect, test } from 'vitest'
import {
  Assert,
  assertion,
  Await,
  Bool,
  Choose,
  constant,
  deadlock,
  every,
  implies,
  invariant,
  lockDeadlock,
  Loop,
  no,
  not,
  oneOf,
  procedure,
  queueOf,
  setOf,
  shared,
  sometimes,
  sort,
  Step,
} from '../../src/language/index.ts'
import {
  down_read,
  down_write,
  mm_state,
  mmput_last,
  mmuNotifiers,
  Rwsem,
  up_read,
  up_write,
} from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

/** What a notifier is embedded in. */
const Mirror = sort('Mirror')
const mmap_sem = shared('mmap_sem', Rwsem)
const take_all_locks = constant('take_all_locks', Bool)
const wait_for_callbacks = constant('wait_for_callbacks', Bool)
const notifiers = mmuNotifiers(Mirror, { mmap_sem, take_all_locks, wait_for_callbacks })
const freed = shared('freed', setOf(Mirror))
const log = shared('log', queueOf(oneOf('s', 'e', 'm', 'r', '.'), 8))
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

const sizes = (Mirrors: number) => ({ Mirror: Mirrors })
const fair = { constants: { steal: false, take_all_locks: true }, sizes: sizes(1) }
/** Every notifier is registered. */
const all = () => notifiers.list.set(setOf(Mirror).all)

/** A method of two transitions, which uses its mirror in both. */
const method = (name: string, letter: 's' | 'e' | 'r') =>
  procedure(name, [Mirror], (mn) => {
    Step(`${name}: srcu_read_lock`, () => {
      notifiers.enter(mn)
      log.push(letter)
    })
    Step(`${name}: srcu_read_unlock`, () => {
      Assert('P-LIFE', not(freed.has(mn)), 'the mirror was freed under the method')
      notifiers.leave()
    })
  })
const range_start = method('invalidate_range_start', 's')
const range_end = method('invalidate_range_end', 'e')
const release = method('release', 'r')

/** A change of the page table. */
const bracket = () => {
  notifiers.for_each(range_start)
  Step('the change', () => log.push('m'))
  return notifiers.for_each(range_end)
}
/** One of those that hold no mmap_sem. */
const reclaims = thread('reclaims', () => {
  Step('i_mmap_lock_read', () => notifiers.rmap_lock())
  bracket()
  return Step('i_mmap_unlock_read', () => notifiers.rmap_unlock())
})
const registers = thread('registers', () => {
  const mirror = Choose('mirror', Mirror)
  down_write(mmap_sem)
  notifiers.__mmu_notifier_register(mirror)
  return up_write(mmap_sem)
})
/** The beginning of mmu_notifier_unregister(), and the freeing of what the notifier is in. */
const unregisters = thread('unregisters', () => {
  const mirror = Choose('mirror', Mirror, (one) => notifiers.is_listed(one))
  notifiers.hlist_del_init_rcu(mirror)
  notifiers.wait()
  notifiers.mmdrop(mirror)
  return Step('kfree(mirror)', () => freed.add(mirror))
})

describe('a bracket', () => {
  test('calls every subscription before and after', () => {
    expect(endings(closed([thread('a', bracket)], [], { sizes: sizes(1) }, all))).toEqual(['sme'])
    expect(endings(closed([thread('a', bracket)], [], { sizes: sizes(2) }, all))).toEqual(['ssmee'])
  })

  test('calls nobody who is not in the list', () => {
    expect(endings(closed([thread('a', bracket)], [], { sizes: sizes(2) }))).toEqual(['m'])
  })
})

describe('registration', () => {
  test('needs mmap_sem for writing, or a bracket could run', async () => {
    const message = 'BUG_ON(down_read_trylock(&mm->mmap_sem)) in mm_take_all_locks()'
    const with_sem = (how: 'none' | 'read' | 'write') =>
      thread('a', () => {
        const mirror = Choose('mirror', Mirror)
        if (how === 'read') down_read(mmap_sem)
        if (how === 'write') down_write(mmap_sem)
        return notifiers.__mmu_notifier_register(mirror)
      })
    const other = { ...fair, constants: { take_all_locks: true } }
    expect(await verdicts(closed([with_sem('none')], [], other))).toEqual({ [message]: 'violated in 2' })
    expect(await verdicts(closed([with_sem('read')], [], other))).toEqual({ [message]: 'violated in 2' })
    expect(await verdicts(closed([with_sem('write')], [], fair))).toEqual({})
  })

  test('needs a process that is alive', async () => {
    const late = thread('late', () => {
      const mirror = Choose('mirror', Mirror)
      down_write(mmap_sem)
      Await(not(mm_state.eq('alive')))
      return notifiers.__mmu_notifier_register(mirror)
    })
    // mmap_sem (a mirror is chosen with it), the last mmput(), the await, the registration.
    expect(await verdicts(closed([late, thread('exit', () => Step('mmput', () => mmput_last()))], [], fair))).toEqual({
      'BUG_ON(mm_users <= 0) in __mmu_notifier_register()': 'violated in 4',
    })
  })

  test('a bracket sees the same subscriptions at its start and at its end', () => {
    expect(endings(closed([registers, reclaims], [], fair))).toEqual(['m', 'sme'])
    // Without all locks a notifier comes in between, and is told of the end of what it was not told of the start of.
    expect(
      endings(closed([registers, reclaims], [], { ...fair, constants: { steal: false, take_all_locks: false } })),
    ).toEqual(['m', 'me', 'sme'])
  })

  test('waits for walks of the reverse map, so these must not wait for mmap_sem', async () => {
    const walks = thread('walks', () => {
      Step('i_mmap_lock_read', () => notifiers.rmap_lock())
      down_read(mmap_sem)
      up_read(mmap_sem)
      return Step('i_mmap_unlock_read', () => notifiers.rmap_unlock())
    })
    // mmap_sem, the lock of the reverse map, and the queue of mmap_sem.
    expect(await verdicts(closed([registers, walks, spinner], [deadlock(), lockDeadlock()], fair))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 3',
    })
    expect(await verdicts(closed([registers, reclaims, spinner], [deadlock(), lockDeadlock()], fair))).toEqual({
      'P-LIFE': 'holds',
      deadlock: 'holds',
      'lock-deadlock': 'holds',
    })
  })

  test('takes a reference that unregistration gives back', async () => {
    const on = { ...fair, constants: { ...fair.constants, wait_for_callbacks: true } }
    const properties = [
      sometimes('pinned', not(notifiers.mm_count.isEmpty)),
      invariant(
        'what is in the list is pinned',
        every(Mirror, (one) => implies(notifiers.is_listed(one), notifiers.mm_count.has(one))),
      ),
    ]
    // mmap_sem, the registration.
    expect(await verdicts(closed([registers, unregisters], properties, on))).toEqual({
      pinned: 'holds in 2',
      'what is in the list is pinned': 'holds',
    })
    expect(endings(closed([registers, unregisters], [], on), 'mm_count')).toEqual([''])
  })
})

describe('unregistration', () => {
  const on = (wait: boolean) => ({ sizes: sizes(1), constants: { wait_for_callbacks: wait } })
  const alive = [assertion('P-LIFE')]

  test('waits for the methods that run, so that what they use may be freed', async () => {
    expect(await verdicts(closed([thread('a', bracket), unregisters], alive, on(true), all))).toEqual({
      'P-LIFE': 'holds',
    })
  })

  test('without the wait it is freed under them', async () => {
    // The method is entered; a mirror is chosen, unlinked, dropped, freed; the method goes on.
    expect(await verdicts(closed([thread('a', bracket), unregisters], alive, on(false), all))).toEqual({
      'P-LIFE': 'violated in 6',
    })
  })

  test('in the middle of a bracket: the start is called, the end is not', () => {
    expect(endings(closed([thread('a', bracket), unregisters], [], on(true), all))).toEqual(['m', 'sm', 'sme'])
  })

  test('from a method it waits for itself', async () => {
    const from_method = procedure('invalidate_range_start', [Mirror], (mn) => {
      Step('srcu_read_lock', () => notifiers.enter(mn))
      notifiers.hlist_del_init_rcu(mn)
      notifiers.wait()
      Step('srcu_read_unlock', () => notifiers.leave())
    })
    const a = thread('a', () => notifiers.for_each(from_method))
    expect(await verdicts(closed([a, spinner], [deadlock(), lockDeadlock()], on(true), all))).toEqual({
      deadlock: 'holds',
      'lock-deadlock': 'violated in 3',
    })
  })
})

describe('exit', () => {
  const exit = (has_release: boolean) =>
    thread('exit', () => {
      notifiers.mmu_notifier_release(release, has_release ? undefined : no)
      return log.push('.')
    })
  const on = { sizes: sizes(2), constants: { wait_for_callbacks: true } }

  test('releases every subscription once, and empties the list', () => {
    expect(endings(closed([exit(true)], [], on, all))).toEqual(['rr.'])
    expect(endings(closed([exit(true)], [], on, all), 'mmu_notifier_list')).toEqual([''])
    expect(endings(closed([exit(false)], [], on, all))).toEqual(['.'])
    expect(endings(closed([exit(false)], [], on, all), 'mmu_notifier_list')).toEqual([''])
  })

  test('waits for methods that still run', () => {
    const calls = thread('calls', () => notifiers.for_each(range_start))
    // The method of the one subscription is over before exit goes on, or is not called at all.
    expect(endings(closed([exit(false), calls], [], { ...on, sizes: sizes(1) }, all))).toEqual(['.', 's.'])
  })

  test('leaves the reference of a subscription to its unregistration', () => {
    const pinned = () => {
      all()
      return notifiers.mm_count.set(setOf(Mirror).all)
    }
    expect(endings(closed([exit(true)], [], { ...on, sizes: sizes(1) }, pinned), 'mm_count')).toEqual(['0'])
  })
})

test('who frees when no method runs does not free under one', async () => {
  const frees = (waits: boolean) =>
    thread('frees', () => {
      const mirror = Choose('mirror', Mirror, (one) => notifiers.is_listed(one))
      notifiers.hlist_del_init_rcu(mirror)
      if (waits) Await(notifiers.no_method_runs())
      return Step('kfree(mirror)', () => freed.add(mirror))
    })
  const life = [assertion('P-LIFE')]
  expect(await verdicts(closed([reclaims, frees(true)], life, { sizes: sizes(1) }, all))).toMatchObject({
    'P-LIFE': 'holds',
  })
  expect(await verdicts(closed([reclaims, frees(false)], life, { sizes: sizes(1) }, all))).toMatchObject({
    'P-LIFE': expect.stringMatching(/^violated/) as unknown,
  })
})
