/**
 * The core of mm/mmu_notifier.c with the kernel's own numbers. The core of the models that are checked has them in a
 * finite form; test/kernel/mmu-interval-numbers.test.ts compares the two exhaustively.
 */
import {
  and,
  array,
  Await,
  Bool,
  type Bool as Condition,
  Break,
  Choose,
  Either,
  ForEach,
  type Id,
  If,
  type Int,
  isSomeAnd,
  Local,
  Loop,
  no,
  not,
  oneOf,
  optional,
  or,
  Shows,
  some,
  Step,
  yes,
} from 'hmmcheck'
import { Active, Mm, notifier, Owner, RangeEvent, Seq, Sub, Subs, subscriptions, Va } from './state.ts'

/** Subscriptions whose callback is still to come. */
const ToCall = array(Sub, Bool)
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
  to_call: Local(`${name}_to_call`, ToCall),
  /** Callbacks may wait. The ranges of __oom_reap_task_mm() say no: then one may refuse. */
  blockable: Local(`${name}_blockable`, Bool),
  refused: Local(`${name}_refused`, Bool),
})
export type Range = ReturnType<typeof rangeLocals>

/** A number is odd while the tree of its subscriptions is frozen. */
export const isOdd = (seq: Int): Condition => seq.isOdd
const overlaps = (sub: Id<'Sub'>, subs: Id<'Subs'>, start: Int, end: Int): Condition =>
  and(
    notifier.at(sub).subs.eq(subs),
    or(notifier.at(sub).place.eq('tree'), notifier.at(sub).place.eq('deferred remove')),
    notifier.at(sub).start.lt(end),
    notifier.at(sub).last.ge(start),
  )

/** mn_itree_inv_start_range(), under subscriptions->lock. `reaps`: it may be a range of the OOM reaper. */
export function mn_itree_inv_start_range(range: Range, reaps = false): void {
  Step('mn_itree_inv_start_range()', () => {
    const blockable = reaps ? Choose('blockable', Bool) : yes
    const subs = Choose('subs', Subs)
    const hit = Choose('hit', optional(Sub))
    const seq_old = Choose('seq_old', Seq)
    const here = (one: Id<'Sub'>) => overlaps(one, subs, range.start, range.end)
    if (reaps) Await(or(blockable, range.event.eq('UNMAP')))
    Await(subscriptions.at(subs).seq.eq(seq_old))
    Await(and(subscriptions.at(subs).mm.eq(range.mm), or(isSomeAnd(hit, here), and(hit.isNone, not(some(Sub, here))))))
    range.subs.set(subs)
    range.blockable.set(blockable)
    range.refused.set(no)
    range.to_call.set(ToCall.filled(false))
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
      blockable,
      active: subscriptions.at(subs).active,
      seq_old,
      seq: range.seq,
      hit,
    })
  })
}

/** mn_itree_inv_end(): what was deferred comes in lines of its own, under the same lock. */
export function mn_itree_inv_end(range: Range, after: () => void): void {
  const deferring = Local('deferring', Bool)
  Step('mn_itree_inv_end()', () => {
    const subs = Choose('subs', Subs)
    const seq_old = Choose('seq_old', Seq)
    const wake = Local('wake', Bool)
    const active = Choose('active', Active)
    Await(and(range.subs.eq(subs), subscriptions.at(subs).seq.eq(seq_old)))
    Await(subscriptions.at(subs).active.eq(active.plus(1)))
    subscriptions.at(range.subs).active.set(active)
    wake.set(and(subscriptions.at(range.subs).active.eq(0), isOdd(seq_old)))
    If(wake, () => subscriptions.at(range.subs).seq.increment())
    deferring.set(wake)
    Shows('inv_end', { subs, active, seq_old, seq: subscriptions.at(range.subs).seq, wake })
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
