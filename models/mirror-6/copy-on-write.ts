/** A write to a page that may only be read: it becomes writable if nobody else has it, or a copy takes its place. */
import {
  and,
  current,
  Ghost,
  If,
  IfSome,
  isCaseAnd,
  Local,
  no,
  none,
  not,
  optional,
  or,
  procedure,
  Reused,
  Step,
  yes,
  type Bool,
  type Id,
} from 'hmmcheck'
import { Page, SwapPte, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start, taken_away } from './bracket.ts'
import { copy_invalidates, copy_rechecks, write_copies } from './fork-fixes.ts'
import { contents, eachProcess, pte_of, type Process } from './processes.ts'
import {
  alloc_page,
  get_page,
  has_free_page,
  held,
  is_locked,
  map_page,
  mem_map,
  page_remove_rmap,
  put_page,
  Range,
} from './state.ts'

/** pte_same(): the page may still only be read. */
const is_read_only = (process: Process, va: Id<'Va'>, page: Id<'Page'>): Bool =>
  isCaseAnd(pte_of(process, va), 'present', (entry) => and(entry.page.eq(page), not(entry.write)))

const wp_page_copy = eachProcess((process) =>
  procedure(
    'wp_page_copy',
    [Va],
    (va) => {
      const pte = pte_of(process, va)
      const new_page = Local('new_page', optional(Page), none)
      new_page.set(none)
      Step('alloc_page_vma(); __wp_page_copy_user()', () =>
        If(has_free_page(), () =>
          IfSome(held.at(current), (old) => {
            const page = alloc_page()
            Ghost(() => contents.copy(page, old))
            new_page.set(page)
          }),
        ),
      )
      const change = (): void => {
        Step('spin_lock(ptl): if (pte_same()) ptep_clear_flush(); set_pte_at()', () => {
          IfSome(held.at(current), (old) =>
            IfSome(new_page, (page) =>
              If(or(not(copy_rechecks), is_read_only(process, va, old)), () => {
                if (process === 'parent') taken_away(va, old)
                page_remove_rmap(old)
                put_page(old)
                map_page(page)
                pte.set(SwapPte.present({ page, write: yes, dirty: no }))
              }),
            ),
          )
          IfSome(new_page, (page) => put_page(page))
          new_page.set(none)
        })
      }
      If(new_page.isSome, () => {
        // The mm of the child has no notifier.
        if (process === 'child') return change()
        If(copy_invalidates, () => {
          const range = Local('cow_range', Range, Range.empty)
          range.clear()
          range.add(va)
          invalidate_range_start(range)
        })
        change()
        If(copy_invalidates, () => invalidate_range_end())
      })
      Step('put_page(old_page)', () => {
        IfSome(held.at(current), (old) => put_page(old))
        held.at(current).set(none)
      })
    },
    { source: '6.1 mm/memory.c wp_page_copy' },
  ),
)

/** PageAnonExclusive is left out: a page that is exclusive, and may only be read, is made by mprotect() alone. */
export const do_wp_page = eachProcess((process) =>
  procedure(
    'do_wp_page',
    [Va, Page],
    (va, page) => {
      Reused(page, 'under the page table lock it is compared with the entry')
      Step('spin_lock(ptl): if (pte_same()) wp_page_reuse(), or get_page(vmf->page)', () =>
        If(is_read_only(process, va, page), () =>
          If(or(not(write_copies), and(mem_map.at(page).refcount.eq(1), not(is_locked(page)))), () =>
            pte_of(process, va).set(SwapPte.present({ page, write: yes, dirty: no })),
          ).Else(() => {
            get_page(page)
            held.at(current).set(page)
          }),
        ),
      )
      If(held.at(current).isSome, () => wp_page_copy[process](va))
    },
    { source: '6.1 mm/memory.c do_wp_page' },
  ),
)
