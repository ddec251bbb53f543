/** Interval notifiers: who is called, when the tree changes, and how long readers and removals wait. */
import { describe, expect, test } from 'vitest'
import {
  and,
  Assert,
  assertion,
  Bool,
  Choose,
  constant,
  deadlock,
  ForEach,
  If,
  implies,
  invariant,
  Local,
  no,
  not,
  oneOf,
  queueOf,
  setOf,
  shared,
  some,
  sometimes,
  sort,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type Sample,
} from '../../src/language/index.ts'
import { mmuIntervals, mn_itree_invalidate, type IntervalOptions } from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const Sub = sort('Sub')
const wait_under_lock = constant('wait_under_lock', Bool)
const freed = shared('freed', setOf(Sub))
const intervals = mmuIntervals(Sub, {
  wait_under_lock,
  touches: (sub, what) => {
    Assert('P-LIFE', not(freed.has(sub)), what)
  },
})
/** c: a callback, m: the change, e: the end. r: a reader has begun, x: it collided, -: it did not. i: inserted, k: freed. */
const log = shared('log', queueOf(oneOf('c', 'm', 'e', 'r', '-', 'x', 'i', 'k'), 8))
const settingOf = (Subs: number, waits_under_lock = true) => ({
  constants: { wait_under_lock: waits_under_lock },
  sizes: { Sub: Subs },
})
const one = settingOf(1)
const two = settingOf(2)
const life = [assertion('P-LIFE')]

/** Every subscription is in the tree. */
const all = () => ForEach(Sub, (sub) => intervals.place.at(sub).set('tree'))
const callback = (sub: Id<'Sub'>, cur_seq: Sample<'invalidate_seq'>) => {
  Step('invalidate', () => {
    intervals.mmu_interval_set_seq(sub, cur_seq)
    log.push('c')
  })
  return yes
}
/** A change of the page table, in the range of these. */
const bracket = (overlaps: (sub: Id<'Sub'>) => Condition = () => yes) => {
  mn_itree_invalidate(Sub, intervals, { overlaps, blockable: yes, invalidate: callback })
  log.push('m')
  intervals.mn_itree_inv_end()
}
const changes = (name: string) =>
  thread(name, () => {
    bracket()
  })
const inserts = thread('inserts', () => {
  const sub = Choose('sub', Sub)
  intervals.__mmu_interval_notifier_insert(sub)
  log.push('i')
})
const removes = thread('removes', () => {
  const sub = Choose('sub', Sub)
  intervals.mmu_interval_notifier_remove(sub)
  Step('kfree', () => {
    freed.add(sub)
    log.push('k')
  })
})
/** A reader that says whether it must try again. */
const reads = thread('reads', () => {
  const sub = Choose('sub', Sub)
  const seq = Local('seq', intervals.IntervalSeq)
  intervals.mmu_interval_read_begin(sub, seq)
  log.push('r')
  Step('mmu_interval_read_retry', () =>
    If(intervals.mmu_interval_read_retry(seq), () => log.push('x')).Else(() => log.push('-')),
  )
})

describe('a bracket', () => {
  test('calls every subscription in its range, and no other', () => {
    expect(endings(closed([changes('a')], [], two, all))).toEqual(['ccm'])
    const of_one = thread('a', () => {
      const it = Choose('it', Sub)
      bracket((sub) => sub.eq(it))
    })
    expect(endings(closed([of_one], [], two, all))).toEqual(['cm'])
    expect(endings(closed([changes('a')], [], two))).toEqual(['m'])
    const before = () => {
      all()
      intervals.has_itree.set(no)
    }
    expect(endings(closed([changes('a')], [], two, before))).toEqual(['m'])
  })

  test('freezes the tree until the last one of an episode has ended, if it calls somebody', async () => {
    const properties = [
      sometimes('frozen', intervals.odd),
      sometimes('two', intervals.active.eq(2)),
      invariant('an episode has a bracket', implies(intervals.odd, intervals.active.gt(0))),
    ]
    // One start; the other.
    expect(await verdicts(closed([changes('a'), changes('b')], properties, one, all))).toEqual({
      'P-LIFE': 'holds',
      'an episode has a bracket': 'holds',
      frozen: 'holds in 1',
      two: 'holds in 2',
    })
    expect(endings(closed([changes('a'), changes('b')], [], one, all), 'active_invalidate_ranges')).toEqual(['0'])
    expect(endings(closed([changes('a'), changes('b')], [], one, all), 'invalidate_seq_is_odd')).toEqual(['false'])
    // With nobody in its range it leaves the number even: partially excluded.
    expect(await verdicts(closed([changes('a')], properties.slice(0, 1), one))).toMatchObject({ frozen: 'violated' })
  })

  test('that ends without a start is misuse, as is a number that is set outside of an episode', async () => {
    const ends = thread('ends', () => intervals.mn_itree_inv_end())
    expect(await verdicts(closed([ends], [], one, all))).toMatchObject({
      'invalidate_range_end() without invalidate_range_start()': 'violated in 1',
    })
    const late = thread('late', () => {
      const cur_seq = Local('cur_seq', intervals.CurSeq)
      intervals.mmu_interval_set_seq(Choose('sub', Sub), cur_seq)
    })
    expect(await verdicts(closed([late], [], { sizes: { Sub: 1 } }, all))).toMatchObject({
      'mmu_interval_set_seq() after the end of the episode': 'violated in 2',
    })
    // A number that is over stays so when the next episode has begun.
    const stale = thread('stale', () => {
      const [first, second] = [Local('first', intervals.CurSeq), Local('second', intervals.CurSeq)]
      intervals.mn_itree_inv_start_range(() => yes, first)
      intervals.mn_itree_inv_end()
      intervals.mn_itree_inv_start_range(() => yes, second)
      intervals.mmu_interval_set_seq(Choose('sub', Sub), first)
    })
    expect(await verdicts(closed([stale], [], one, all))).toMatchObject({
      'mmu_interval_set_seq() after the end of the episode': 'violated in 5',
    })
  })
})

describe('a reader', () => {
  test('collides with a callback after its sample, and with no other', () => {
    expect(endings(closed([reads, changes('a')], [], one, all))).toEqual([
      // Sampled after the callback: it waits until the episode has ended.
      'cmr-',
      // Sampled before it, and compared after it.
      'cmrx',
      'crmx',
      'crxm',
      // Both before it; the episode may have begun.
      'r-cm',
      'rcmx',
      'rcxm',
    ])
  })

  test('waits for every bracket of the episode: not only for those that concern it', () => {
    // A bracket that never ends, of another subscription, which began before the own one had ended.
    const never_ends = thread('never ends', () => {
      const it = Choose('it', Sub)
      mn_itree_invalidate(Sub, intervals, { overlaps: (sub) => sub.eq(it), blockable: yes, invalidate: callback })
    })
    const ends = endings(closed([reads, never_ends, changes('a')], [], two, all))
    expect(ends).toContain('cccm and stuck')
    expect(ends).toContain('cccmrx')
  })

  test('does not wait for a bracket that has not called its subscription yet', () => {
    const silent = thread('silent', () => {
      mn_itree_invalidate(Sub, intervals, { overlaps: () => yes, blockable: yes, invalidate: () => yes })
    })
    expect(endings(closed([reads, silent], [], one, all))).toEqual(['r-'])
  })
})

describe('an insertion', () => {
  test('in the middle of a bracket is not called by it, and is invalidated to its end', () => {
    const inserts_and_reads = thread('inserts', () => {
      const sub = Choose('sub', Sub)
      intervals.__mmu_interval_notifier_insert(sub)
      const seq = Local('seq', intervals.IntervalSeq)
      log.push('i')
      intervals.mmu_interval_read_begin(sub, seq)
      log.push('r')
    })
    expect(endings(closed([inserts_and_reads, changes('a')], [], one))).toEqual([
      // Inserted before the bracket began: it is called, and who reads after that waits.
      'cimr',
      'cmir',
      'icmr',
      'icrm',
      // Inserted while it was open: no call, and who reads waits. So there is no `irm`.
      'imr',
      'ircm',
      'mir',
    ])
  })

  test('begins an episode if a bracket is open, and is deferred if there is one', async () => {
    const place = intervals.place
    const properties = [
      sometimes('deferred', and(intervals.odd, place_is(place, 'deferred insert'))),
      sometimes('begins an episode', and(intervals.odd, place_is(place, 'tree'))),
    ]
    expect(await verdicts(closed([inserts, changes('a')], properties, one))).toMatchObject({
      deferred: 'violated',
      'begins an episode': 'holds in 3',
    })
    // Another one is there, and called.
    const first = () => place.at(Choose('first', Sub)).set('tree')
    const second = thread('second', () => {
      const sub = Choose('sub', Sub, (it) => place.at(it).eq('out'))
      intervals.__mmu_interval_notifier_insert(sub)
    })
    expect(await verdicts(closed([second, changes('a')], properties.slice(0, 1), two, first))).toMatchObject({
      deferred: 'holds in 3',
    })
    expect(endings(closed([second, changes('a')], [], two, first), 'interval_place')).toEqual(['treetree'])
  })

  test('of what is inserted is misuse', async () => {
    expect(await verdicts(closed([inserts], [], one, all))).toMatchObject({
      'mmu_interval_notifier_insert() of what is inserted': 'violated in 2',
    })
  })
})

describe('a removal', () => {
  test('returns when no callback runs and none will', async () => {
    expect(await verdicts(closed([removes, changes('a')], [...life, deadlock()], one, all))).toEqual({
      'P-LIFE': 'holds',
      deadlock: 'holds',
    })
    // It is called and waited for; or removed first.
    expect(endings(closed([removes, changes('a')], [], one, all))).toEqual(['cmk', 'km', 'mk'])
    expect(endings(closed([removes, changes('a')], [], one, all), 'interval_place')).toEqual(['out'])
  })

  test('of a deferred insertion takes it back without a wait', () => {
    const comes_and_goes = thread('comes and goes', () => {
      const sub = Choose('sub', Sub, (it) => intervals.place.at(it).eq('out'))
      intervals.__mmu_interval_notifier_insert(sub)
      intervals.mmu_interval_notifier_remove(sub)
      Step('kfree', () => {
        freed.add(sub)
        log.push('k')
      })
    })
    const first = () => intervals.place.at(Choose('first', Sub)).set('tree')
    expect(endings(closed([comes_and_goes, changes('a')], [], two, first))).toEqual([
      // It was called, and the removal waited: so there is no `cckm`.
      'ccmk',
      // It came and went before the bracket, or while it was open.
      'ckm',
      'cmk',
      'kcm',
    ])
  })

  test('that tests without the lock returns before the deferred work is done', async () => {
    const before = settingOf(1, false)
    // A bracket starts and calls; one is chosen and removed; the number becomes even; the removal returns; it is freed.
    expect(await verdicts(closed([removes, changes('a')], life, before, all))).toEqual({
      'P-LIFE': 'violated in 9',
    })
  })
})

/** The vocabulary with one of its parts left out, and threads that would notice. */
function without(options: Omit<IntervalOptions<'Sub'>, 'touches'>) {
  const parts = mmuIntervals(Sub, {
    ...options,
    touches: (sub, what) => {
      Assert('P-LIFE', not(freed.has(sub)), what)
    },
  })
  const chosen = (where: 'out' | 'tree') => Choose('sub', Sub, (it) => parts.place.at(it).eq(where))
  const invalidate = (sub: Id<'Sub'>, cur_seq: Sample<'invalidate_seq'>) => {
    Step('invalidate', () => {
      parts.mmu_interval_set_seq(sub, cur_seq)
      log.push('c')
    })
    return yes
  }
  const bracket_of_all = thread('bracket', () => {
    mn_itree_invalidate(Sub, parts, { overlaps: () => yes, blockable: yes, invalidate })
    log.push('m')
    parts.mn_itree_inv_end()
  })
  const remove = (sub: Id<'Sub'>) => {
    parts.mmu_interval_notifier_remove(sub)
    Step('kfree', () => freed.add(sub))
  }
  const read = (sub: Id<'Sub'>) => {
    const seq = Local('seq', parts.IntervalSeq)
    parts.mmu_interval_read_begin(sub, seq)
    Step('mmu_interval_read_retry', () =>
      If(parts.mmu_interval_read_retry(seq), () => log.push('x')).Else(() => log.push('-')),
    )
  }
  return {
    bracket: bracket_of_all,
    comes: thread('comes', () => {
      const sub = chosen('out')
      parts.__mmu_interval_notifier_insert(sub)
      log.push('i')
      read(sub)
    }),
    goes: thread('goes', () => remove(chosen('tree'))),
    comes_and_goes: thread('comes and goes', () => {
      const sub = chosen('out')
      parts.__mmu_interval_notifier_insert(sub)
      remove(sub)
    }),
    reads: thread('reads', () => read(chosen('tree'))),
    one_inside: () => parts.place.at(Choose('first', Sub)).set('tree'),
  }
}

describe('without one of its parts', () => {
  const violated = expect.stringMatching(/^violated/) as unknown
  const frozen = { 'the interval tree changes while it is frozen': violated }
  const Subs = (number: number) => ({ sizes: { Sub: number } })

  test('who inserts while a bracket is open does not wait for it', () => {
    const ends = (options: Parameters<typeof without>[0]) => {
      const { bracket: all_of_it, comes } = without(options)
      return endings(closed([all_of_it, comes], [], Subs(1)))
    }
    // i-m: it was inserted while the bracket was open, which did not call it, and has yet to change the table.
    expect(ends({})).not.toContain('i-m')
    expect(ends({ insert_invalidates: no })).toContain('i-m')
  })

  test.each<[string, Parameters<typeof without>[0], 'comes' | 'goes' | 'comes_and_goes', number, object]>([
    ['insertions that are deferred', { insert_defers: no }, 'comes', 2, frozen],
    ['removals that are deferred', { remove_defers: no }, 'goes', 1, frozen],
    ['the wait of a removal', { remove_waits: no }, 'goes', 1, { 'P-LIFE': violated }],
    ['taking back an insertion', { remove_unlinks: no }, 'comes_and_goes', 2, { 'P-LIFE': violated }],
  ])('%s', async (_, options, who, number, expected) => {
    const broken = without(options)
    expect(await verdicts(closed([broken.bracket, broken[who]], life, Subs(number), broken.one_inside))).toMatchObject(
      expected,
    )
    const whole = without({})
    expect(await verdicts(closed([whole.bracket, whole[who]], life, Subs(number), whole.one_inside))).toEqual({
      'P-LIFE': 'holds',
    })
  })

  test('the wait of a reader: it reads in the middle of a bracket that has called it', () => {
    const ends = (options: Parameters<typeof without>[0]) => {
      const { bracket: all_of_it, reads: it_reads, one_inside } = without(options)
      return endings(closed([all_of_it, it_reads], [], Subs(1), one_inside))
    }
    expect(ends({})).toEqual(['-cm', 'cm-', 'cmx', 'cxm'])
    expect(ends({ reader_waits: no })).toEqual(['-cm', 'c-m', 'cm-', 'cmx', 'cxm'])
  })
})

const place_is = (place: typeof intervals.place, where: 'tree' | 'deferred insert'): Condition =>
  some(Sub, (sub) => place.at(sub).eq(where))
