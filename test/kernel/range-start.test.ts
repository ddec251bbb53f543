/** A bracket with interval notifiers and with the classic list: who may refuse it, and what becomes of it then. */
import { describe, expect, test } from 'vitest'
import {
  Bool,
  Choose,
  constant,
  ForEach,
  If,
  Let,
  no,
  not,
  oneOf,
  queueOf,
  setOf,
  shared,
  sort,
  Step,
  yes,
  type Id,
  type Sample,
} from '../../src/language/index.ts'
import { mmuIntervals, mmuNotifierList, mn_itree_invalidate } from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const Sub = sort('Sub')
const Notifier = sort('Notifier')
const intervals = mmuIntervals(Sub)
/** c: a callback, f: its second pass; s and e: the start and the end of a classic notifier; x: refused. m: the change. */
const log = shared('log', queueOf(oneOf('c', 'C', 'f', 's', 'S', 'e', 'x', 'm'), 8))
/** Those that refuse what must not block. */
const refusing = shared('refusing', setOf(Sub))
const failing = shared('failing', setOf(Notifier))
const ends_all = constant('ends_all', Bool)
const list = mmuNotifierList(
  Notifier,
  {
    invalidate_range_start: (one) => {
      const done = Step('invalidate_range_start', () => {
        const fails = Let('fails', failing.has(one))
        If(fails, () => log.push('S')).Else(() => log.push('s'))
        return not(fails)
      })
      return done
    },
    invalidate_range_end: () => log.push('e'),
    has_end: (one) => not(failing.has(one)),
  },
  ends_all,
)
const sizes = { Sub: 2 }

/** A callback, which refuses where it must not block. */
const invalidate = (one: Id<'Sub'>, cur_seq: Sample<'invalidate_seq'>) => {
  const done = Step('invalidate', () => {
    const refuses = Let('refuses', refusing.has(one))
    If(refuses, () => log.push('C')).Else(() => {
      intervals.mmu_interval_set_seq(one, cur_seq)
      log.push('c')
    })
    return not(refuses)
  })
  return done
}
/** Every subscription is in the tree; one of them refuses. */
const none_refuses = () => {
  ForEach(Sub, (one) => intervals.place.at(one).set('tree'))
}
const one_refuses = () => {
  refusing.add(Choose('refuses', Sub))
  none_refuses()
}
interface Form {
  readonly blockable?: boolean
  readonly two_passes?: boolean
  readonly ends?: boolean
}
/** A bracket whose change is made unless it was refused. */
const changes = ({ blockable = false, two_passes = false, ends = true }: Form) =>
  thread('changes', () => {
    const refused = mn_itree_invalidate(
      Sub,
      intervals,
      {
        overlaps: () => yes,
        blockable: blockable ? yes : no,
        invalidate,
        ...(two_passes && { invalidate_finish: () => log.push('f') }),
      },
      ends ? yes : no,
    )
    If(refused, () => log.push('x')).Else(() => {
      log.push('m')
      intervals.mn_itree_inv_end()
    })
  })

describe('interval notifiers', () => {
  test('are all called before the change', () => {
    expect(endings(closed([changes({})], [], { sizes }, none_refuses))).toEqual(['ccm'])
  })

  test('in two passes: all are called before any finishes', () => {
    expect(endings(closed([changes({ two_passes: true })], [], { sizes }, none_refuses))).toEqual(['ccffm'])
  })

  test('one that refuses: the others are called or not, and the bracket is ended', () => {
    const refused = closed([changes({})], [], { sizes }, one_refuses)
    expect(endings(refused)).toEqual(['Cx', 'cCx'])
    expect(endings(refused, 'active_invalidate_ranges')).toEqual(['0'])
    expect(endings(refused, 'invalidate_seq_is_odd')).toEqual(['false'])
    // Who has begun finishes all the same.
    expect(endings(closed([changes({ two_passes: true })], [], { sizes }, one_refuses))).toEqual(['Cx', 'cCfx'])
    // Not ended it is counted for ever.
    const left = closed([changes({ ends: false })], [], { sizes }, one_refuses)
    expect(endings(left, 'active_invalidate_ranges')).toEqual(['1'])
  })

  test('one that refuses what may block is misuse', async () => {
    // The start, the callback, its answer.
    expect(await verdicts(closed([changes({ blockable: true })], [], { sizes }, one_refuses))).toEqual({
      'a callback refuses what may block: WARN_ON() in mn_itree_invalidate()': 'violated in 3',
    })
  })
})

describe('the classic list', () => {
  const listed = () => list.list.set(setOf(Notifier).all)
  const one_fails = () => {
    failing.add(Choose('fails', Notifier))
    listed()
  }
  const calls = thread('calls', () => {
    const failed = list.mn_hlist_invalidate_range_start()
    If(failed, () => log.push('x')).Else(() => {
      log.push('m')
      list.mn_hlist_invalidate_end()
    })
  })
  const on = (ends: boolean) => ({ constants: { ends_all: ends }, sizes: { Notifier: 2 } })

  test('is called before and after the change', () => {
    expect(endings(closed([calls], [], on(true), listed))).toEqual(['ssmee'])
    expect(endings(closed([calls], [], on(true)))).toEqual(['m'])
  })

  test('one that fails: the others are called, and get an end', () => {
    expect(endings(closed([calls], [], on(true), one_fails))).toEqual(['Ssex', 'sSex'])
  })

  test('up to 5.11 they do not get it', () => {
    expect(endings(closed([calls], [], on(false), one_fails))).toEqual(['Ssx', 'sSx'])
  })
})
