/** The walk of a device fault: mmu_interval_read_begin() and hmm_range_fault(). */
import {
  and,
  array,
  Await,
  Bool,
  type Bool as Condition,
  Break,
  Choose,
  cond,
  type Id,
  If,
  IfSome,
  type Int,
  Local,
  Loop,
  no,
  none,
  not,
  oneOf,
  optional,
  type Optional,
  or,
  range,
  Shows,
  Step,
  struct,
  type ValueOf,
} from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { request_is_kept } from './fixes.ts'
import { entries, Kind, notifier, Page, pte, Pte, Seq, Subs, subscriptions, Va } from './state.ts'

type OneOfKind = ValueOf<typeof Kind>

const Got = struct('hmm_pfn', { page: Page, write: Bool })
const Pfns = array(Va, optional(Got))
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

/** What a fault keeps. */
export const walkLocals = () => ({
  seq: Local('notifier_seq', Seq),
  at: Local('at', Va),
  fault_at: Local('fault_at', Va),
  phase: Local('phase', Phase),
  looked: Local('looked', Bool),
  busy: Local('busy', Bool),
  kind: Local('seen_kind', Kind),
  page: Local('seen_page', optional(Page)),
  got: Local('hmm_pfns', Pfns),
  ret: Local('hmm_ret', Ret),
  retry: Local('retry', Bool),
})
export type Walk = ReturnType<typeof walkLocals>

/** mmu_interval_read_begin(), and its return. */
export function mmu_interval_read_begin({ sub, when }: Faulting, walk: Walk): void {
  const subs = Local('read_subs', Subs)
  const wait = Local('wait', Bool)
  const now = Local('subs_seq_now', Seq)
  Step('mmu_interval_read_begin()', () => {
    const of = Choose('subs', Subs)
    const sub_seq = Choose('sub_seq', Seq)
    const subs_seq = Choose('subs_seq', Seq)
    Await(and(when, notifier.at(sub).subs.eq(of)))
    Await(and(notifier.at(sub).seq.eq(sub_seq), subscriptions.at(of).seq.eq(subs_seq)))
    subs.set(of)
    walk.seq.set(sub_seq)
    wait.set(sub_seq.eq(subs_seq))
    Shows('read_begin', {
      subs: of,
      sub,
      sub_seq,
      subs_seq,
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
export function hmm_range_fault(faulting: Faulting, walk: Walk, activity: () => readonly (() => void)[]): void {
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
    // nothing is left of the last round
    walk.fault_at.set(start)
    walk.busy.set(false)
    walk.kind.set('unknown')
    walk.page.set(none)
    walk.got.set(Pfns.filled(none))
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
