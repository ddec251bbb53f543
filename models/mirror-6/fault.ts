/** handle_mm_fault() of anonymous memory, for a CPU or for the device. */
import {
  and,
  Bool,
  current,
  Ghost,
  If,
  IfIs,
  IfSome,
  Local,
  Match,
  no,
  none,
  not,
  oneOf,
  optional,
  procedure,
  Reused,
  Step,
  yes,
} from 'hmmcheck'
import { is_device_private_entry, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { do_wp_page } from './copy-on-write.ts'
import { migrates } from './fixes.ts'
import { forks } from './fork-fixes.ts'
import { contents, eachProcess, pte_of } from './processes.ts'
import {
  alloc_page,
  folio_wait_locked,
  get_page,
  has_free_page,
  held,
  map_page,
  put_page,
  Sub,
  zone_device_data,
} from './state.ts'
import { dmirror_devmem_fault } from './to-ram.ts'

/** vm_fault_t: whoever gets 0 tries its access again. */
export const VmFault = oneOf('0', 'VM_FAULT_OOM').as('vm_fault')

/** The first touch of an address: a page of zeros. */
const do_anonymous_page = eachProcess((process) =>
  procedure(
    'do_anonymous_page',
    [Va],
    (va) => {
      const ret = Local('ret', VmFault, '0')
      Step('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at()', () => {
        If(pte_of(process, va).is('none'), () =>
          If(has_free_page(), () => {
            const page = alloc_page()
            Ghost(() => contents.fill(process, page, va))
            map_page(page)
            put_page(page)
            pte_of(process, va).set(SwapPte.present({ page, write: yes, dirty: no }))
          }).Else(() => ret.set('VM_FAULT_OOM')),
        )
      })
      return ret
    },
    { source: '6.1 mm/memory.c do_anonymous_page' },
  ),
)

/** Waits until whoever moves the page is done with it. From 5.17 on without a reference to the page. */
export const migration_entry_wait = eachProcess((process) =>
  procedure(
    'migration_entry_wait',
    [Va],
    (va) => {
      const waits_for = Local('waits_for', optional(Page), none)
      Step('spin_lock(ptl): is it a migration entry?', () => {
        IfIs(pte_of(process, va), 'migration', (entry) => {
          waits_for.set(entry.page)
        }).Else(() => waits_for.set(none))
      })
      IfSome(waits_for, (page) => {
        Reused(page, 'whoever has it by then may be waited for')
        folio_wait_locked(page)
      })
    },
    { source: '6.1 mm/filemap.c migration_entry_wait_on_locked' },
  ),
)

/** Device memory, which the CPU cannot address: the driver brings the contents back. */
const do_swap_page = eachProcess((process) =>
  procedure(
    'do_swap_page',
    [Va, Page],
    (va, page) => {
      Reused(page, 'under the page table lock it is compared with the entry')
      const same = Local('same', Bool, false)
      const mirror = Local('dmirror', Sub)
      Step('spin_lock(ptl): if (pte_same()) get_page(vmf->page)', () => {
        same.set(is_device_private_entry(pte_of(process, va), page))
        If(same, () => {
          get_page(page)
          held.at(current).set(page)
          mirror.set(zone_device_data.at(page))
        })
      })
      If(same, () => {
        dmirror_devmem_fault[process](va, mirror)
        Step('put_page(vmf->page)', () => {
          IfSome(held.at(current), (faulted) => put_page(faulted))
          held.at(current).set(none)
        })
      })
    },
    { source: '6.1 mm/memory.c do_swap_page' },
  ),
)

/** Says whether it has worked: the entry may be as it was, and then the access faults again. */
export const handle_mm_fault = eachProcess((process) =>
  procedure(
    'handle_mm_fault',
    [Va, Bool.as('write')],
    (va, write) => {
      const ret = Local('vm_fault', VmFault, '0')
      const pte = Local('orig_pte', SwapPte)
      Reused(pte, 'each case compares it with the entry, under the page table lock')
      Step('vmf->orig_pte = *ptep', () => pte.set(pte_of(process, va)))
      Match(
        pte,
        {
          none: () => ret.set(do_anonymous_page[process](va)),
          migration: () => If(migrates, () => migration_entry_wait[process](va)),
          device_private: ({ page }) => If(migrates, () => do_swap_page[process](va, page)),
          present: (entry) => If(and(forks, write, not(entry.write)), () => do_wp_page[process](va, entry.page)),
        },
        () => undefined,
      )
      return ret.eq('0')
    },
    { source: '6.1 mm/memory.c handle_pte_fault' },
  ),
)
