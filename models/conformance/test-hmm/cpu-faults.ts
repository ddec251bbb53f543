/** Faults of the CPU that reach the driver, and all else that may happen to a process that touches its memory. */
import {
  and,
  Await,
  Bool,
  Choose,
  type Id,
  If,
  type Int,
  Local,
  or,
  type PlaceOf,
  range,
  Shows,
  Step,
  yes,
} from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { bracket } from './bracket.ts'
import { freeing } from './finalize.ts'
import { migrate } from './migration.ts'
import { change, giving, line, type Line, taking } from './page-table.ts'
import { cooled, reclaiming, swappedIn } from './reclaim.ts'
import { Page, pte, Va } from './state.ts'

/** A CPU fault on a device page: do_swap_page(), and from there the driver. */
function device_private_fault(): void {
  const pfn = Local('fault_pfn', Page)
  const addr = Local('fault_addr', Va)
  const last = Local('last_reference', Bool)
  Step('do_swap_page(): get_page()', () => {
    const va = Choose('addr', Va)
    const page = Choose('pfn', Page)
    addr.set(va)
    pfn.set(page)
    Shows('devpriv_get', { addr: va, pfn: page })
  })
  Step('dmirror_devmem_fault()', () => Shows('devmem_fault', { addr, pfn }))
  migrate({ setup: () => undefined })
  Step('dmirror_devmem_fault() returns', () => Shows('devmem_fault_ret', { addr }))
  Step('do_swap_page(): put_page()', () => {
    const ref = Choose('ref', range(1, 1_000_000))
    last.set(ref.eq(1))
    Shows('devpriv_put', { addr, pfn, ref })
  })
  If(last, () => alternatives(freeing(last)))
}

/** A CPU fault on an entry that the device uses alone: remove_device_exclusive_entry(). */
function exclusive_fault(): void {
  const into = line('restored')
  const pfn = Local('excl_pfn', Page)
  const addr = Local('excl_addr', Va)
  const same = Local('same', Bool)
  Step('remove_device_exclusive_entry(): lock_page()', () => {
    const va = Choose('addr', Va)
    const page = Choose('pfn', Page)
    addr.set(va)
    pfn.set(page)
    Shows('devexcl_lock', { addr: va, pfn: page })
  })
  alternatives([
    () => Step('remove_device_exclusive_entry(): the page is locked', () => Shows('devexcl_lock_retry', { addr })),
    () => restore(into, addr, pfn, same),
  ])
}

/** The entry becomes what it was, in a range of its own. */
function restore(into: Line, addr: Int, pfn: Id<'Page'>, same: PlaceOf<typeof Bool>): void {
  bracket(
    'restore',
    ({ mm }) => [
      () => {
        Step('remove_device_exclusive_entry(): pte_same()', () => {
          const is = Choose('same', Bool)
          const { kind, page } = pte.at(mm).at(addr)
          Await(or(kind.eq('unknown'), is.eq(and(or(kind.eq('devexcl_w'), kind.eq('devexcl_r')), page.eq(pfn)))))
          same.set(is)
          Shows('devexcl_restore', { addr, pfn, same: is })
        })
        If(same, () =>
          change(into, {
            by: 'restore_exclusive_pte',
            old: ['devexcl_r', 'devexcl_w'],
            now: ['present_r', 'present_w'],
            when: (seen) => and(seen.va.eq(addr), seen.opage.eq(pfn), seen.npage.eq(pfn)),
          }),
        )
      },
    ],
    (event) => event.eq('EXCLUSIVE'),
  )
}

/** What may happen to a process wherever it touches its memory. */
export const activity = (): readonly (() => void)[] => {
  const given = line('given')
  const lost = line('lost')
  return [
    ...giving(given),
    () => cooled(given),
    () => swappedIn(given),
    () =>
      bracket(
        'change',
        ({ mm, start, end }) => [
          ...taking(lost, (seen) => and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end))),
          ...reclaiming(lost, (seen) => and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end))),
          ...freeing(yes, 1),
        ],
        (event) => and(event.ne('MIGRATE'), event.ne('EXCLUSIVE')),
        true,
      ),
    device_private_fault,
    exclusive_fault,
    () => Step('do_swap_page(): pte_same() is false', () => Shows('devpriv_changed')),
    () => Step('remove_device_exclusive_entry(): folio_try_get() fails', () => Shows('devexcl_gone')),
    ...freeing(yes),
  ]
}
