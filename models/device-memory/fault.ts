/**
 * A CPU uses an address, and does not rest until it could: a fault on device memory calls the driver, which migrates
 * the page to system memory.
 */
import {
  and,
  Assert,
  Bool,
  Break,
  Choose,
  current,
  Ghost,
  Idle,
  If,
  IfIs,
  implies,
  Local,
  Loop,
  Match,
  not,
  or,
  procedure,
  Reused,
  Step,
  threadPer,
  yes,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Cpu, DevicePte, is_device_private_entry, leaf_section, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { no_use_after_free, no_use_after_kfree } from 'hmmcheck/properties'
import { count_check, fault_holds_reference, fault_pte_same, page_lock_fix, pte_lock } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import {
  alloc_page,
  contents,
  dereference_pgmap,
  get_page,
  has_free_page,
  held,
  mirror_freed,
  mm,
  page_lock,
  put_held,
  put_page,
  put_pgmap_of_freed,
  users,
  vmf_page,
  zone_device_data,
} from './state.ts'

/** Nobody has the page but its entry and the thread that migrates it. */
const only_ours = (page: Id<'Page'>): Bool => or(users(page).le(1), and(held.at(current).eq(page), users(page).le(2)))

/**
 * The page goes to system memory if no one else has it, and no thread works on it. One transition: its parts are the
 * subject of migrate-vma.
 * The entry's reference goes with it; the page is freed with the last one.
 */
export const migrate_to_system = (va: Id<'Va'>): Recorded =>
  IfIs(mm.pte.at(va), 'device_private', ({ page }) => {
    const unlocked = or(page_lock.at(page).isNone, page_lock.at(page).eq(current), not(page_lock_fix))
    If(and(unlocked, or(only_ours(page), not(count_check)), has_free_page()), () => {
      const to = alloc_page()
      Ghost(() => contents.copy(to, page))
      mm.pte.at(va).set(SwapPte.present({ page: to, write: yes, dirty: yes }))
      put_page(page)
    })
  })

/** The driver's handler looks at its struct and at the page's mirror; up to 6.0 without a reference to the page. */
const migrate_to_ram = procedure(
  'migrate_to_ram',
  [Cpu, Va],
  (cpu, va) => {
    Step('vmf->page->pgmap->ops->migrate_to_ram(vmf): svmm = page->zone_device_data', () => {
      dereference_pgmap('vmf->page->pgmap->ops')
      Assert(no_use_after_free.property, vmf_page.at(cpu).is('present'), 'vmf->page is a page that was freed')
      IfIs(vmf_page.at(cpu), 'present', ({ page }) =>
        Assert(
          no_use_after_kfree.property,
          implies(zone_device_data.has(page), not(mirror_freed)),
          'page->zone_device_data: the mirror was freed',
        ),
      )
      vmf_page.at(cpu).set(DevicePte.none)
    })
    Step('migrate_vma_setup(); copy; migrate_vma_pages(); migrate_vma_finalize()', () => migrate_to_system(va))
    put_pgmap_of_freed()
  },
  { source: '6.1 drivers/gpu/drm/nouveau/nouveau_dmem.c nouveau_dmem_migrate_to_ram' },
)

const do_swap_page = procedure(
  'do_swap_page',
  [Cpu, Va, Page],
  (cpu, va, page) => {
    Reused(
      page,
      'under the page table lock it is compared with the entry; without, the variant shows what get_page() takes ' +
        'a reference of',
    )
    const same = Local('same', Bool, true)
    If(fault_holds_reference, () => {
      leaf_section('spin_lock(ptl): if (pte_same()) get_page(vmf->page)', pte_lock, () => {
        Step('pte_same()', () => same.set(or(is_device_private_entry(mm.pte.at(va), page), not(fault_pte_same))))
        If(same, () => {
          Step('get_page(vmf->page)', () => {
            get_page(page)
            held.at(current).set(page)
            vmf_page.at(cpu).set(DevicePte.present({ page }))
          })
        })
      })
    })
    If(same, () => {
      migrate_to_ram(cpu, va)
      If(fault_holds_reference, () => {
        Step('put_page(vmf->page)', () => put_held())
        put_pgmap_of_freed()
      })
    })
  },
  { source: '6.1 mm/memory.c do_swap_page' },
)

export const do_anonymous_page = procedure(
  'do_anonymous_page',
  [Va],
  (va) => {
    Step('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at()', () => {
      If(and(mm.pte.at(va).is('none'), has_free_page()), () => {
        const page = alloc_page()
        Ghost(() => contents.fill(page, va))
        mm.pte.at(va).set(SwapPte.present({ page, write: yes, dirty: yes }))
      })
    })
  },
  { source: '6.1 mm/memory.c do_anonymous_page' },
)

/** One instruction of the process, faulted on until it could be executed. */
export const access = procedure(
  'access',
  [Cpu],
  (cpu) => {
    const va = Local('va', Va)
    Step('the CPU uses an address', () => {
      const at = Choose('at', Va)
      returned_unlocked()
      va.set(at)
    })
    Loop(() => {
      const pte = Local('orig_pte', SwapPte)
      Step('vmf->orig_pte = *ptep', () => {
        pte.set(mm.pte.at(va))
        If(not(fault_holds_reference), () => {
          IfIs(pte, 'device_private', ({ page }) => vmf_page.at(cpu).set(DevicePte.present({ page })))
        })
      })
      If(pte.is('present'), () => Break())
      Match(
        pte,
        {
          none: () => do_anonymous_page(va),
          device_private: ({ page }) => do_swap_page(cpu, va, page),
        },
        () => undefined,
      )
    })
  },
  { source: '6.1 mm/memory.c handle_pte_fault' },
)

export const cpu = threadPer(Cpu, 'cpu', (self) => {
  Loop(() => {
    Idle()
    access(self)
  })
})
