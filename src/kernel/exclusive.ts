/**
 * Device-exclusive entries: memory of the system that one device uses for atomic operations, while no CPU may
 * (mm/rmap.c and mm/memory.c from 5.14 on). Up to 6.14 `make_device_exclusive_range()`, from 6.15 on
 * `make_device_exclusive()`.
 */
import {
  and,
  Bool,
  Break,
  Held,
  If,
  IfIs,
  IfSome,
  isCaseAnd,
  Let,
  Local,
  Loop,
  no,
  none,
  not,
  oneOf,
  optional,
  or,
  Reused,
  Source,
  Step,
  union,
  yes,
  type Bool as Condition,
  type Id,
  type Nothing,
  type PlaceOf,
  type Recorded,
  type ValueOf,
} from '../language/index.ts'
import { Page } from './sorts.ts'

/**
 * pte_t of one address, where a device may have the page for itself.
 *
 * - `device_exclusive`: no CPU can use the page; a fault restores the entry. It holds a reference, as `present` does. Up
 *   to 6.14 it counts in no mapcount. From 6.15 on `write` is always true.
 * - `migration`: who needs the page waits for its lock. It holds no reference.
 * - `hwpoison`: the page that was there has failed.
 */
export const ExclusivePte = union('exclusive_pte', {
  none: {},
  present: { page: Page, write: Bool },
  device_exclusive: { page: Page, write: Bool },
  migration: { page: Page, write: Bool },
  hwpoison: {},
})

type Entry = ValueOf<typeof ExclusivePte>

/** The entry is present, and leads to this page. */
export const is_present_pte = (entry: Entry, page: Id<'Page'>): Condition =>
  isCaseAnd(entry, 'present', (pte) => pte.page.eq(page))
/** The entry says that a device has this page for itself. */
export const is_device_exclusive_entry = (entry: Entry, page: Id<'Page'>): Condition =>
  isCaseAnd(entry, 'device_exclusive', (pte) => pte.page.eq(page))
/** One of the two: the entry holds a reference to the page. */
export const has_page = (entry: Entry, page: Id<'Page'>): Condition =>
  or(is_present_pte(entry, page), is_device_exclusive_entry(entry, page))

/** One address of a process, and the parts of the kernel that work on it. */
export interface ExclusiveMm {
  /** The entry of the address. */
  readonly pte: PlaceOf<typeof ExclusivePte>
  /** VM_WRITE: whether the VMA may be written; if it is left out, it may. */
  readonly may_write?: () => Condition
  /** No reference to the page is left. */
  readonly is_free: (page: Id<'Page'>) => Condition
  /** For a step: one more reference to the page. */
  readonly get_page: (page: Id<'Page'>) => Nothing
  /** For a step: one reference less; the last one frees the page. */
  readonly put_page: (page: Id<'Page'>) => Nothing
  /** Goes before the use of a page: it has not been freed. */
  readonly dereference: (page: Id<'Page'>, what: string) => Nothing
  /** For a step: one more entry counts in the mapcount of the page. */
  readonly page_add_anon_rmap: (page: Id<'Page'>) => Nothing
  /** For a step: one entry less counts in it. */
  readonly page_remove_rmap: (page: Id<'Page'>) => Nothing
  /** Takes the lock of the page, and waits for it. */
  readonly folio_lock: (page: Id<'Page'>) => Nothing
  /** For a step: takes the lock of the page if it is free, and says whether it was. */
  readonly folio_trylock: (page: Id<'Page'>) => Condition
  /** For a step: gives the lock of the page back. */
  readonly folio_unlock: (page: Id<'Page'>) => Nothing
  /** Begins MMU_NOTIFY_EXCLUSIVE: with the owner of `make_device_exclusive()`, or without one for a CPU's fault. */
  readonly invalidate_range_start: (owner: 'caller' | 'none') => Nothing
  /** Ends the bracket that `invalidate_range_start` began. */
  readonly invalidate_range_end: () => Nothing
  /** A fault for a write. It says whether it has succeeded; the entry may be as it was. */
  readonly handle_mm_fault: () => Condition
  /** Goes with the step that changes the entry: from a present one into an exclusive one, or back. */
  readonly on_change?: (to: 'device_exclusive' | 'present', page: Id<'Page'>) => Nothing
}

/** The parts in which kernels differ, and the checks: all as in 6.15, if they are left out. */
export interface ExclusiveOptions {
  /** `make_device_exclusive()` waits for the page lock. Up to 6.14 it tries, and gives no page if it fails. */
  readonly make_waits?: Condition
  /** It begins again where the entry has changed. Up to 6.14 it gives no page. */
  readonly make_tries_again?: Condition
  /** An exclusive entry counts in the mapcount. Up to 6.14 it does not. */
  readonly keeps_rmap?: Condition
  /** Every exclusive entry was a writable one. Up to 6.14 there are two kinds. */
  readonly one_kind?: Condition
  /** A fault takes a reference to the page before it locks it (7c7b962938dd, 6.3). */
  readonly fault_takes_reference?: Condition
  /** `make_device_exclusive()` holds the page lock, and leaves it to its caller. */
  readonly make_locks?: Condition
  /** FOLL_WRITE: it faults in what may not be written. */
  readonly make_asks_write?: Condition
  /** It looks at the entry again under the page table lock: is it the page that it has a reference to? */
  readonly make_looks_again?: Condition
  /** It tells the notifiers before it changes the entry. */
  readonly make_invalidates?: Condition
  /** A fault holds the page lock while it restores the entry. */
  readonly fault_locks?: Condition
  /** It tells the notifiers before it restores the entry. */
  readonly fault_invalidates?: Condition
  /** It compares the entry under the page table lock with the one that it has read: pte_same(). */
  readonly fault_compares?: Condition
  /** What is restored may be written only if the VMA says so. */
  readonly restore_asks_vma?: Condition
}

/** The answer of `make_device_exclusive()`: `NULL` is a page that could not be had, up to 6.14, without a reason. */
export const MakeResult = oneOf('0', 'NULL', '-EFAULT').as('ret')

/** get_user_pages_remote(FOLL_GET | FOLL_WRITE): a reference to the page, which is faulted in. */
function get_user_page(
  mm: ExclusiveMm,
  { make_asks_write = yes }: ExclusiveOptions,
  page: PlaceOf<ReturnType<typeof optional<typeof Page>>>,
  ret: PlaceOf<typeof MakeResult>,
): void {
  Source('6.1 mm/gup.c __get_user_pages', () =>
    Loop(() => {
      Step('follow_page_pte(): get_page()', () => {
        page.set(none)
        IfIs(mm.pte, 'present', (pte) =>
          If(or(pte.write, not(make_asks_write)), () => {
            mm.get_page(pte.page)
            page.set(pte.page)
          }),
        )
      })
      If(page.isSome, () => Break())
      const served = mm.handle_mm_fault()
      If(not(served), () => {
        ret.set('-EFAULT')
        Break()
      })
    }),
  )
}

/**
 * For the step under the page table lock: the entry of the page becomes exclusive. It says whether the device has the
 * page for itself now. An entry that may only be read is left as it is; up to 6.14 it becomes exclusive, too, but that is
 * no success.
 */
function exchange(
  mm: ExclusiveMm,
  { keeps_rmap = yes, one_kind = yes, make_looks_again = yes }: ExclusiveOptions,
  page: Id<'Page'>,
): Condition {
  const same = Let('same', or(is_present_pte(mm.pte, page), not(make_looks_again)))
  const write = Let(
    'write',
    isCaseAnd(mm.pte, 'present', (pte) => pte.write),
  )
  If(and(same, or(write, not(one_kind), not(make_looks_again))), () => {
    mm.on_change?.('device_exclusive', page)
    mm.pte.set(ExclusivePte.device_exclusive({ page, write: or(write, one_kind) }))
    If(not(keeps_rmap), () => mm.page_remove_rmap(page))
  })
  return and(same, or(write, not(make_looks_again)))
}

/** What is done with the page of get_user_pages(), which its reference keeps. */
export const with_reference = (
  page: PlaceOf<ReturnType<typeof optional<typeof Page>>>,
  body: (page: Id<'Page'>) => Nothing,
): Recorded =>
  IfSome(page, (found) => {
    Held(found, 'the reference of get_user_pages()')
    body(found)
  })

/** The answer of `make_device_exclusive`, in locals of the thread. */
export interface MadeExclusive {
  /** `0`: the device has the page for itself. */
  readonly ret: PlaceOf<typeof MakeResult>
  /** With `0`, the page, to which the caller has a reference. */
  readonly page: PlaceOf<ReturnType<typeof optional<typeof Page>>>
}

/**
 * Takes the page of the address from all CPUs. mmap_lock is held for reading.
 *
 * @returns the answer, and with `0` the page: the caller has a reference to it and its lock, and puts both back when its
 *   device has been programmed
 */
export function make_device_exclusive(mm: ExclusiveMm, options: ExclusiveOptions = {}): MadeExclusive {
  const { make_waits = yes, make_tries_again = yes, make_locks = yes, make_invalidates = yes } = options
  const page = Local('page', optional(Page), none)
  const ret = Local('ret', MakeResult, '0')
  const locked = Local('locked', Bool, false)
  const made = Local('made', Bool, false)
  ret.set('0')
  Source('6.1 mm/rmap.c make_device_exclusive_range; 6.15 mm/rmap.c make_device_exclusive', () =>
    Loop(() => {
      get_user_page(mm, options, page, ret)
      If(ret.ne('0'), () => Break())
      locked.set(make_locks)
      If(make_locks, () =>
        If(make_waits, () => with_reference(page, (found) => mm.folio_lock(found))).Else(() =>
          Step('folio_trylock()', () => with_reference(page, (found) => locked.set(mm.folio_trylock(found)))),
        ),
      )
      made.set(false)
      If(or(locked, not(make_locks)), () => {
        If(make_invalidates, () => mm.invalidate_range_start('caller'))
        Step('spin_lock(ptl): ptep_clear_flush(); set_pte_at(device exclusive entry)', () =>
          with_reference(page, (found) => made.set(exchange(mm, options, found))),
        )
        If(make_invalidates, () => mm.invalidate_range_end())
      })
      If(made, () => Break())
      Step('folio_unlock(); folio_put()', () => {
        with_reference(page, (found) => {
          If(locked, () => mm.folio_unlock(found))
          mm.put_page(found)
        })
        page.set(none)
        locked.set(false)
      })
      If(not(make_tries_again), () => {
        ret.set('NULL')
        Break()
      })
    }),
  )
  return { ret, page }
}

/** For the step under the page table lock: the exclusive entry is a present one again. */
export function restore_exclusive_pte(
  mm: ExclusiveMm,
  page: Id<'Page'>,
  { keeps_rmap = yes, restore_asks_vma = yes }: ExclusiveOptions = {},
): void {
  const { may_write = () => yes } = mm
  const write = Let(
    'write',
    isCaseAnd(mm.pte, 'device_exclusive', (pte) => pte.write),
  )
  mm.on_change?.('present', page)
  mm.pte.set(ExclusivePte.present({ page, write: and(write, or(may_write(), not(restore_asks_vma))) }))
  If(not(keeps_rmap), () => mm.page_add_anon_rmap(page))
}

/**
 * A CPU's fault, or GUP's, on an exclusive entry. Whoever faulted tries again. It sleeps while a device is being
 * programmed: the page is locked then.
 *
 * @param page the page of the entry that was read
 */
export function remove_device_exclusive_entry(mm: ExclusiveMm, page: Id<'Page'>, options: ExclusiveOptions = {}): void {
  const { fault_takes_reference = yes, fault_locks = yes, fault_invalidates = yes, fault_compares = yes } = options
  Reused(page, 'a page that was freed since, and given to somebody else, is locked and unlocked, no more')
  const got = Local('got', Bool, true)
  Source('6.1 mm/memory.c remove_device_exclusive_entry', () => {
    got.set(true)
    If(fault_takes_reference, () =>
      Step('folio_try_get()', () => {
        got.set(not(mm.is_free(page)))
        If(got, () => mm.get_page(page))
      }),
    )
    If(got, () => {
      If(fault_locks, () => {
        Step('folio_lock_or_retry()', () => mm.dereference(page, 'folio_lock_or_retry()'))
        mm.folio_lock(page)
      })
      If(fault_invalidates, () => mm.invalidate_range_start('none'))
      Step('spin_lock(ptl): if (pte_same()) restore_exclusive_pte()', () =>
        If(or(is_device_exclusive_entry(mm.pte, page), not(fault_compares)), () =>
          restore_exclusive_pte(mm, page, options),
        ),
      )
      Step('folio_unlock(); folio_put()', () => {
        mm.dereference(page, 'folio_unlock()')
        If(fault_locks, () => mm.folio_unlock(page))
        If(fault_takes_reference, () => mm.put_page(page))
      })
      If(fault_invalidates, () => mm.invalidate_range_end())
    })
  })
}

/**
 * For the step in which fork() copies the entry, under both page table locks: it is made present first, if the page can
 * be locked without sleeping. It says whether that was so; -EBUSY otherwise, for which fork() fails.
 */
export function try_restore_exclusive_pte(
  mm: ExclusiveMm,
  page: Id<'Page'>,
  options: ExclusiveOptions = {},
): Condition {
  const locked = Let('locked', mm.folio_trylock(page))
  If(locked, () => {
    restore_exclusive_pte(mm, page, options)
    mm.folio_unlock(page)
  })
  return locked
}

/** For the step that zaps the entry, under the page table lock. The page lock is not asked for. */
export function zap_exclusive_pte(
  mm: ExclusiveMm,
  page: Id<'Page'>,
  { keeps_rmap = yes }: ExclusiveOptions = {},
): void {
  mm.pte.set(ExclusivePte.none)
  If(keeps_rmap, () => mm.page_remove_rmap(page))
  mm.put_page(page)
}

/** For the step of mprotect() that takes the right to write away. With one kind of entry the restoring asks the VMA. */
export function protect_exclusive_pte(mm: ExclusiveMm, { one_kind = yes }: ExclusiveOptions = {}): void {
  If(not(one_kind), () =>
    IfIs(mm.pte, 'device_exclusive', ({ page }) => mm.pte.set(ExclusivePte.device_exclusive({ page, write: no }))),
  )
}
