/** The end of an address space: who is told, in which order, and when the files go. */
import { describe, expect, test } from 'vitest'
import {
  Await,
  ForEach,
  If,
  oneOf,
  queueOf,
  setOf,
  shared,
  sort,
  Source,
  Step,
  yes,
  type Id,
  type Sample,
} from '../../src/language/index.ts'
import {
  exit_mm,
  exit_mmap,
  mm_state,
  mmget_not_zero,
  mmput_and_exit,
  mmuIntervals,
  mmuNotifierList,
  mn_itree_invalidate,
  mn_itree_release,
  Srcu,
  srcu_read_lock,
  srcu_read_unlock,
  synchronize_srcu,
} from '../../src/kernel/index.ts'
import { closed, endings, thread } from './support.ts'

const Sub = sort('Sub')
const Notifier = sort('Notifier')
const intervals = mmuIntervals(Sub)
/**
 * c: a callback of an interval notifier; r: `release` of a classic one; s, e: its start and end; z: the change of the
 * entries; p: pages are put; f: files are closed; m, n: mmget_not_zero() has worked, or not; M: a method has returned.
 */
const log = shared('log', queueOf(oneOf('c', 'r', 's', 'e', 'z', 'p', 'f', 'm', 'n', 'M'), 10))
const has_release = shared('has_release', setOf(Notifier))
const srcu = shared('srcu', Srcu)
const classic = mmuNotifierList(Notifier, {
  invalidate_range_start: () => {
    log.push('s')
    return yes
  },
  invalidate_range_end: () => log.push('e'),
  has_end: () => yes,
})

const invalidate = (one: Id<'Sub'>, cur_seq: Sample<'invalidate_seq'>) => {
  Step('invalidate', () => {
    intervals.mmu_interval_set_seq(one, cur_seq)
    log.push('c')
  })
  return yes
}
/** The thread in which exit_mmap() runs. */
const mmput = thread('mmput', () => {
  Step('exit_mmap(mm)', () => Await(mm_state.eq('exiting')))
  exit_mmap({
    mn_itree_release: () => mn_itree_release(Sub, intervals, invalidate),
    mn_hlist_release: () =>
      classic.mn_hlist_release({
        release: () => log.push('r'),
        has_release: (one) => has_release.has(one),
        synchronize_srcu: () => synchronize_srcu(srcu),
      }),
    unmap_vmas: () => {
      mn_itree_invalidate(Sub, intervals, { overlaps: () => yes, blockable: yes, invalidate })
      classic.mn_hlist_invalidate_range_start(yes)
      log.push('z')
      intervals.mn_itree_inv_end()
      classic.mn_hlist_invalidate_end()
    },
    tlb_finish_mmu: () => log.push('p'),
  })
})
const do_exit = thread('do_exit', () => {
  exit_mm()
  Source('6.1 kernel/exit.c do_exit', () => Step('exit_files()', () => log.push('f')))
})
/** Somebody who uses the process's memory for a while. */
const user = thread('user', () => {
  If(mmget_not_zero(), () => {
    log.push('m')
    mmput_and_exit()
  }).Else(() => log.push('n'))
})
const all_listed = () => {
  ForEach(Sub, (one) => intervals.place.at(one).set('tree'))
  classic.list.set(setOf(Notifier).all)
}
const sizes = { Sub: 1, Notifier: 1 }
const released = () => {
  all_listed()
  has_release.set(setOf(Notifier).all)
}

describe('exit_mmap()', () => {
  test('the interval notifiers are called twice, the classic ones once; pages are put when the bracket has ended', () => {
    expect(endings(closed([do_exit, mmput], [], { sizes }, released))).toEqual(['crczpf'])
  })

  test('a classic notifier without `release` is told nothing', () => {
    expect(endings(closed([do_exit, mmput], [], { sizes }, all_listed))).toEqual(['cczpf'])
    expect(endings(closed([do_exit, mmput], [], { sizes }, all_listed), 'classic_list')).toEqual([''])
  })

  test('each interval notifier is called in both brackets, before the classic ones', () => {
    const two = { Sub: 2, Notifier: 2 }
    expect(endings(closed([do_exit, mmput], [], { sizes: two }, released))).toEqual(['ccrrcczpf'])
  })

  test('an interval notifier stays in the tree, and no bracket is left', () => {
    const ended = closed([do_exit, mmput], [], { sizes }, released)
    expect(endings(ended, 'interval_place')).toEqual(['tree'])
    expect(endings(ended, 'active_invalidate_ranges')).toEqual(['0'])
    expect(endings(ended, 'invalidate_seq_is_odd')).toEqual(['false'])
    expect(endings(ended, 'mm_state')).toEqual(['exited'])
  })

  test('it waits for a method that runs in another thread, before anything is unmapped', () => {
    const method = thread('method', () => {
      srcu_read_lock(srcu)
      log.push('M')
      srcu_read_unlock(srcu)
    })
    const order = endings(closed([do_exit, mmput, method], [], { sizes }, released))
    // Begun before the list was emptied it has returned before the second callback; begun later it is not waited for.
    expect(order).toContain('crMczpf')
    expect(order).toContain('crczpfM')
    expect(order.every((one) => one.replace('M', '') === 'crczpf')).toBe(true)
  })
})

describe('the last reference', () => {
  const ways = endings(closed([do_exit, mmput, user], [], { sizes }, released))

  test("is the process's own: files go when its memory is gone", () => {
    expect(ways).toContain('mcrczpf')
    expect(ways).toContain('crczpfn')
  })

  test("is somebody else's: files may go at any moment of the end, or before it", () => {
    expect(ways).toContain('mfcrczp')
    expect(ways).toContain('mcfrczp')
    expect(ways).toContain('fmcrczp'.replace('fm', 'mf'))
  })

  test('nobody gets one of a process that ends', () => {
    for (const way of ways) {
      expect(way.replace(/[mnf]/g, '')).toBe('crczp')
      // Who got one did so before the first callback; who did not, after the end had begun.
      if (way.includes('m')) expect(way.indexOf('m')).toBeLessThan(way.indexOf('c'))
      expect(way.includes('m')).toBe(!way.includes('n'))
    }
  })
})
