/** Exclusive access of the device. */
import {
  and,
  array,
  Await,
  Bool,
  Break,
  Choose,
  current,
  If,
  Local,
  Loop,
  none,
  not,
  optional,
  or,
  range,
  Shows,
  Step,
} from 'hmmcheck'
import { type Call, holdsOrTakes } from './access.ts'
import { alternatives } from './alternatives.ts'
import { bracket } from './bracket.ts'
import { activity } from './cpu-faults.ts'
import { exchange, line } from './page-table.ts'
import { device_pt, dmirror, Entry, Page, Va } from './state.ts'

const Marked = array(Va, optional(Page))

/** dmirror_exclusive(): pages are locked, marked one by one, and mapped all at once. */
export function exclusive({ cmd, dm, start, end, ready, failed }: Call): void {
  const into = line('marked')
  const at = Local('mark_at', Va)
  const marked = Local('marked', Marked)
  const done = Local('marks', range(0, 1_000_000))
  Step('make_device_exclusive_range()', () => {
    Await(and(cmd.eq('EXCLUSIVE'), not(ready)))
    at.set(start)
    done.set(0)
    marked.set(Marked.filled(none))
    Shows('make_device_exclusive_range enter', { start })
  })
  Loop(() =>
    alternatives([
      ...activity(),
      () => {
        bracket(
          'exclusive',
          ({ mm, start: first, end: last }) => [
            () =>
              exchange(
                into,
                {
                  by: 'ptep_clear_flush',
                  old: ['present_r', 'present_w'],
                  when: (seen) => and(seen.mm.eq(mm), seen.va.ge(first), seen.va.lt(last)),
                },
                {
                  by: 'page_make_device_exclusive_one',
                  old: ['none'],
                  now: ['devexcl_r', 'devexcl_w'],
                  then: (seen) => marked.at(seen.va).set(seen.npage),
                },
              ),
          ],
          (event) => event.eq('EXCLUSIVE'),
        )
      },
      () =>
        Step('page_make_device_exclusive()', () => {
          const addr = Choose('addr', Va)
          const pfn = Choose('pfn', Page)
          const ok = Choose('ok', Bool)
          Await(and(at.eq(addr), or(not(ok), marked.at(addr).eq(pfn))))
          at.set(at.plus(1))
          If(ok, () => done.increment())
          Shows('excl', { addr, pfn, ok })
        }),
      () => {
        Step('make_device_exclusive_range() returns', () => Shows('make_device_exclusive_range exit'))
        Break()
      },
    ]),
  )
  Step('make_device_exclusive_range() has returned', () => {
    const ret = Choose('ret', range(-4096, 4096))
    failed.set(ret.ne(end.minus(start)))
    at.set(start)
    ready.set(true)
    Shows('excl_ret', { dm, addr: start, ret })
  })
  If(failed, () => done.set(0))
  Loop(() => {
    If(done.eq(0), () => Break())
    Step('dmirror_atomic_map(): xa_store()', () => {
      const vpn = Choose('vpn', Va)
      const pfn = Choose('pfn', Page)
      Await(and(vpn.ge(at), vpn.lt(end), holdsOrTakes(dm), marked.at(vpn).eq(pfn)))
      at.set(vpn.plus(1))
      done.decrement()
      If(done.gt(0), () => dmirror.at(dm).mutex.set(current)).Else(() => dmirror.at(dm).mutex.set(none))
      device_pt
        .at(dm)
        .at(vpn)
        .set(Entry.value({ page: pfn, tag: 'atomic' }))
      Shows('dev_map', { dm, vpn, pfn, tag: 'atomic' })
    })
  })
}
