/** dmirror_range_fault() and dmirror_range_snapshot(): mmu_interval_read_begin(), hmm_range_fault(), and the result. */
import {
  and,
  Assert,
  Await,
  Break,
  Choose,
  current,
  Either,
  Ghost,
  If,
  type Int,
  isSomeAnd,
  Local,
  Loop,
  no,
  none,
  not,
  optional,
  or,
  Shows,
  Step,
} from 'hmmcheck'
import { mayUse } from './agreement.ts'
import { alternatives } from './alternatives.ts'
import { maps_backing } from './fixes.ts'
import { P_BACKING, P_REQUEST } from './properties.ts'
import { backing, device_pt, dmirror, Entry, notifier, Page, Seq, Tag, Va } from './state.ts'
import { type Faulting, hmm_range_fault, mmu_interval_read_begin, type Walk, walkLocals } from './walk.ts'

/** dmirror_do_fault(): the device gets its entries. */
function dmirror_do_fault({ dm, sub, start, end, write }: Faulting, walk: Walk): void {
  const behind = Local('behind', optional(Page))
  walk.at.set(start)
  behind.set(none)
  Loop(() =>
    alternatives([
      () =>
        Step("the device's own private page", () => {
          const vpn = Choose('vpn', Va)
          const pfn = Choose('pfn', Page)
          const to = Choose('backing', Page)
          Await(
            and(
              walk.at.eq(vpn),
              behind.isNone,
              isSomeAnd(walk.got.at(vpn), (got) => got.page.eq(pfn)),
              or(backing.at(pfn).isNone, backing.at(pfn).eq(to)),
            ),
          )
          behind.set(to)
          Shows('devpriv_fault', { dm, vpn, pfn, backing: to, fix: maps_backing })
        }),
      () =>
        Step('xa_store()', () => {
          const vpn = Choose('vpn', Va)
          const pfn = Choose('pfn', Page)
          const tag = Choose('tag', Tag)
          Await(
            and(
              walk.at.eq(vpn),
              vpn.lt(end),
              mayUse(dm, vpn, pfn),
              isSomeAnd(walk.got.at(vpn), (got) =>
                and(
                  or(
                    and(behind.isNone, got.page.eq(pfn)),
                    and(behind.isSome, maps_backing, behind.eq(pfn)),
                    and(behind.isSome, not(maps_backing), got.page.eq(pfn)),
                  ),
                  tag.ne('atomic'),
                  tag.eq('write').eq(got.write),
                  or(got.write, not(write)),
                ),
              ),
            ),
          )
          Ghost(() => Assert(P_BACKING, or(behind.isNone, maps_backing), 'a ZONE_DEVICE page is mapped'))
          device_pt
            .at(dm)
            .at(vpn)
            .set(Entry.value({ page: pfn, tag }))
          behind.set(none)
          walk.at.set(walk.at.plus(1))
          Shows('dev_map', { dm, vpn, pfn, tag })
        }),
      () => {
        Step('mutex_unlock(&dmirror->mutex): mapped', () => {
          Await(and(walk.at.ge(end), behind.isNone))
          walk.ret.set(0)
          dmirror.at(dm).mutex.set(none)
          Shows('map_unlock', { dm, sub, ret: 0 })
        })
        Break()
      },
      () => {
        Step('mutex_unlock(&dmirror->mutex): -EFAULT', () => {
          Await(
            and(
              walk.at.lt(end),
              write,
              isSomeAnd(walk.got.at(walk.at), (got) => not(got.write)),
            ),
          )
          Ghost(() => Assert(P_REQUEST, no, 'hmm_range_fault() has returned 0 without HMM_PFN_WRITE'))
          walk.ret.set(-14)
          dmirror.at(dm).mutex.set(none)
          Shows('map_unlock', { dm, sub, ret: -14 })
        })
        Break()
      },
    ]),
  )
}

/**
 * What is done again until nothing has come between, or HMM_RANGE_DEFAULT_TIMEOUT (a second) is over; leaves the mutex
 * locked where it ends well.
 */
function range_fault(faulting: Faulting, walk: Walk, activity: () => readonly (() => void)[]): void {
  Loop(() =>
    Either(
      () => {
        round(faulting, walk, activity)
        If(and(walk.ret.ne(-16), not(walk.retry)), () => Break())
      },
      () => {
        Step('time_after(jiffies, timeout)', () => {
          Await(faulting.when)
          walk.ret.set(-16)
        })
        Break()
      },
    ),
  )
}

/** From mmu_interval_read_begin() to mmu_interval_read_retry(), if it comes so far. */
function round(faulting: Faulting, walk: Walk, activity: () => readonly (() => void)[]): void {
  const { dm, sub } = faulting
  mmu_interval_read_begin(faulting, walk)
  hmm_range_fault(faulting, walk, activity)
  walk.retry.set(false)
  If(walk.ret.eq(0), () => {
    Step('mmu_interval_read_retry()', () => {
      const seq = Choose('seq', Seq)
      const sub_seq = Choose('sub_seq', Seq)
      Await(and(dmirror.at(dm).mutex.isNone, walk.seq.eq(seq), notifier.at(sub).seq.eq(sub_seq)))
      walk.retry.set(sub_seq.ne(seq))
      If(not(walk.retry), () => dmirror.at(dm).mutex.set(current))
      Shows('read_retry', { dm, sub, seq, sub_seq, retry: walk.retry })
    })
  })
}

/** dmirror_fault(): says what it has returned. */
export function dmirror_fault(faulting: Faulting, activity: () => readonly (() => void)[]): Int {
  const walk = walkLocals()
  range_fault(faulting, walk, activity)
  If(walk.ret.eq(0), () => dmirror_do_fault(faulting, walk))
  return walk.ret
}

/** dmirror_range_snapshot(): what is found is told, not mapped. */
export function dmirror_range_snapshot(faulting: Faulting): void {
  const walk = walkLocals()
  range_fault(faulting, walk, () => [])
  If(walk.ret.eq(0), () => {
    walk.at.set(faulting.start)
    Loop(() => {
      If(walk.at.ge(faulting.end), () => Break())
      Step('dmirror_mkentry()', () => {
        const vpn = Choose('vpn', Va)
        Await(walk.at.eq(vpn))
        walk.at.set(walk.at.plus(1))
        Shows('snap', { dm: faulting.dm, sub: faulting.sub, vpn })
      })
    })
    Step('mutex_unlock(&dmirror->mutex): told', () => dmirror.at(faulting.dm).mutex.set(none))
  })
}
