/** dmirror_range_fault() and dmirror_range_snapshot(): mmu_interval_read_begin(), hmm_range_fault(), and the result. */
import {
  and,
  array,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  cond,
  current,
  Ghost,
  If,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  no,
  none,
  not,
  oneOf,
  optional,
  or,
  range,
  Shows,
  Step,
  struct,
  type Bool as Condition,
  type Id,
  type Int,
  type Optional,
  type ValueOf,
} from 'hmmcheck'
import { alternatives } from './core.ts'
import { mayUse } from './agreement.ts'
import { maps_backing, request_is_kept } from './fixes.ts'
import { P_BACKING, P_REQUEST } from './properties.ts'
import {
  backing,
  device_pt,
  dmirror,
  Entry,
  entries,
  Kind,
  notifier,
  Page,
  pte,
  Pte,
  Seq,
  Subs,
  subscriptions,
  Tag,
  Va,
} from './state.ts'

type OneOfKind = ValueOf<typeof Kind>

const Got = struct('hmm_pfn', { page: Page, write: Bool })
const Phase = oneOf('check', 'walk', 'fault', 'faulting', 'over')
/** A code that the recording shows: 0, or less. */
const Ret = range(-4096, 4096)

/** What a fault of the device is about. */
export interface Faulting {
  readonly dm: Id<'Dm'>
  readonly sub: Id<'Sub'>
  readonly start: Int
  readonly end: Int
  readonly write: Condition
  readonly snapshot: boolean
  /** What must hold for it to begin. */
  readonly when: Condition
}

const locals = () => ({
  seq: Local('notifier_seq', Seq),
  at: Local('at', Va),
  fault_at: Local('fault_at', Va),
  phase: Local('phase', Phase),
  looked: Local('looked', Bool),
  busy: Local('busy', Bool),
  kind: Local('seen_kind', Kind),
  page: Local('seen_page', optional(Page)),
  got: Local('hmm_pfns', array(Va, optional(Got))),
  ret: Local('hmm_ret', Ret),
  retry: Local('retry', Bool),
})
type Walk = ReturnType<typeof locals>

function mmu_interval_read_begin({ sub, when }: Faulting, walk: Walk): void {
  const subs = Local('read_subs', Subs)
  const wait = Local('wait', Bool)
  const now = Local('subs_seq_now', Seq)
  Step('mmu_interval_read_begin()', () => {
    const of = Choose('subs', Subs)
    Await(and(when, notifier.at(sub).subs.eq(of)))
    subs.set(of)
    walk.seq.set(notifier.at(sub).seq)
    wait.set(notifier.at(sub).seq.eq(subscriptions.at(of).seq))
    Shows('read_begin', {
      subs: of,
      sub,
      sub_seq: walk.seq,
      subs_seq: subscriptions.at(of).seq,
      active: subscriptions.at(of).active,
      wait,
    })
  })
  Step('wait_event(subscriptions->wq)', () => {
    Await(or(not(wait), subscriptions.at(subs).seq.ne(walk.seq)))
    now.set(subscriptions.at(subs).seq)
  })
  Step('mmu_interval_read_begin() returns', () =>
    Shows('read_begin_ret', { subs, sub, seq: walk.seq, waited: wait, subs_seq_now: now }),
  )
}

const isMigration = (walk: Walk): Condition =>
  or(walk.kind.eq('migr_r'), walk.kind.eq('migr_rx'), walk.kind.eq('migr_w'))
const isWritable = (walk: Walk): Condition => or(walk.kind.eq('present_w'), walk.kind.eq('devpriv_w'))
/** What hmm_vma_handle_pte() gives without a fault. */
const isGiven = (faulting: Faulting, walk: Walk): Condition =>
  or(
    isWritable(walk),
    and(walk.kind.eq('devpriv_r'), or(not(request_is_kept), not(faulting.write))),
    and(or(walk.kind.eq('present_r'), walk.kind.eq('zero_r')), not(faulting.write)),
  )

/** Where a round begins: at first, behind a wait, and behind a fault. */
const rechecks = (walk: Walk): Condition =>
  or(walk.phase.eq('check'), and(walk.phase.eq('fault'), walk.fault_at.gt(walk.at)))

/** The alternatives of hmm_range_fault(), from one line to the next. */
const walking = (faulting: Faulting, walk: Walk): readonly (() => void)[] => {
  const { sub, end, write, snapshot } = faulting
  return [
    () =>
      Step('mmu_interval_check_retry()', () => {
        Await(and(rechecks(walk), not(walk.looked)))
        walk.busy.set(notifier.at(sub).seq.ne(walk.seq))
        walk.looked.set(true)
      }),
    () =>
      Step('check_retry', () => {
        Await(and(rechecks(walk), walk.looked))
        walk.looked.set(false)
        If(walk.busy, () => {
          walk.phase.set('over')
          walk.ret.set(-16)
        }).Else(() => walk.phase.set('walk'))
        Shows('check_retry', { sub, seq: walk.seq, busy: walk.busy })
      }),
    () =>
      Step('READ_ONCE(*ptep)', () => {
        Await(and(walk.phase.eq('walk'), not(walk.looked), walk.at.lt(end)))
        IfSome(notifier.at(sub).subs, (subs) =>
          IfSome(subscriptions.at(subs).mm, (mm) => {
            walk.kind.set(pte.at(mm).at(walk.at).kind)
            walk.page.set(pte.at(mm).at(walk.at).page)
          }),
        )
        walk.looked.set(true)
      }),
    () =>
      Step('hmm_vma_handle_pte()', () => {
        const addr = Choose('addr', Va)
        const kind = Choose('kind', Kind)
        const pfn = Choose('pfn', optional(Page))
        Await(
          and(
            walk.phase.eq('walk'),
            walk.looked,
            walk.at.eq(addr),
            or(walk.kind.eq('unknown'), and(walk.kind.eq(kind), walk.page.eq(pfn))),
          ),
        )
        If(walk.kind.eq('unknown'), () => learn(faulting, walk, kind, pfn))
        walk.looked.set(false)
        walk.kind.set(kind)
        walk.page.set(pfn)
        if (snapshot) walk.at.set(walk.at.plus(1))
        else handle_pte(faulting, walk)
        Shows('walk_pte', { sub, addr, kind, pfn })
      }),
    () =>
      Step('hmm_vma_walk_hole()', () => {
        const addr = Choose('addr', Va)
        const to = Choose('end', Va)
        const vma = Choose('vma', Bool)
        Await(and(walk.phase.eq('walk'), walk.at.eq(addr), to.gt(addr)))
        walk.looked.set(false)
        if (snapshot) walk.at.set(cond(to.gt(end), end, to))
        else
          If(vma, () => {
            walk.phase.set('fault')
            walk.fault_at.set(addr)
          }).Else(() => {
            walk.phase.set('over')
            walk.ret.set(-14)
          })
        Shows('walk_hole', { sub, addr, end: to, vma })
      }),
    () =>
      Step('hmm_vma_fault()', () => {
        const addr = Choose('addr', Va)
        Await(and(walk.phase.eq('fault'), walk.fault_at.eq(addr), addr.lt(end)))
        walk.phase.set('faulting')
        Shows('fault', { addr, write })
      }),
    () =>
      Step('handle_mm_fault() returns', () => {
        const addr = Choose('addr', Va)
        Await(and(walk.phase.eq('faulting'), walk.fault_at.eq(addr)))
        walk.phase.set('fault')
        walk.fault_at.set(walk.fault_at.plus(1))
        Shows('fault_ret', { addr })
      }),
  ]
}

/** An entry of which the recording has shown nothing yet. */
function learn({ sub }: Faulting, { at }: Walk, kind: OneOfKind, page: Optional<typeof Page>): void {
  IfSome(notifier.at(sub).subs, (subs) =>
    IfSome(subscriptions.at(subs).mm, (mm) =>
      If(pte.at(mm).at(at).kind.eq('unknown'), () => {
        pte.at(mm).at(at).set(Pte.value({ kind, page }))
        IfSome(page, (named) => entries.at(named).increment())
      }),
    ),
  )
}

/** hmm_vma_handle_pte(): given, waited for, or faulted. */
function handle_pte(faulting: Faulting, walk: Walk): void {
  If(isGiven(faulting, walk), () => {
    IfSome(walk.page, (page) => walk.got.at(walk.at).set(Got.value({ page, write: isWritable(walk) })))
    walk.at.set(walk.at.plus(1))
  }).Else(() => {
    If(isMigration(walk), () => walk.phase.set('check')).Else(() => {
      walk.phase.set('fault')
      walk.fault_at.set(walk.at)
    })
  })
}

/** One call of hmm_range_fault(). */
function hmm_range_fault(faulting: Faulting, walk: Walk, activity: () => readonly (() => void)[]): void {
  const { sub, start, end, dm, write, snapshot } = faulting
  /** hmm_vma_walk_test(): the VMA may not be read. hmm_vma_fault(): it may not be written. The model has no VMAs. */
  const forbidden = (ret: ValueOf<typeof Ret>): Condition =>
    snapshot
      ? no
      : or(
          and(walk.phase.eq('walk'), not(walk.looked), walk.at.lt(end), ret.eq(-14)),
          and(walk.phase.eq('fault'), write, ret.eq(-1)),
        )
  Step('hmm_range_fault()', () => {
    walk.at.set(start)
    walk.phase.set('check')
    walk.looked.set(false)
    walk.ret.set(0)
    Shows('hmm_range_fault enter', { sub, seq: walk.seq, start, end })
  })
  Loop(() =>
    alternatives([
      ...walking(faulting, walk),
      ...activity(),
      () => {
        Step('hmm_range_fault() returns', () => {
          const ret = Choose('ret', Ret)
          Await(
            or(
              and(walk.phase.eq('walk'), walk.at.ge(end), ret.eq(0)),
              and(walk.phase.eq('over'), ret.eq(walk.ret)),
              and(walk.phase.eq('fault'), ret.eq(-14)),
              forbidden(ret),
            ),
          )
          walk.ret.set(ret)
          Shows('hmm_range_fault exit', { ret })
        })
        Break()
      },
    ]),
  )
  Step('hmm_range_fault() has returned', () => Shows('hrf_ret', { dm, sub, seq: walk.seq, ret: walk.ret }))
}

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

/** What is done again until nothing has come between; leaves the mutex locked. */
function range_fault(faulting: Faulting, walk: Walk, activity: () => readonly (() => void)[]): void {
  const { dm, sub } = faulting
  Loop(() => {
    mmu_interval_read_begin(faulting, walk)
    hmm_range_fault(faulting, walk, activity)
    If(walk.ret.eq(0), () => {
      Step('mmu_interval_read_retry()', () => {
        Await(dmirror.at(dm).mutex.isNone)
        walk.retry.set(notifier.at(sub).seq.ne(walk.seq))
        If(not(walk.retry), () => dmirror.at(dm).mutex.set(current))
        Shows('read_retry', { dm, sub, seq: walk.seq, sub_seq: notifier.at(sub).seq, retry: walk.retry })
      })
      If(not(walk.retry), () => Break())
    })
    If(and(walk.ret.ne(0), walk.ret.ne(-16)), () => Break())
  })
}

/** dmirror_fault(): says what it has returned. */
export function dmirror_fault(faulting: Faulting, activity: () => readonly (() => void)[]): Int {
  const walk = locals()
  range_fault(faulting, walk, activity)
  If(walk.ret.eq(0), () => dmirror_do_fault(faulting, walk))
  return walk.ret
}

/** dmirror_range_snapshot(): what is found is told, not mapped. */
export function dmirror_range_snapshot(faulting: Faulting): void {
  const walk = locals()
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
