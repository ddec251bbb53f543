/**
 * Migration entries: how a page leaves the page tables for a migration (mm/rmap.c try_to_migrate_one()) and comes back
 * (mm/migrate.c remove_migration_pte()), and what a migration knows of each address (include/linux/migrate.h).
 */
import {
  and,
  Bool,
  ForEach,
  If,
  IfIs,
  IfSome,
  Match,
  no,
  not,
  oneOf,
  optional,
  or,
  procedure,
  setOf,
  Step,
  struct,
  yes,
  type Bool as Condition,
  type Id,
  type Int,
  type Nothing,
  type PlaceOf,
  type SetOf,
} from '../language/index.ts'
import { Page, Va } from './sorts.ts'
import { SwapPte } from './swap-pte.ts'

/** Addresses of one operation: of a call, of a bracket, of a migration. */
export const VaRange = setOf(Va).as('range')

/** For each address of a range, one after the other. */
export const for_each_address = (range: SetOf<typeof Va>, body: (va: Id<'Va'>) => void): void => {
  ForEach(Va, (va) => If(range.has(va), () => body(va)))
}

/**
 * One address of a migration, src[i] and dst[i] of struct migrate_vma: a page there holds a reference, and is locked.
 * `migrate` is MIGRATE_PFN_MIGRATE; with it, and no page in src, the entry is a hole. `write` is MIGRATE_PFN_WRITE.
 */
export const MigrateEntry = struct('migrate_vma', {
  src: optional(Page),
  dst: optional(Page),
  migrate: Bool,
  write: Bool,
})

/** MIGRATE_VMA_SELECT_SYSTEM or MIGRATE_VMA_SELECT_DEVICE_PRIVATE: which pages a migration is about. */
export const MigrateSelect = oneOf('system', 'device').as('select')

/** The pages that migrate, and the parts of the kernel that work on them. All but `entry` are for a step. */
export interface MigratedPages {
  /** This thread's entry of a migration for the address. */
  readonly entry: (va: Id<'Va'>) => PlaceOf<typeof MigrateEntry>
  /** The references to a page. */
  readonly refcount: (page: Id<'Page'>) => Int
  /** The entries of page tables that refer to a page. */
  readonly mapcount: (page: Id<'Page'>) => Int
  /** The page is of device memory, which no CPU can address. */
  readonly is_zone_device_page: (page: Id<'Page'>) => Condition
  /** `args.fault_page`: the fault for which this thread migrates has a reference to the page. */
  readonly is_fault_page: (page: Id<'Page'>) => Condition
  /**
   * Whether that fault has locked the page, too; default: it has not. From 6.15 on it has (`folio_lock` of
   * `do_swap_page`), so that its migration neither locks nor unlocks the page.
   */
  readonly fault_has_lock?: Condition
  /** Takes the lock of the page if it is free, and says whether it was. */
  readonly folio_trylock: (page: Id<'Page'>) => Condition
  /** Gives the lock of the page back. */
  readonly folio_unlock: (page: Id<'Page'>) => Nothing
  /** One more reference. */
  readonly get_page: (page: Id<'Page'>) => Nothing
  /** One reference less; the last one frees the page. */
  readonly put_page: (page: Id<'Page'>) => Nothing
  /** One entry less counts in the mapcount. */
  readonly page_remove_rmap: (page: Id<'Page'>) => Nothing
  /** For a new entry: one more reference, and one more in the mapcount. */
  readonly map_page: (page: Id<'Page'>) => Nothing
}

/** One page table that may have entries of a page. */
export interface MigrationMapping {
  /** The entry of an address. */
  readonly pte: (va: Id<'Va'>) => PlaceOf<typeof SwapPte>
  /** For the labels of steps, where there is more than one: ` of the child`. */
  readonly of?: string
  /** Whether there is such a process; there is, if it is left out. */
  readonly exists?: Condition
}

/**
 * For a step, under the page table lock: the entry becomes a migration entry, if it leads to the page that this thread
 * migrates. The bracket around it is MMU_NOTIFY_CLEAR, which no driver may take for its own.
 *
 * @param pages what `migrateVma` was made of
 * @param pte the entry of the address
 */
export function try_to_migrate_one(
  { entry, page_remove_rmap, put_page }: Pick<MigratedPages, 'entry' | 'page_remove_rmap' | 'put_page'>,
  pte: PlaceOf<typeof SwapPte>,
  va: Id<'Va'>,
): void {
  const freeze = ({ page, write }: { readonly page: Id<'Page'>; readonly write: Condition }) =>
    IfSome(entry(va).src, (src) =>
      If(page.eq(src), () => {
        pte.set(SwapPte.migration({ page: src, write }))
        page_remove_rmap(src)
        put_page(src)
      }),
    )
  Match(pte, { device_private: freeze, present: freeze }, () => undefined)
}

/**
 * remove_migration_ptes(): each migration entry of the source becomes an entry of the destination, or of the source
 * again where it has not moved. Page table by page table: one that has none any more stays as it is.
 *
 * @param pages what `migrateVma` was made of
 * @param mappings in the order of the reverse map
 * @param restore_keeps_rights whether only what could be written before may be written again
 */
export function removeMigrationPtes(
  { entry, is_zone_device_page, map_page }: MigratedPages,
  mappings: readonly MigrationMapping[],
  restore_keeps_rights: Condition = yes,
) {
  return procedure(
    'remove_migration_ptes',
    [Va],
    (va) => {
      const remove_migration_pte = ({ pte, of = '' }: MigrationMapping): void => {
        Step(`remove_migration_pte()${of}: spin_lock(ptl): set_pte_at()`, () => {
          IfSome(entry(va).src, (src) =>
            IfIs(pte(va), 'migration', (frozen) =>
              If(frozen.page.eq(src), () => {
                const write = or(frozen.write, not(restore_keeps_rights))
                const restore = (page: Id<'Page'>): void => {
                  map_page(page)
                  If(is_zone_device_page(page), () => pte(va).set(SwapPte.device_private({ page, write }))).Else(() =>
                    pte(va).set(SwapPte.present({ page, write, dirty: no })),
                  )
                }
                If(and(entry(va).migrate, entry(va).dst.isSome), () => IfSome(entry(va).dst, restore)).Else(() =>
                  restore(src),
                )
              }),
            ),
          )
        })
      }
      for (const mapping of mappings) {
        if (mapping.exists === undefined) remove_migration_pte(mapping)
        else If(mapping.exists, () => remove_migration_pte(mapping))
      }
    },
    { source: '6.1 mm/migrate.c remove_migration_pte' },
  )
}
