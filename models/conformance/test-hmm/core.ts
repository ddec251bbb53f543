/**
 * The core of mm/mmu_notifier.c with the kernel's own numbers. The core of the models that are checked has them in a
 * finite form; test/kernel/mmu-interval-numbers.test.ts compares the two exhaustively.
 */
import {
  and,
  array,
  Await,
  Bool,
  Break,
  Choose,
  cond,
  current,
  Either,
  every,
  ForEach,
  If,
  implies,
  isSomeAnd,
  Local,
  Loop,
  none,
  not,
  oneOf,
  optional,
  or,
  Shows,
  sizeOf,
  some,
  Step,
  type Bool as Condition,
  type Id,
  type IdPlace,
  type Int,
  type ValueOf,
} from 'hmmcheck'
import { own_migrate_stops_device } from './fixes.ts'
import {
  Address,
  device_pt,
  Dm,
  dmirror,
  Mm,
  notifier,
  Owner,
  Page,
  pte,
  RangeEvent,
  Seq,
  Sub,
  Subs,
  subscriptions,
  Tag,
  Va,
} from './state.ts'

const Deferred = oneOf('insert', 'remove')

/** struct mmu_notifier_range, and who is still to be called about it. */
export const rangeLocals = (name: string) => ({
  mm: Local(`${name}_mm`, Mm),
  start: Local(`${name}_start`, Va),
  end: Local(`${name}_end`, Va),
  event: Local(`${name}_event`, RangeEvent),
  owner: Local(`${name}_owner`, optional(Owner)),
  subs: Local(`${name}_subs`, Subs),
  seq: Local(`${name}_seq`, Seq),
  to_call: Local(`${name}_to_call`, array(Sub, Bool)),
})
export type Range = ReturnType<typeof rangeLocals>

const isOdd = (seq: Int): Condition => seq.isOdd
const overlaps = (sub: Id<'Sub'>, subs: Id<'Subs'>, start: Int, end: Int): Condition =>
  and(
    notifier.at(sub).subs.eq(subs),
    or(notifier.at(sub).place.eq('tree'), notifier.at(sub).place.eq('deferred remove')),
    notifier.at(sub).start.lt(end),
    notifier.at(sub).last.ge(start),
  )

/** mn_itree_inv_start_range(), under subscriptions->lock. */
export function mn_itree_inv_start_range(range: Range): void {
  Step('mn_itree_inv_start_range()', () => {
    const subs = Choose('subs', Subs)
    const hit = Choose('hit', optional(Sub))
    const here = (one: Id<'Sub'>) => overlaps(one, subs, range.start, range.end)
    Await(and(subscriptions.at(subs).mm.eq(range.mm), or(isSomeAnd(hit, here), and(hit.isNone, not(some(Sub, here))))))
    const seq_old = Local('seq_old', Seq)
    seq_old.set(subscriptions.at(subs).seq)
    range.subs.set(subs)
    ForEach(Sub, (one) => range.to_call.at(one).set(here(one)))
    subscriptions.at(subs).active.increment()
    If(and(hit.isSome, not(isOdd(seq_old))), () => subscriptions.at(subs).seq.increment())
    range.seq.set(subscriptions.at(subs).seq)
    Shows('inv_start', {
      subs,
      mm: range.mm,
      start: range.start,
      end: range.end,
      event: range.event,
      owner: range.owner,
      active: subscriptions.at(subs).active,
      seq_old,
      seq: range.seq,
      hit,
    })
  })
}

/** Callbacks in any order, each once; `after` says what comes when all have been called. */
export function mn_itree_invalidate(range: Range, after: () => void): void {
  const all_called = (): Condition => every(Sub, (one) => not(range.to_call.at(one)))
  Loop(() => {
    Either(
      () => callback(range),
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

function callback(range: Range): void {
  const sub = Local('called', Sub)
  const dm = Local('called_dm', Dm)
  Step('cb_enter', () => {
    const called = Choose('sub', Sub)
    Await(range.to_call.at(called))
    range.to_call.at(called).set(false)
    sub.set(called)
    Shows('cb_enter', { subs: range.subs, sub: called, cur_seq: range.seq, event: range.event })
  })
  Either(
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
        Await(
          and(
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
        const old = Local('old', Seq)
        old.set(notifier.at(sub).seq)
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
  )
  Step('cb_exit', () => {
    Shows('cb_exit', { subs: range.subs, sub, cur_seq: range.seq, ret: 1 })
  })
}

/** mn_itree_inv_end(): what was deferred comes in lines of its own, under the same lock. */
export function mn_itree_inv_end(range: Range, after: () => void): void {
  const deferring = Local('deferring', Bool)
  Step('mn_itree_inv_end()', () => {
    const seq_old = Local('end_seq_old', Seq)
    const wake = Local('wake', Bool)
    Await(subscriptions.at(range.subs).active.gt(0))
    seq_old.set(subscriptions.at(range.subs).seq)
    subscriptions.at(range.subs).active.decrement()
    wake.set(and(subscriptions.at(range.subs).active.eq(0), isOdd(seq_old)))
    If(wake, () => subscriptions.at(range.subs).seq.increment())
    deferring.set(wake)
    Shows('inv_end', {
      subs: range.subs,
      active: subscriptions.at(range.subs).active,
      seq_old,
      seq: subscriptions.at(range.subs).seq,
      wake,
    })
  })
  const waits = (one: Id<'Sub'>): Condition =>
    and(
      deferring,
      notifier.at(one).subs.eq(range.subs),
      or(notifier.at(one).place.eq('deferred insert'), notifier.at(one).place.eq('deferred remove')),
    )
  Loop(() =>
    Either(
      () => {
        Step('deferred_list', () => {
          const one = Choose('sub', Sub)
          const what = Choose('do', Deferred)
          Await(and(waits(one), what.eq('insert').eq(notifier.at(one).place.eq('deferred insert'))))
          If(what.eq('insert'), () => notifier.at(one).place.set('tree')).Else(() => notifier.at(one).place.set('out'))
          Shows('deferred', { subs: range.subs, sub: one, do: what })
        })
      },
      () => {
        Step('spin_unlock(&subscriptions->lock)', () => {
          Await(not(some(Sub, waits)))
          after()
        })
        Break()
      },
    ),
  )
}

/** __mmu_interval_notifier_insert() */
export function insert(into: IdPlace<'Sub'>, dm: Id<'Dm'> | undefined, when: Condition): void {
  const snapshot = dm !== undefined
  Step(snapshot ? 'mmu_interval_notifier_insert() of a snapshot' : 'mmu_interval_notifier_insert()', () => {
    const sub = Choose('sub', Sub)
    const subs = Choose('subs', Subs)
    const mm = Choose('mm', Mm)
    const start = Choose('start', Va)
    const last = Choose('last', Va)
    Await(
      and(
        when,
        notifier.at(sub).place.eq('out'),
        or(subscriptions.at(subs).mm.isNone, subscriptions.at(subs).mm.eq(mm)),
      ),
    )
    into.set(sub)
    const busy = Local('insert_busy', Bool)
    const deferred = Local('insert_deferred', Bool)
    const of = subscriptions.at(subs)
    of.mm.set(mm)
    busy.set(of.active.gt(0))
    deferred.set(and(busy, isOdd(of.seq)))
    If(and(busy, not(deferred)), () => of.seq.increment())
    notifier.at(sub).subs.set(subs)
    notifier.at(sub).start.set(start)
    notifier.at(sub).last.set(last)
    notifier.at(sub).snapshot.set(snapshot)
    if (dm === undefined) notifier.at(sub).dm.set(none)
    else notifier.at(sub).dm.set(dm)
    If(deferred, () => notifier.at(sub).place.set('deferred insert')).Else(() => notifier.at(sub).place.set('tree'))
    notifier.at(sub).seq.set(cond(busy, of.seq, of.seq.minus(1)))
    Shows('insert', {
      sub,
      subs,
      mm,
      start,
      last,
      active: of.active,
      deferred,
      subs_seq: of.seq,
      sub_seq: notifier.at(sub).seq,
    })
  })
}

/** mmu_interval_notifier_remove() */
export function remove(sub: Id<'Sub'>, snapshot: boolean): void {
  const waits_for = Local('waits_for', Seq)
  const subs = Local('remove_subs', Subs)
  Step(snapshot ? 'mmu_interval_notifier_remove() of a snapshot' : 'mmu_interval_notifier_remove()', () => {
    const of = Choose('subs', Subs)
    Await(and(notifier.at(sub).subs.eq(of), notifier.at(sub).place.ne('out')))
    subs.set(of)
    const odd = Local('remove_odd', Bool)
    const unlinked = Local('unlinked', Bool)
    const deferred = Local('remove_deferred', Bool)
    odd.set(isOdd(subscriptions.at(of).seq))
    unlinked.set(and(odd, notifier.at(sub).place.eq('deferred insert')))
    deferred.set(odd)
    waits_for.set(0)
    If(and(odd, not(unlinked)), () => {
      notifier.at(sub).place.set('deferred remove')
      waits_for.set(subscriptions.at(of).seq)
    }).Else(() => notifier.at(sub).place.set('out'))
    Shows('remove', {
      subs: of,
      sub,
      mm: subscriptions.at(of).mm,
      active: subscriptions.at(of).active,
      subs_seq: subscriptions.at(of).seq,
      deferred,
      unlinked,
    })
  })
  Step('wait_event(subscriptions->wq, mmu_interval_seq_released())', () => {
    Await(or(waits_for.eq(0), subscriptions.at(subs).seq.ne(waits_for)))
    Shows('remove_ret', { subs, sub, waited_seq: waits_for })
  })
}

/** A bracket: its beginning, what is done in it, and its end. `body` has the alternatives that go on in it. */
export function bracket(
  name: string,
  body: (range: Range) => readonly (() => void)[],
  allowed: (event: ValueOf<typeof RangeEvent>) => Condition,
): void {
  const range = rangeLocals(name)
  Step(`${name}: __mmu_notifier_invalidate_range_start()`, () => {
    const mm = Choose('mm', Mm)
    const start = Choose('start', Va)
    const end = Choose('end', Va)
    const event = Choose('event', RangeEvent)
    const owner = Choose('owner', optional(Owner))
    Await(allowed(event))
    range.mm.set(mm)
    range.start.set(start)
    range.end.set(end)
    range.event.set(event)
    range.owner.set(owner)
    Shows('__mmu_notifier_invalidate_range_start enter', { mm, start, end, event, owner })
  })
  mn_itree_inv_start_range(range)
  mn_itree_invalidate(range, () => Shows('__mmu_notifier_invalidate_range_start exit', { ret: 0 }))
  Loop(() =>
    alternatives([
      ...body(range),
      () => {
        Step(`${name}: __mmu_notifier_invalidate_range_end()`, () => {
          Await(or(range.event.ne('UNMAP'), isUnmapped(range)))
          Shows('__mmu_notifier_invalidate_range_end enter', {
            mm: range.mm,
            start: range.start,
            end: range.end,
            event: range.event,
            owner: range.owner,
          })
        })
        mn_itree_inv_end(range, () => Shows('__mmu_notifier_invalidate_range_end exit'))
        Break()
      },
    ]),
  )
}

/** munmap(), mremap(), and exit leave no entry in their range; nobody can fault one in, since the VMA is gone. */
const isUnmapped = ({ mm, start, end }: Range): Condition =>
  every(Va, (va) =>
    implies(and(va.ge(start), va.lt(end)), or(pte.at(mm).at(va).kind.eq('none'), pte.at(mm).at(va).kind.eq('unknown'))),
  )

/** One of several, as many as there are. */
export function alternatives(branches: readonly (() => void)[]): void {
  const [first, second, ...rest] = branches
  if (first === undefined) return
  if (second === undefined) first()
  else Either(first, second, ...rest)
}

/** __mmu_notifier_release(): the RELEASE range. */
export function release(): void {
  const range = rangeLocals('release')
  Step('__mmu_notifier_release()', () => {
    const mm = Choose('mm', Mm)
    range.mm.set(mm)
    range.event.set('RELEASE')
    range.owner.set(none)
    range.start.set(0)
    range.end.set(sizeOf(Address).minus(1))
    Shows('__mmu_notifier_release enter', { mm })
  })
  mn_itree_inv_start_range(range)
  mn_itree_invalidate(range, () => undefined)
  mn_itree_inv_end(range, () => Shows('__mmu_notifier_release exit'))
}
