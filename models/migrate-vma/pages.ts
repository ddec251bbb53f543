/**
 * migrate_vma_pages(): the last look at the references, after which the destination is the page of the address; and
 * holes that are filled.
 */
import {
  and,
  Assert,
  Bool,
  Cover,
  current,
  Ghost,
  If,
  IfSome,
  Let,
  Local,
  not,
  or,
  procedure,
  Step,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { leaf_section, SwapPte, Va } from 'hmmcheck/kernel'
import { refuses_for_a_reason } from 'hmmcheck/properties'
import { invalidate_range_end, invalidate_range_start_own } from './brackets.ts'
import { hole_bracket, hole_check, mapping_check, pages_check, pte_lock, swaps } from './fixes.ts'
import { somebody_else_holds } from './setup.ts'
import {
  contents,
  get_page,
  held,
  in_swap_cache,
  is_zone_device_page,
  map_page,
  mem_map,
  migrate_vma,
  mm,
  page_dirty,
  put_page,
  swap_cache,
  vma,
} from './state.ts'

/** folio_migrate_mapping(): exactly the migration's reference, that of the fault it runs for, and the swap cache's. */
const is_exact = (page: Id<'Page'>): Bool =>
  or(
    mem_map.at(page).refcount.le(1),
    and(or(held.at(current).eq(page), in_swap_cache(page)), mem_map.at(page).refcount.le(2)),
  )

/** The destination takes the source's place in the swap cache, and is as dirty. */
const move_mapping = (va: Id<'Va'>, src: Id<'Page'>, dst: Id<'Page'>): Recorded =>
  If(and(swaps, swap_cache.at(va).eq(src)), () => {
    get_page(dst)
    put_page(src)
    swap_cache.at(va).set(dst)
    If(page_dirty.has(src), () => page_dirty.add(dst))
  })

/** A hole: nothing was there when it was collected, and if nothing is there now the new page is mapped. */
const migrate_vma_insert_page = procedure(
  'migrate_vma_insert_page',
  [Va],
  (va) => {
    const args = migrate_vma.at(current).at(va)
    const may_write = Local('may_write', Bool, false)
    Step(
      'mmu_notifier_invalidate_range_start(MMU_NOTIFY_MIGRATE); if (vma->vm_flags & VM_WRITE) ' +
        'make_writable_device_private_entry()',
      () => {
        may_write.set(not(vma.write_protected))
        invalidate_range_start_own(va, hole_bracket)
      },
    )
    leaf_section(
      'spin_lock(ptl): if (pte_none(*ptep)) set_pte_at(device private entry); mmu_notifier_invalidate_range_end()',
      pte_lock,
      () => {
        const is_none = Let('pte_none', mm.pte.at(va).is('none'))
        Step('set_pte_at(device private entry); mmu_notifier_invalidate_range_end()', () => {
          IfSome(args.dst, (dst) => {
            If(or(is_none, not(hole_check)), () => {
              Ghost(() => contents.fill(dst, va))
              map_page(dst)
              mm.pte.at(va).set(SwapPte.device_private({ page: dst, write: may_write }))
            }).Else(() => args.migrate.set(false))
          })
          invalidate_range_end(va)
        })
      },
    )
  },
  { source: '6.1 mm/migrate_device.c migrate_vma_insert_page' },
)

/** The source of a migration to a device may be a hole: `holes`. */
export const migrate_vma_pages = procedure(
  'migrate_vma_pages',
  [Va, Bool.as('holes')],
  (va, holes) => {
    const args = migrate_vma.at(current).at(va)
    const hole = Local('hole', Bool, false)
    Step('migrate_folio()', () => {
      If(args.dst.isNone, () => args.migrate.set(false)).Else(() => {
        IfSome(args.src, (src) => {
          If(and(swaps, mapping_check, in_swap_cache(src), not(is_zone_device_page(src))), () =>
            args.migrate.set(false),
          ).Else(() => {
            If(and(pages_check, not(is_exact(src))), () => {
              Assert(
                refuses_for_a_reason.property,
                somebody_else_holds(src),
                'a migration fails although nobody else has the page',
              )
              args.migrate.set(false)
            }).Else(() => {
              Ghost(() => Cover(refuses_for_a_reason.reached))
              IfSome(args.dst, (dst) => move_mapping(va, src, dst))
            })
          })
        }).Else(() => hole.set(args.migrate))
      })
    })
    If(holes, () => If(hole, () => migrate_vma_insert_page(va)))
  },
  { source: '6.1 mm/migrate_device.c __migrate_device_pages' },
)
