/**
 * The sequence numbers of interval notifiers (mm/mmu_notifier.c from 5.5 on), with an epoch for each subscription and
 * with the numbers: the same answers of mmu_interval_read_retry(), whatever brackets, readers and an insertion do.
 * Brackets are balanced, and a subscription has one life: the conditions under which a number never comes back.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  and,
  array,
  Await,
  Bool,
  current,
  epoch,
  If,
  Local,
  not,
  or,
  queueOf,
  range,
  setOf,
  shared,
  Step,
  thread,
  Thread,
  type Bool as BoolHandle,
  type Recorded,
  type SetPlace,
} from '../../src/language/index.ts'
import { closed, finals } from '../kernel/support.ts'

const Sub = range(0, 1)
type Op =
  /** An invalidation of these subscriptions. */
  | { readonly does: 'bracket'; readonly over: readonly number[] }
  /** mmu_interval_read_begin(), and mmu_interval_read_retry(). */
  | { readonly does: 'begin'; readonly sub: number }
  | { readonly does: 'retry' }
  /** A first insertion, of the one that is not in the tree at the start. */
  | { readonly does: 'insert' }
type Program = readonly (readonly Op[])[]

/** The core's numbers, by whatever they are written. For steps. */
interface Numbers {
  /** subs->seq & 1 */
  readonly isOdd: BoolHandle
  /** subs->seq |= 1 */
  readonly open: () => Recorded
  /** subs->seq++ of an odd one */
  readonly close: () => Recorded
  /** mmu_interval_set_seq() */
  readonly set_seq: (sub: number) => Recorded
  /** What an inserted one begins with: subs->seq of an odd one, or subs->seq - 1. */
  readonly insert: (sub: number) => Recorded
  readonly reader: () => Reader
}
interface Reader {
  readonly begin: (sub: number) => Recorded
  readonly wait: () => Recorded
  readonly isStale: () => BoolHandle
}

/**
 * Every history that there can be: what was done in which order, what each retry answered, in the order of the text,
 * and whether somebody waits for ever.
 */
function histories(of: Program, numbers: Numbers): ReadonlySet<string> {
  const active = shared('active', range(0, 4)),
    tree = shared('tree', setOf(Sub)),
    deferred = shared('deferred', Bool)
  const log = shared('log', array(range(0, 9), Bool))
  const done = shared('done', queueOf(range(0, 4), 14))
  let asked = 0
  const bracket = (over: readonly number[], called: SetPlace<typeof Sub>): void => {
    Step('mn_itree_inv_start_range', () => {
      done.push(0)
      called.clear()
      active.increment()
      for (const sub of over) If(tree.has(sub), () => called.add(sub))
      If(not(called.isEmpty), () => numbers.open())
    })
    for (const sub of over)
      If(called.has(sub), () =>
        Step('set_seq', () => {
          done.push(1 + sub)
          return numbers.set_seq(sub)
        }),
      )
    Step('mn_itree_inv_end', () => {
      done.push(3)
      active.decrement()
      If(and(active.eq(0), numbers.isOdd), () => {
        If(deferred, () => {
          tree.add(1)
          deferred.set(false)
        })
        numbers.close()
      })
    })
  }
  const insert = (): Recorded =>
    Step('mmu_interval_notifier_insert', () => {
      If(numbers.isOdd, () => deferred.set(true)).Else(() => tree.add(1))
      If(active.gt(0), () => numbers.open())
      return numbers.insert(1)
    })
  const threads = of.map((ops, n) =>
    thread(`t${n}`, () => {
      const reader = numbers.reader(),
        called = Local('called', setOf(Sub))
      for (const one of ops) {
        switch (one.does) {
          case 'bracket':
            bracket(one.over, called)
            break
          case 'begin':
            Step('mmu_interval_read_begin', () => {
              Await(or(tree.has(one.sub), deferred))
              done.push(4)
              return reader.begin(one.sub)
            })
            reader.wait()
            break
          case 'retry':
            Step('retry', () => {
              done.push(4)
              return log.at(asked++).set(reader.isStale())
            })
            break
          case 'insert':
            insert()
        }
      }
      return log.at(9).set(true)
    }),
  )
  const ends = finals(
    closed(threads, [], {}, () => {
      tree.add(0)
    }),
  )
  return new Set(ends.map(({ shared: state, stuck }) => JSON.stringify([state['done'], state['log'], stuck])))
}

function byNumbers(): Numbers {
  const Number = range(0, 15)
  const seq = shared('subs.seq', Number, 2),
    subs = shared('sub.seq', array(Sub, Number), array(Sub, Number).filled(1))
  return {
    isOdd: seq.isOdd,
    open: () => If(not(seq.isOdd), () => seq.increment()),
    close: () => seq.increment(),
    set_seq: (sub) => subs.at(sub).set(seq),
    insert: (sub) => If(seq.isOdd, () => subs.at(sub).set(seq)).Else(() => subs.at(sub).set(seq.minus(1))),
    reader: () => {
      const sampled = Local('sampled', Number),
        of = Local('of', Sub),
        waits_for = Local('waits_for', Number)
      return {
        begin: (sub) => {
          sampled.set(subs.at(sub))
          of.set(sub)
          return If(subs.at(sub).eq(seq), () => waits_for.set(seq)).Else(() => waits_for.set(0))
        },
        wait: () => Await(waits_for.ne(seq)),
        isStale: () => sampled.ne(subs.at(of)),
      }
    },
  }
}

/**
 * The bits of what the numbers decide: whether there is an episode, which subscriptions it has hit, who waits for its
 * end; and an epoch for each subscription.
 */
function byEpochs(): Numbers {
  const odd = shared('odd', Bool),
    hit = shared('hit', setOf(Sub)),
    waiting = shared('waiting', setOf(Thread))
  const seq = epoch('seq', Sub)
  return {
    isOdd: odd,
    open: () => odd.set(true),
    close: () => {
      odd.set(false)
      hit.clear()
      return waiting.clear()
    },
    set_seq: (sub) =>
      If(not(hit.has(sub)), () => {
        seq.at(sub).bump()
        hit.add(sub)
      }),
    insert: (sub) => If(odd, () => hit.add(sub)),
    reader: () => {
      const sampled = Local('sampled', seq.Sample)
      return {
        begin: (sub) => {
          sampled.set(seq.at(sub).now)
          return If(hit.has(sub), () => waiting.add(current))
        },
        wait: () => Await(not(waiting.has(current))),
        isStale: () => sampled.isStale,
      }
    },
  }
}

const sub = fc.nat(1)
const bracket: fc.Arbitrary<Op> = fc.record({
  does: fc.constant('bracket'),
  over: fc.uniqueArray(sub, { maxLength: 2 }),
})
const reads: fc.Arbitrary<readonly Op[]> = fc
  .record({ sub, again: fc.boolean() })
  .map(({ sub: one, again }) => [
    { does: 'begin', sub: one },
    { does: 'retry' },
    ...(again ? [{ does: 'retry' } as const] : []),
  ])
/** Of the one that is not inserted at first nobody reads before: it is inserted once. */
const program: fc.Arbitrary<Program> = fc.tuple(
  bracket.map((one) => [one]),
  reads,
  fc.oneof(
    fc.constant([{ does: 'insert' } as const]),
    bracket.map((one) => [one]),
  ),
)

test('retry says what the numbers say, and waits as long', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(program, (of) => {
      expect(histories(of, byEpochs())).toEqual(histories(of, byNumbers()))
    }),
    { numRuns: 25, seed: 5, endOnFailure: true },
  )
})
test('a second set_seq of one episode writes the number that is there', { timeout: 60_000 }, () => {
  const over = [0]
  const of: Program = [
    [{ does: 'bracket', over }],
    [{ does: 'bracket', over }],
    [{ does: 'begin', sub: 0 }, { does: 'retry' }],
  ]
  const found = histories(of, byEpochs())
  expect(found).toEqual(histories(of, byNumbers()))
  // start, start, set_seq, begin, set_seq, end, end, retry: not stale
  expect([...found].some((one) => one.startsWith('[[0,0,1,4,1,3,3,4],[false'))).toBe(true)
})
