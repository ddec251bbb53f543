/**
 * Faults for a device: hmm_range_fault() (mm/hmm.c from 5.8 on) reads the CPU's page table without its lock, and has
 * faulted in what it is asked for.
 */
import {
  and,
  Bool,
  Break,
  Choose,
  Continue,
  ForEach,
  If,
  IfIs,
  Let,
  Local,
  Loop,
  Match,
  no,
  none,
  not,
  oneOf,
  optional,
  or,
  setOf,
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
import { Page, Va } from './sorts.ts'
import type { SwapPte } from './swap-pte.ts'

/**
 * An entry of `hmm_pfns`: nothing is there, or no device can have what is there (HMM_PFN_ERROR), or a page, which may
 * be written or only read. It holds no reference. `stale`: the page was freed since.
 */
export const HmmPfn = union('hmm_pfn', { none: {}, error: {}, valid: { page: Page, write: Bool }, stale: {} })

/** For the step that frees a page: the entry, if it has that page, turns stale. */
export const turn_pfn_stale = (entry: PlaceOf<typeof HmmPfn>, page: Id<'Page'>): Recorded =>
  IfIs(entry, 'valid', (pfn) => If(pfn.page.eq(page), () => entry.set(HmmPfn.stale)))

/** The request for a page: none, HMM_PFN_REQ_FAULT, or HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE. */
export const HmmRequest = oneOf('none', 'read', 'write').as('request')

/** The answer of hmm_range_fault(). Running out of memory is -EFAULT, too: -ENOMEM is documented and never returned. */
export const HmmResult = oneOf('0', '-EBUSY', '-EFAULT', '-EPERM').as('ret')

/** The vma of an address. */
export interface VmaOf {
  /** There is one, whatever its rights. */
  readonly exists?: (va: Id<'Va'>) => Condition
  /** VM_READ, and neither VM_IO nor VM_PFNMAP. */
  readonly may_read?: (va: Id<'Va'>) => Condition
  /** VM_WRITE: a write may be faulted in. */
  readonly may_write?: (va: Id<'Va'>) => Condition
}

/** What the walk has found at an address, in terms of `HmmPfn`. */
export type WalkedPfn =
  | { readonly kind: 'none' | 'error' }
  | { readonly kind: 'valid'; readonly page: Id<'Page'>; readonly write: Condition }

/** struct hmm_range, and the parts of the kernel that the walk calls. */
export interface HmmRange {
  /** The addresses from `start` to `end`; all, if it is left out. */
  readonly range?: ValueOf<ReturnType<typeof setOf<typeof Va>>>
  /** The CPU's page table entry of the address. */
  readonly pte: (va: Id<'Va'>) => PlaceOf<typeof SwapPte>
  /** `(hmm_pfns[i] & pfn_flags_mask) | default_flags` */
  readonly request: (va: Id<'Va'>) => ValueOf<typeof HmmRequest>
  /** `&hmm_pfns[i]`: an array of this call, or one that several calls and callbacks share. */
  readonly hmm_pfns?: (va: Id<'Va'>) => PlaceOf<typeof HmmPfn>
  /** In its place, for an array of another type, which no one else uses: what to do in the step that reads an entry. */
  readonly fill?: (va: Id<'Va'>, pfn: WalkedPfn) => Nothing
  /**
   * A variable of this thread for what the walk has loaded and has yet to store: then load and store are two steps.
   * Leave it out only where no one else uses `hmm_pfns`: nobody could tell the difference.
   */
  readonly loaded?: PlaceOf<typeof HmmPfn>
  /** Done in the step that loads an entry: for flags of `hmm_pfns` that are read and written back. */
  readonly on_load?: (va: Id<'Va'>) => Nothing
  /** Done in the step that stores an entry. */
  readonly on_store?: (va: Id<'Va'>) => Nothing
  /** `page->pgmap->owner == range->dev_private_owner` */
  readonly is_owned?: (page: Id<'Page'>) => Condition
  /** `mmu_interval_check_retry(range->notifier, range->notifier_seq)` */
  readonly check_retry: () => Condition
  /** Says whether it has succeeded: no VM_FAULT_ERROR. The entry may be as it was. */
  readonly handle_mm_fault: (va: Id<'Va'>, write: Condition) => Condition
  /** Waits until the entry is a migration entry no more, or was none. */
  readonly migration_entry_wait: (va: Id<'Va'>) => Nothing
  /** The vma of each address; if it is left out there is one that allows everything. */
  readonly vma?: VmaOf
}

/** What the kernels differ in; all are as in 6.1 and 6.12 if left out. */
export interface RangeFaultOptions {
  /** The caller's own device memory is reported as it is, even if a write is asked for and it may only be read. */
  readonly owner_ignores_request?: Condition
  /** After a fault the walk begins again however often; without it, it may also give up: -EBUSY. */
  readonly unbounded_inner?: Condition
  /** Another device's memory is faulted in, from 6.0 on (8a295dbbaf72); before that it is -EFAULT. */
  readonly fault_on_foreign_device_page?: Condition
}

const pfn_of = (pfn: WalkedPfn) =>
  pfn.kind === 'valid' ? HmmPfn.valid({ page: pfn.page, write: pfn.write }) : HmmPfn[pfn.kind]

/** What is to be done about an entry that was read. */
const Verdict = oneOf('store', 'fault', 'wait', 'fail', 'refuse')

/** hmm_vma_walk_test() and hmm_vma_handle_pte(), up to the store. */
function walk_entry(
  { pte, request, is_owned = () => no, vma = {} }: HmmRange,
  { owner_ignores_request = yes, fault_on_foreign_device_page = yes }: RangeFaultOptions,
) {
  const { exists = () => yes, may_read = () => yes, may_write = () => yes } = vma
  return (
    va: Id<'Va'>,
    into: (pfn: WalkedPfn) => Nothing,
    verdict: PlaceOf<typeof Verdict>,
    write: PlaceOf<typeof Bool>,
  ): void => {
    const wanted = Let('wanted', request(va).ne('none'))
    const write_wanted = Let('write_wanted', request(va).eq('write'))
    /** hmm_vma_fault(), if the request is not satisfied by an entry that has this right or none. */
    const fault = (writes: Condition): void => {
      write.set(writes)
      If(and(writes, not(may_write(va))), () => verdict.set('refuse')).Else(() => verdict.set('fault'))
    }
    const absent = (then: () => void): Recorded => If(wanted, then).Else(() => into({ kind: 'none' }))
    const fault_absent = (): Recorded => absent(() => fault(write_wanted))
    const unmappable = (): Recorded => If(wanted, () => verdict.set('fail')).Else(() => into({ kind: 'error' }))
    write.set(false)
    verdict.set('store')
    If(not(and(exists(va), may_read(va))), unmappable).Else(() =>
      Match(pte(va), {
        none: fault_absent,
        swap: fault_absent,
        migration: () => absent(() => verdict.set('wait')),
        present: (entry) =>
          If(and(write_wanted, not(entry.write)), () => fault(yes)).Else(() =>
            into({ kind: 'valid', page: entry.page, write: entry.write }),
          ),
        device_private: (entry) =>
          If(is_owned(entry.page), () =>
            If(and(not(owner_ignores_request), write_wanted, not(entry.write)), () => fault(yes)).Else(() =>
              into({ kind: 'valid', page: entry.page, write: entry.write }),
            ),
          ).Else(() =>
            absent(() => If(fault_on_foreign_device_page, () => fault(write_wanted)).Else(() => verdict.set('fail'))),
          ),
      }),
    )
  }
}

/**
 * Reads what the CPU's page table has for a range of addresses into `hmm_pfns`, under mmap_lock for reading.
 *
 * Addresses that have been stored stay so when the walk begins again. They are walked in any order; where one is
 * faulted in, so are all that the walk has yet to come to, as in one part of a page table. The entries may be out of
 * date when it returns: ask `mmu_interval_read_retry` under the driver's lock.
 *
 * @param range what to read, into which array, and the kernel around it
 * @param options how the kernels differ
 * @returns 0, or why it has stopped: -EBUSY if the number of the subscription has changed, -EFAULT, -EPERM
 */
export function hmm_range_fault(range: HmmRange, options: RangeFaultOptions = {}): PlaceOf<typeof HmmResult> {
  const { hmm_pfns, fill, loaded, on_load, on_store, check_retry, handle_mm_fault, migration_entry_wait } = range
  const walk = walk_entry(range, options)
  const { unbounded_inner = yes } = options
  const ret = Local('ret', HmmResult, '0')
  Source('6.1 mm/hmm.c hmm_range_fault', () => {
    const Addresses = setOf(Va)
    const todo = Local('todo', Addresses, Addresses.empty)
    const last = Local('last', optional(Va), none)
    const again = Local('again', Bool, true)
    todo.set(range.range ?? Addresses.all)
    // Local to the thread. Where `fill` is given, in the step that reads the entry: it saves a step each.
    const done = (va: Id<'Va'>): void => {
      todo.remove(va)
    }
    const begin_again = (va: Id<'Va'>): void => {
      last.set(va)
      again.set(true)
    }
    Loop(() => {
      If(again, () => {
        Step('mmu_interval_check_retry()', () => {
          If(check_retry(), () => ret.set('-EBUSY'))
          again.set(false)
        })
        If(ret.ne('0'), () => Break())
      })
      If(todo.isEmpty, () => Break())
      const verdict = Local('verdict', Verdict, 'store')
      const write = Local('write', Bool, false)
      const va = Local('va', Va)
      Step('pte = ptep_get(ptep)', () => {
        const at = Choose('at', Va, (one) => and(todo.has(one), or(last.isNone, last.eq(one))))
        va.set(at)
        last.set(none)
        on_load?.(va)
        const into = (pfn: WalkedPfn): Nothing => {
          fill?.(va, pfn)
          const entry = loaded ?? hmm_pfns?.(va)
          return entry?.set(pfn_of(pfn))
        }
        walk(va, into, verdict, write)
        if (fill !== undefined)
          If(verdict.eq('store'), () => {
            done(va)
            on_store?.(va)
          }).Else(() => begin_again(va))
        else if (loaded === undefined) If(verdict.eq('store'), () => on_store?.(va))
      })
      If(verdict.eq('store'), () => {
        if (loaded !== undefined)
          Step('*hmm_pfn = pfn | cpu_flags', () => {
            hmm_pfns?.(va).set(loaded)
            loaded.set(HmmPfn.none)
            on_store?.(va)
          })
        if (fill === undefined) done(va)
        Continue()
      })
      if (fill === undefined) begin_again(va)
      If(verdict.eq('fail'), () => ret.set('-EFAULT'))
      If(verdict.eq('refuse'), () => ret.set('-EPERM'))
      If(verdict.eq('wait'), () => migration_entry_wait(va))
      If(verdict.eq('fault'), hmm_vma_fault)
      If(not(unbounded_inner), () =>
        Step('the walk gives up', () => {
          const gives_up = Choose('gives_up', Bool)
          If(and(gives_up, ret.eq('0')), () => ret.set('-EBUSY'))
        }),
      )
      If(ret.ne('0'), () => Break())

      /** This address, and with it the rest of its part of the page table. */
      function hmm_vma_fault(): void {
        const failed = Local('failed', Bool, false)
        ForEach(Va, (one) =>
          If(and(todo.has(one), not(failed)), () => {
            const done = handle_mm_fault(one, write)
            failed.set(not(done))
          }),
        )
        If(failed, () => ret.set('-EFAULT'))
      }
    })
  })
  return ret
}
