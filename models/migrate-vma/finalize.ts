/**
 * migrate_vma_finalize(): what the page tables have of a migration becomes an entry of its destination, or of its
 * source again.
 */
import {
  and,
  Bool,
  Cover,
  current,
  Ghost,
  If,
  IfIs,
  IfSome,
  Let,
  Local,
  no,
  none,
  not,
  or,
  procedure,
  Step,
  type Id,
  type PlaceOf,
  type Recorded,
  type ValueOf,
} from 'hmmcheck'
import { is_migration_entry, leaf_section, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { returns_unlocked } from 'hmmcheck/properties'
import { api, forks, page_lock_fix, pins_taken, pte_lock, restore_asks_vma, restore_check, swaps } from './fixes.ts'
import {
  anon_exclusive,
  child,
  dirty_bit,
  is_zone_device_page,
  isolated,
  map_page,
  migrate_vma,
  mm,
  put_page,
  unlock_page,
  vma,
} from './state.ts'

/**
 * remove_migration_pte(): the entry, if it is still a migration entry of this page. It is writable as it was, if the
 * vma still is. For a step.
 */
function restore(ptep: PlaceOf<typeof SwapPte>, pte: ValueOf<typeof SwapPte>, from: Id<'Page'>, to: Id<'Page'>): void {
  const write = Local('write', Bool, false)
  IfIs(pte, 'migration', (entry) =>
    write.set(and(entry.write, or(not(restore_asks_vma), not(vma.write_protected)))),
  ).Else(() => write.set(true))
  If(or(is_migration_entry(pte, from), not(restore_check)), () => {
    map_page(to)
    If(is_zone_device_page(to), () => ptep.set(SwapPte.device_private({ page: to, write }))).Else(() =>
      ptep.set(SwapPte.present({ page: to, write, dirty: dirty_bit(no) })),
    )
    If(and(pins_taken, write, not(is_zone_device_page(to))), () => anon_exclusive.add(to))
  })
}

/** In every page table: parent, then child. */
export const remove_migration_ptes = procedure(
  'remove_migration_ptes',
  [Va],
  (va) => {
    const args = migrate_vma.at(current).at(va)
    const from = Local('from', Page)
    const to = Local('to', Page)
    const restore_in = (ptep: PlaceOf<typeof SwapPte>, pte: ValueOf<typeof SwapPte>): Recorded =>
      IfSome(args.src, (src) => {
        from.set(src)
        to.set(src)
        If(args.migrate, () => IfSome(args.dst, (dst) => to.set(dst)))
        restore(ptep, pte, from, to)
      })

    leaf_section('remove_migration_pte(): spin_lock(ptl): set_pte_at()', pte_lock, () => {
      const pte = Let('pte', mm.pte.at(va))
      Step('set_pte_at()', () => restore_in(mm.pte.at(va), pte))
    })
    If(forks, () => {
      Step('remove_migration_pte(), in the child: spin_lock(ptl): set_pte_at()', () => {
        const pte = Let('pte', child.pte.at(va))
        If(or(restore_check, pte.is('migration')), () => restore_in(child.pte.at(va), pte))
      })
    })
  },
  { source: '6.1 mm/migrate.c remove_migration_pte' },
)

/** Both pages are unlocked and put, and the entry of src and dst is empty again. */
export const unlock_and_put = procedure(
  'unlock_and_put',
  [Va],
  (va) => {
    const args = migrate_vma.at(current).at(va)
    Step('unlock_page(src); put_page(src); unlock_page(dst); put_page(dst)', () => {
      Ghost(() => Cover(returns_unlocked.reached, and(args.src.isSome, args.dst.isSome)))
      IfSome(args.src, (src) => {
        If(page_lock_fix, () => If(or(api.eq('setup'), args.locked), () => unlock_page(src)))
        If(swaps, () => isolated.remove(src))
        put_page(src)
      })
      IfSome(args.dst, (dst) => {
        unlock_page(dst)
        put_page(dst)
      })
      args.src.set(none)
      args.dst.set(none)
      args.migrate.set(false)
      args.locked.set(false)
      args.write.set(false)
    })
  },
  { source: '6.1 mm/migrate_device.c migrate_device_finalize' },
)
