/** mmu_interval_notifier_insert() and _remove(). */
import {
  and,
  Await,
  Bool,
  type Bool as Condition,
  Choose,
  cond,
  type Id,
  type IdPlace,
  If,
  type Int,
  type IntPlace,
  Local,
  none,
  not,
  or,
  Shows,
  Step,
} from 'hmmcheck'
import { isOdd } from './core.ts'
import { Mm, notifier, Seq, Sub, Subs, subscriptions, Va } from './state.ts'

/** The part of a range that a snapshot subscribes to: from `at` on. `next` is where the next part begins. */
export interface Part {
  readonly dm: Id<'Dm'>
  readonly at: Int
  readonly end: Int
  readonly next: IntPlace
}

/** __mmu_interval_notifier_insert(): of a struct dmirror, or of a part of a snapshot. */
export function insert(into: IdPlace<'Sub'>, part: Part | undefined, when: Condition): void {
  const snapshot = part !== undefined
  Step(snapshot ? 'mmu_interval_notifier_insert() of a snapshot' : 'mmu_interval_notifier_insert()', () => {
    const sub = Choose('sub', Sub)
    const subs = Choose('subs', Subs)
    const mm = Choose('mm', Mm)
    const start = Choose('start', Va)
    const last = Choose('last', Va)
    Await(
      and(
        when,
        // dmirror_fops_open() takes the whole address space
        part === undefined ? start.eq(0) : and(start.eq(part.at), last.lt(part.end)),
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
    if (part === undefined) notifier.at(sub).dm.set(none)
    else {
      notifier.at(sub).dm.set(part.dm)
      part.next.set(last.plus(1))
    }
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
    const subs_seq = Choose('subs_seq', Seq)
    Await(and(notifier.at(sub).subs.eq(of), notifier.at(sub).place.ne('out')))
    Await(subscriptions.at(of).seq.eq(subs_seq))
    subs.set(of)
    const odd = Local('remove_odd', Bool)
    const unlinked = Local('unlinked', Bool)
    const deferred = Local('remove_deferred', Bool)
    odd.set(isOdd(subs_seq))
    unlinked.set(and(odd, notifier.at(sub).place.eq('deferred insert')))
    deferred.set(odd)
    waits_for.set(0)
    If(and(odd, not(unlinked)), () => {
      notifier.at(sub).place.set('deferred remove')
      waits_for.set(subs_seq)
    }).Else(() => notifier.at(sub).place.set('out'))
    Shows('remove', {
      subs: of,
      sub,
      mm: subscriptions.at(of).mm,
      active: subscriptions.at(of).active,
      subs_seq,
      deferred,
      unlinked,
    })
  })
  Step('wait_event(subscriptions->wq, mmu_interval_seq_released())', () => {
    Await(or(waits_for.eq(0), subscriptions.at(subs).seq.ne(waits_for)))
    Shows('remove_ret', { subs, sub, waited_seq: waits_for })
  })
}
