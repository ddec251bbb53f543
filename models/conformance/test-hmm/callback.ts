/** The callbacks of a bracket: dmirror_interval_invalidate(), and that of a snapshot. */
import {
  and,
  Await,
  type Bool as Condition,
  Break,
  Choose,
  current,
  Either,
  every,
  If,
  implies,
  isSomeAnd,
  Local,
  Loop,
  none,
  not,
  or,
  Shows,
  Step,
} from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import type { Range } from './core.ts'
import { own_migrate_stops_device } from './fixes.ts'
import { device_pt, Dm, dmirror, notifier, Page, Seq, Sub, Tag, Va } from './state.ts'

/**
 * mn_itree_invalidate() of 6.1: callbacks in any order, each once; `after` says what comes when all have been called. If
 * one refuses a range that can't wait, the others are not called, and `after` is not done.
 */
export function mn_itree_invalidate(range: Range, after: () => void, reaps = false): void {
  const all_called = (): Condition => every(Sub, (one) => not(range.to_call.at(one)))
  Loop(() => {
    Either(
      () => {
        callback(range, reaps)
        if (reaps) If(range.refused, () => Break())
      },
      () => {
        Step('all callbacks have been called', () => {
          Await(all_called())
          after()
        })
        Break()
      },
    )
  })
}

/** mutex_trylock() fails. The driver holds its mutex at places without a line, too. */
function refuse(range: Range): void {
  Step('dmirror_interval_invalidate(): mutex_trylock() fails', () => {
    Await(not(range.blockable))
    range.refused.set(true)
    Shows('inv_wouldblock')
  })
}

function callback(range: Range, reaps: boolean): void {
  const sub = Local('called', Sub)
  const dm = Local('called_dm', Dm)
  Step('cb_enter', () => {
    const called = Choose('sub', Sub)
    Await(range.to_call.at(called))
    range.to_call.at(called).set(false)
    sub.set(called)
    Shows('cb_enter', { subs: range.subs, sub: called, cur_seq: range.seq, event: range.event })
  })
  alternatives([
    ...(reaps ? [() => refuse(range)] : []),
    () => {
      Step('dmirror_interval_invalidate(): own MIGRATE', () => {
        const of = Choose('dm', Dm)
        Await(
          and(
            notifier.at(sub).dm.eq(of),
            not(notifier.at(sub).snapshot),
            range.event.eq('MIGRATE'),
            range.owner.isSome,
            dmirror.at(of).owner.eq(range.owner),
          ),
        )
        Shows('inv_ignored', { dm: of, sub, cur_seq: range.seq })
      })
    },
    () => {
      Step('mmu_interval_set_seq()', () => {
        const of = Choose('dm', Dm)
        const old = Choose('old', Seq)
        Await(
          and(
            notifier.at(sub).seq.eq(old),
            notifier.at(sub).dm.eq(of),
            dmirror.at(of).mutex.isNone,
            or(
              own_migrate_stops_device,
              notifier.at(sub).snapshot,
              range.event.ne('MIGRATE'),
              range.owner.isNone,
              dmirror.at(of).owner.ne(range.owner),
            ),
          ),
        )
        dm.set(of)
        dmirror.at(of).mutex.set(current)
        Shows('set_seq', { dm: of, sub, old, seq: range.seq, start: range.start, end: range.end })
      })
      Step('WRITE_ONCE(interval_sub->invalidate_seq)', () => notifier.at(sub).seq.set(range.seq))
      Loop(() =>
        Either(
          () => {
            Step('xa_erase()', () => {
              const va = Choose('vpn', Va)
              const pfn = Choose('pfn', Page)
              const tag = Choose('tag', Tag)
              // dmirror_do_update() takes the end of the range for its last page
              Await(
                and(
                  not(notifier.at(sub).snapshot),
                  va.ge(range.start),
                  va.le(range.end),
                  isSomeAnd(device_pt.at(dm).at(va), (entry) => and(entry.page.eq(pfn), entry.tag.eq(tag))),
                ),
              )
              device_pt.at(dm).at(va).set(none)
              Shows('dev_erase', { dm, vpn: va, pfn, tag })
            })
          },
          () => {
            Step('mutex_unlock(&dmirror->mutex)', () => {
              Await(
                and(
                  not(notifier.at(sub).snapshot),
                  every(Va, (va) => implies(and(va.ge(range.start), va.le(range.end)), device_pt.at(dm).at(va).isNone)),
                ),
              )
              dmirror.at(dm).mutex.set(none)
              Shows('inv_unlock', { dm, sub })
            })
            Break()
          },
          () => {
            Step('mutex_unlock() of a snapshot', () => {
              Await(notifier.at(sub).snapshot)
              dmirror.at(dm).mutex.set(none)
            })
            Break()
          },
        ),
      )
    },
  ])
  Step('cb_exit', () => {
    Shows('cb_exit', { subs: range.subs, sub, cur_seq: range.seq, ret: not(range.refused) })
  })
}
