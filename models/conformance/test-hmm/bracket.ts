/** Whole brackets: around a change of the page table, and that of the release. */
import {
  and,
  Await,
  type Bool as Condition,
  Break,
  Choose,
  every,
  If,
  implies,
  Loop,
  none,
  optional,
  or,
  Shows,
  sizeOf,
  Step,
  type ValueOf,
} from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { mn_itree_invalidate } from './callback.ts'
import { mn_itree_inv_end, mn_itree_inv_start_range, type Range, rangeLocals } from './core.ts'
import { Address, Mm, Owner, pte, RangeEvent, Va } from './state.ts'

/**
 * A bracket: its beginning, what is done in it, and its end. `body` has the alternatives that go on in it. `reaps`: it may
 * be one of the OOM reaper, whose callbacks may refuse; then it is over where it begins.
 */
export function bracket(
  name: string,
  body: (range: Range) => readonly (() => void)[],
  allowed: (event: ValueOf<typeof RangeEvent>) => Condition,
  reaps = false,
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
  mn_itree_inv_start_range(range, reaps)
  mn_itree_invalidate(range, () => Shows('__mmu_notifier_invalidate_range_start exit', { ret: 0 }), reaps)
  const inside = (): void => bracketed(name, range, body)
  if (!reaps) inside()
  else
    If(range.refused, () =>
      mn_itree_inv_end(range, () => Shows('__mmu_notifier_invalidate_range_start exit', { ret: -11 })),
    ).Else(inside)
}

/** What is done in a bracket, and its end. */
function bracketed(name: string, range: Range, body: (range: Range) => readonly (() => void)[]): void {
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
